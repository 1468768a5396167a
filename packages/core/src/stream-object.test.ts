import { getEventListeners } from "node:events";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { ModelError } from "./error.ts";
import { ModelReply } from "./model-reply.ts";
import { scriptedModel, text } from "../test/scripted-model.ts";
import type { Line } from "../test/scripted-model.ts";
import { streamObject } from "./stream-object.ts";

const schema = z.object({ name: z.string(), tags: z.array(z.string()) });
const messages = [{ role: "user", content: "Describe it." }] as const;
const good = '{"name":"Lisbon","tags":["sun","sea"]}';

/** Says the beginning of an answer, and then what `next` does. */
const begins =
  (said: string, next: () => Promise<never>): Line =>
  () => {
    let reads = 0;
    return ModelReply.open({
      pull: () =>
        reads++ > 0
          ? next()
          : Promise.resolve([
              { type: "start", model: "scripted-1" },
              { type: "text-delta", index: 0, text: said },
            ]),
    });
  };

const unhandled = vi.fn<(reason: unknown) => void>();
process.on("unhandledRejection", unhandled);
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve));
  const reasons = unhandled.mock.calls;
  unhandled.mockClear();
  if (reasons.length > 0) throw new Error("A rejection was left unhandled.", { cause: reasons[0] });
});

async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const copies: Value[] = [];
  for await (const value of values) copies.push(structuredClone(value));
  return copies;
}

