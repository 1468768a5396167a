import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { AnyMiddleware } from "./callable.ts";
import { ModelError } from "./error.ts";
import { generateObject } from "./generate-object.ts";
import { answer, scriptedModel, text, toolCall } from "../test/scripted-model.ts";

const schema = z.object({ city: z.string(), degrees: z.number() });
const messages = [{ role: "user", content: "It is 21 degrees in Lisbon." }] as const;
const good = '{"city":"Lisbon","degrees":21}';

/** A layer that gives each attempt its price, as those that know prices do. */
const priced =
  (total: number): AnyMiddleware =>
  (model) =>
  (request) =>
    model.call({
      ...request,
      notify(notice) {
        if (notice.type === "attempt" && notice.attempt.outcome !== "running") {
          Object.assign(notice.attempt, { cost: { total } });
        }
        request.notify?.(notice);
      },
    });

describe("generateObject", () => {
  test("asks with the schema, and gives what the schema makes of the answer", async () => {
    const model = scriptedModel(['{"city":"Lisbon"}']);
    const { object, result } = await generateObject(model, {
      schema: z.object({ city: z.string().transform((name) => name.toUpperCase()), degrees: z.number().default(0) }),
      name: "weather",
      description: "The weather",
      messages,
      temperature: 0,
    });
    expect(object).toEqual({ city: "LISBON", degrees: 0 });
    expect(result).toMatchObject({ model: "scripted-1", finishReason: "stop", attempts: [{ outcome: "finished" }] });
    expect(model.requests[0]).toMatchObject({
      messages,
      temperature: 0,
      stream: false,
      output: { name: "weather", description: "The weather", schema: { type: "object", required: ["city"] } },
    });
    expect(model.requests[0]).not.toHaveProperty("schema");
  });

  test.each([
    ["a list", z.array(z.number()), [1, 2]],
    ["a scalar", z.number(), 7],
    ["a choice", z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]), { b: "x" }],
    ["null", z.null(), null],
  ])("asks for %s inside an object, and takes it out again", async (_, schema, value) => {
    const model = scriptedModel([JSON.stringify({ value })]);
    const { object } = await generateObject(model, { schema, messages });
    expect(object).toEqual(value);
    expect(model.requests[0]!.output!.schema).toMatchObject({ type: "object", required: ["value"] });
  });

  test.each([
    ["in a fence", `\`\`\`json\n${good}\n\`\`\``],
    ["in a fence between words", `Here you are:\n\`\`\`\n${good}\n\`\`\`\nAnything else?`],
    ["in a fence, itself holding fences", `\`\`\`json\n{"city":"\`\`\`","degrees":21}\n\`\`\``],
  ])("accepts JSON %s", async (_, said) => {
    const { object } = await generateObject(scriptedModel([said]), { schema, messages, repair: 0 });
    expect(object.degrees).toBe(21);
  });

  test.each([
    ["words before it", `Sure: ${good}`, /not JSON/],
    ["two fenced blocks", `\`\`\`\n${good}\n\`\`\`\n\`\`\`\n${good}\n\`\`\``, /not JSON/],
    ["nothing", " ", /is empty/],
    ["the bare value where it is asked for in an object", "null", /expected object, received null/],
  ])("does not guess at %s", async (_, said, message) => {
    const asked = generateObject(scriptedModel([said]), { schema, messages, repair: 0 });
    await expect(asked).rejects.toMatchObject({ code: "parse", message: expect.stringMatching(message) });
  });

  test("asks again once, with the broken answer and what was wrong with it; counts both attempts, and their cost", async () => {
    const model = scriptedModel([
      '{"city":"Lisbon","degrees":"warm"}',
      { ...answer(good), usage: { input: 30, output: 6 } },
    ]);
    const { object, result } = await generateObject(model.with(priced(100)), { schema, messages });
    expect(object).toEqual({ city: "Lisbon", degrees: 21 });
    expect(model.requests[1]!.messages).toEqual([
      ...messages,
      { role: "assistant", content: [text('{"city":"Lisbon","degrees":"warm"}')] },
      { role: "user", content: expect.stringMatching(/`degrees` Invalid input: expected number, received string/) },
    ]);
    expect(result.usage).toEqual({ input: 30, output: 6 });
    expect(result.attempts).toHaveLength(2);
    expect(result.cost).toEqual({ total: 200 });
  });

  test("tells the model where a place is, when the value is inside an object of ours", async () => {
    const model = scriptedModel(['{"value":["a",1]}', '{"value":["a","b"]}']);
    const { object } = await generateObject(model, { schema: z.array(z.string()), messages });
    expect(object).toEqual(["a", "b"]);
    expect(model.requests[1]!.messages.at(-1)!.content).toMatch(/\(inside `value`\): `\[1\]` .*expected string/);
  });

  test("does not repeat an empty answer, which providers refuse", async () => {
    const model = scriptedModel(["", good]);
    await generateObject(model, { schema, messages });
    expect(model.requests[1]!.messages.map(({ role }) => role)).toEqual(["user", "user"]);
  });

  test("gives up after the repairs, naming the first places, with the last answer and every attempt on the error", async () => {
    const model = scriptedModel(['{"city":1}', '{"city":2,"list":[]}', '{"city":3}']);
    const asked = generateObject(model.with(priced(7)), { schema, messages, repair: 2 });
    await expect(asked).rejects.toMatchObject({
      code: "parse",
      message: expect.stringMatching(/`city` .*expected string.*; `degrees` .*expected number/),
      partial: { content: [text('{"city":3}')], usage: { output: 5 } },
      attempts: [{}, {}, {}],
      cost: { total: 21 },
    });
  });

  test("names places inside lists, and counts the issues it does not name", async () => {
    const list = z.array(z.object({ n: z.number() }));
    const value = Array.from({ length: 9 }, () => ({ n: "x" }));
    const asked = generateObject(scriptedModel([JSON.stringify({ value })]), { schema: list, messages, repair: 0 });
    await expect(asked).rejects.toThrow(/`\[0\]\.n` .*`\[4\]\.n` .*; and 4 more/);
  });

  test.each([
    ["refusal", "content-filter", /refused/],
    ["content-filter", "content-filter", /filtered/],
    ["budget", "budget", /budget/],
    ["length", "parse", /limit of output tokens.*maxOutputTokens/],
  ] as const)(
    "fails at once, with the text kept, when the answer ends with %s",
    async (finishReason, code, message) => {
      const model = scriptedModel([{ content: [text('{"city":"Lis')], finishReason }, good]);
      await expect(generateObject(model, { schema, messages })).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
        partial: { content: [text('{"city":"Lis')], finishReason },
        attempts: [{}],
      });
      expect(model.requests).toHaveLength(1);
    },
  );

  test("takes an object that is whole, though the limit of tokens fell right after it", async () => {
    const model = scriptedModel([{ content: [text(good)], finishReason: "length" }]);
    expect((await generateObject(model, { schema, messages })).object.city).toBe("Lisbon");
  });

  test("says so when the model asks for tools instead", async () => {
    const model = scriptedModel([{ content: [toolCall("1", "weather", {})] }]);
    const asked = generateObject(model, { schema, messages });
    await expect(asked).rejects.toMatchObject({ code: "parse", message: expect.stringMatching(/runTools/) });
  });

  test("passes on what the model failed with", async () => {
    const model = scriptedModel([new ModelError("no", { code: "auth" })]);
    await expect(generateObject(model, { schema, messages })).rejects.toMatchObject({ code: "auth", attempts: [{}] });
  });

  test("does not blame the model, nor ask it again, when the schema throws", async () => {
    const model = scriptedModel([good]);
    const broken = schema.refine(() => {
      throw new TypeError("a fault of ours");
    });
    await expect(generateObject(model, { schema: broken, messages })).rejects.toMatchObject({
      code: "parse",
      message: expect.stringMatching(/schema threw/),
      cause: { message: "a fault of ours" },
    });
    expect(model.requests).toHaveLength(1);
  });

  test("takes a validator that answers later, and one that never does can be called off", async () => {
    const stop = new AbortController();
    const later = schema.refine(() => Promise.resolve(true));
    const timely = { schema: later, messages, signal: stop.signal, deadline: Date.now() + 60_000 };
    expect((await generateObject(scriptedModel([good]), timely)).object.degrees).toBe(21);
    expect(getEventListeners(stop.signal, "abort")).toEqual([]);

    const never = schema.refine(() => {
      setTimeout(() => stop.abort(), 5);
      return new Promise<boolean>(() => {});
    });
    const asked = generateObject(scriptedModel([good]), { schema: never, messages, signal: stop.signal });
    await expect(asked).rejects.toMatchObject({ code: "aborted" });
    expect(getEventListeners(stop.signal, "abort")).toEqual([]);
  });

  test.each([-1, 1.5, Number.NaN])("refuses %d repairs before anything is asked", async (repair) => {
    const model = scriptedModel([good]);
    await expect(generateObject(model, { schema, messages, repair })).rejects.toMatchObject({
      code: "invalid-request",
    });
    expect(model.requests).toHaveLength(0);
  });

  test("refuses a schema that no model can be told of, by name, before anything is asked", async () => {
    const model = scriptedModel([good]);
    const asked = generateObject(model, { schema: z.object({ at: z.date() }), name: "visit", messages });
    await expect(asked).rejects.toMatchObject({ code: "unsupported", message: expect.stringMatching(/"visit".*Date/) });
    expect(model.requests).toHaveLength(0);
  });
});