describe("streamObject", () => {
  test("shows the value as it is being written, then gives it checked", async () => {
    const reply = await streamObject(scriptedModel([good], { piece: 10 }), { schema, messages });
    expect(await collect(reply.partials)).toEqual([
      { name: "L" },
      { name: "Lisbon" },
      { name: "Lisbon", tags: ["sun"] },
      { name: "Lisbon", tags: ["sun", "sea"] },
    ]);
    expect(await reply.object()).toEqual({ name: "Lisbon", tags: ["sun", "sea"] });
    expect(await reply.result()).toMatchObject({ content: [text(good)], attempts: [{ outcome: "finished" }] });
  });

  test("takes a list out of the object that it is asked for in, from the first item on", async () => {
    const model = scriptedModel(['{"value":["a","b"]}'], { piece: 3 });
    const reply = await streamObject(model, { schema: z.array(z.string()), messages });
    expect(await collect(reply.partials)).toEqual([["a"], ["a", ""], ["a", "b"]]);
    expect(await reply.object()).toEqual(["a", "b"]);
  });

  test("finds the object inside a fence", async () => {
    const reply = await streamObject(scriptedModel([`\`\`\`json\n${good}\n\`\`\``]), { schema, messages });
    expect((await collect(reply.partials)).at(-1)).toEqual({ name: "Lisbon", tags: ["sun", "sea"] });
    expect((await reply.object()).name).toBe("Lisbon");
  });

  test("needs nobody to read the partials", async () => {
    const reply = await streamObject(scriptedModel([good]), { schema, messages });
    expect(await reply.object()).toEqual(await reply.object());
  });

  test("goes on to the object after the loop over partials was left", async () => {
    const reply = await streamObject(scriptedModel([good]), { schema, messages });
    for await (const _ of reply.partials) break;
    expect((await reply.object()).tags).toEqual(["sun", "sea"]);
  });

  test("can be read by partials and by object at the same time", async () => {
    const reply = await streamObject(scriptedModel([good]), { schema, messages });
    const [object, partials] = await Promise.all([reply.object(), collect(reply.partials)]);
    expect(object.name).toBe("Lisbon");
    expect(partials.at(-1)).toEqual(object);
  });

  test("shows nothing that the object does not go on to say, however the answer is cut", async () => {
    const lists = fc.array(fc.record({ at: fc.string(), deep: fc.array(fc.integer()) }));
    await fc.assert(
      fc.asyncProperty(lists, fc.integer({ min: 1, max: 9 }), async (value, piece) => {
        const model = scriptedModel([JSON.stringify({ value })], { piece });
        const list = z.array(z.object({ at: z.string(), deep: z.array(z.number()) }));
        const reply = await streamObject(model, { schema: list, messages });
        for await (const partial of reply.partials) {
          partial.forEach(({ at = "", deep = [] }, place) => {
            expect(value[place]!.at.startsWith(at)).toBe(true);
            expect(value[place]!.deep.slice(0, deep.length)).toEqual(deep);
          });
        }
        expect(await reply.object()).toEqual(value);
      }),
      { numRuns: 30 },
    );
  });

  test("is quick with a long answer in many pieces", async () => {
    const value = Array.from({ length: 2_500 }, (_, at) => ({ at, name: `the item called ${at} of many` }));
    const said = JSON.stringify({ value });
    expect(said.length).toBeGreaterThan(110_000);
    const model = scriptedModel([said], { piece: 9 });
    const reply = await streamObject(model, {
      schema: z.array(z.object({ at: z.number(), name: z.string() })),
      messages,
    });
    const started = performance.now();
    let seen = 0;
    for await (const partial of reply.partials) seen = Math.max(seen, partial.length);
    expect(seen).toBe(2_500);
    // Thirteen thousand pieces: parsed anew for each they would take some ten seconds.
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test("rejects what fails before the first content", async () => {
    const asked = streamObject(scriptedModel([new ModelError("no", { code: "overloaded" })]), { schema, messages });
    await expect(asked).rejects.toMatchObject({ code: "overloaded", attempts: [{ outcome: "failed" }] });
  });

  test("throws what fails later to whoever reads, with what was said, and to nobody else", async () => {
    const cut = begins('{"name":"Lis', () => Promise.reject(new ModelError("gone", { code: "network" })));
    const failure = { code: "network", partial: { content: [text('{"name":"Lis')] }, attempts: [{}] };

    await streamObject(scriptedModel([cut]), { schema, messages });

    const read = await streamObject(scriptedModel([cut]), { schema, messages });
    await expect(collect(read.partials)).rejects.toMatchObject(failure);
    await expect(read.object()).rejects.toMatchObject(failure);
    await expect(read.result()).rejects.toMatchObject(failure);

    const both = await streamObject(scriptedModel([cut]), { schema, messages });
    const [first, second] = await Promise.allSettled([both.object(), collect(both.partials)]);
    expect(first).toMatchObject({ status: "rejected", reason: failure });
    expect(second).toMatchObject({ status: "rejected", reason: failure });
  });

  test("does not ask again for a broken answer, which has been seen; its attempts are on the error", async () => {
    const model = scriptedModel(['{"name":7}', good]);
    const reply = await streamObject(model, { schema, messages });
    expect((await collect(reply.partials)).at(-1)).toEqual({ name: 7 });
    await expect(reply.object()).rejects.toMatchObject({
      code: "parse",
      message: expect.stringMatching(/`name`/),
      attempts: [{ outcome: "finished" }],
    });
    expect(model.requests).toHaveLength(1);
    expect((await reply.result()).content).toEqual([text('{"name":7}')]);
  });

  test("ends at once when it is cancelled, or called off, under a validator that hangs", async () => {
    const never = schema.refine(() => new Promise<boolean>(() => {}));
    const reply = await streamObject(scriptedModel([good]), { schema: never, messages });
    const object = reply.object();
    await reply.result();
    setTimeout(() => reply.cancel(), 2);
    await expect(object).rejects.toMatchObject({ code: "aborted", attempts: [{}] });

    const off = new AbortController();
    const other = await streamObject(scriptedModel([good]), { schema: never, messages, signal: off.signal });
    const called = other.object();
    await other.result();
    setTimeout(() => off.abort(), 2);
    await expect(called).rejects.toMatchObject({ code: "aborted" });
    expect(getEventListeners(off.signal, "abort")).toEqual([]);
  });

  test("ends at once when it is cancelled under a hung read, or disposed of", async () => {
    const hangs = begins('{"name":"Lis', () => new Promise(() => {}));
    const model = scriptedModel([hangs]);
    const reply = await streamObject(model, { schema, messages });
    const partials = collect(reply.partials);
    setTimeout(() => reply.cancel(), 5);
    expect(await partials).toEqual([{ name: "Lis" }]);
    await expect(reply.object()).rejects.toMatchObject({ code: "aborted" });
    expect(model.requests[0]!.signal!.aborted).toBe(true);

    {
      await using _ = await streamObject(model, { schema, messages });
    }
    expect(model.requests[1]!.signal!.aborted).toBe(true);
  });
});
