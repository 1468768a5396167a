import type { Model, ModelRequest } from "@plugboard/core";
import { scripted } from "@plugboard/testing";
import { expect, test } from "vitest";
import type { LoggedCall } from "./logged-call.ts";
import { allOf, bytesOf } from "../all-of.ts";
import { readLog } from "./read-log.ts";
import { record } from "./record.ts";
import { replay } from "./replay.ts";

/** What a model said to questions, in order; a failure is part of it. */
async function recorded(model: Model, ...requests: readonly (string | ModelRequest)[]): Promise<LoggedCall[]> {
  const lines: string[] = [];
  const log = record({ write: async (more) => void lines.push(...more) });
  for (const request of requests)
    await model
      .with(log)
      .generate(request)
      .catch(() => {});
  await log.flush();
  return allOf(readLog(bytesOf(lines)));
}

const image = { type: "file" as const, mediaType: "image/png", data: Uint8Array.from([1, 2, 3]) };

test("answers as it was answered: parts, usage, and each of two answers to one question in turn", async () => {
  const calls = await recorded(
    scripted(["one", { usage: { input: 1 } }], { toolCall: { id: "c", name: "weather", input: { a: 1 } } }),
    "q",
    "q",
  );
  const model = replay(calls);
  expect(await model.generate("q")).toMatchObject({ content: [{ text: "one" }], usage: { input: 1 } });
  const events = await allOf(await model.stream("q"));
  expect(events.find(({ type }) => type === "part")).toMatchObject({
    part: { type: "tool-call", name: "weather", input: { a: 1 } },
  });
});

test("answers one question in the order in which it was asked, though the log has calls as they ended", async () => {
  const [first, second] = await recorded(scripted("first", "second"), "q", "q");
  const model = replay([
    { ...second!, started: 20, ended: 30 },
    { ...first!, started: 10, ended: 90 },
  ]);
  expect(await model.generate("q")).toMatchObject({ content: [{ text: "first" }] });
});

test("knows a question by all that is asked, files too, and not by who asks", async () => {
  const asked = { messages: [{ role: "user" as const, content: [image] }], temperature: 0.5 };
  const model = replay(await recorded(scripted("a"), asked));
  const other = { ...image, data: Uint8Array.from([9]) };
  await expect(model.generate({ ...asked, messages: [{ role: "user", content: [other] }] })).rejects.toMatchObject({
    code: "not-found",
  });
  await expect(model.generate({ ...asked, temperature: 0.6 })).rejects.toMatchObject({
    message: expect.stringContaining("`temperature`") as string,
  });
  await expect(model.generate({ ...asked, tags: { user: "ada" }, headers: { "x-trace": "1" } })).resolves.toMatchObject(
    { content: [{ text: "a" }] },
  );
});

test("says where the nearest question differs, and that one was asked once too often", async () => {
  const model = replay(
    await recorded(scripted("a"), {
      messages: [
        { role: "user", content: "a" },
        { role: "assistant", content: "b" },
        { role: "user", content: "c" },
      ],
    }),
  );
  const asked = {
    messages: [
      { role: "user" as const, content: "a" },
      { role: "assistant" as const, content: "b" },
      { role: "user" as const, content: "x" },
    ],
  };
  await expect(model.generate(asked)).rejects.toMatchObject({
    code: "not-found",
    message: expect.stringContaining("`messages[2].content`") as string,
  });
  const once = replay(await recorded(scripted("a"), "q"));
  await once.generate("q");
  await expect(once.generate("q")).rejects.toMatchObject({
    message: expect.stringContaining("recorded once") as string,
  });
});

test("fails as it failed", async () => {
  const model = replay(await recorded(scripted({ error: "rate-limit", status: 429, retryAfter: 2000 }), "q"));
  await expect(model.generate("q")).rejects.toMatchObject({ code: "rate-limit", status: 429, retryAfter: 2000 });
});

test("breaks off where a streamed answer broke off", async () => {
  const lines: string[] = [];
  const log = record({ write: async (more) => void lines.push(...more) });
  const broken = await scripted(["Hel", { error: "server" }])
    .with(log)
    .stream("q");
  await expect(broken.text()).rejects.toMatchObject({ code: "server" });
  await log.flush();
  const again = await replay(readLog(bytesOf(lines))).stream("q");
  let text = "";
  const read = (async () => {
    for await (const event of again) if (event.type === "text-delta") text += event.text;
  })();
  await expect(read).rejects.toMatchObject({ code: "server" });
  expect(text).toBe("Hel");
});

test("is lenient where it is told to: about settings, white space, repetition and what is new", async () => {
  const calls = await recorded(scripted("one", "two"), "What is it?", "And that?");
  const model = replay(calls, { mode: "lenient" });
  expect(
    await (await model.stream({ messages: [{ role: "user", content: "  what is\nit? " }], temperature: 1 })).text(),
  ).toBe("one");
  expect(await (await model.stream("What is it?")).text()).toBe("one");
  expect(await (await model.stream("Something new")).text()).toBe("two");
  await expect(model.generate("Something new again")).rejects.toMatchObject({ code: "not-found" });
});

test("asks for what is missing, which is there the next time if it was recorded", async () => {
  const lines: string[] = [];
  const log = record({ write: async (more) => void lines.push(...more) });
  const real = scripted("fresh");
  const model = replay(await recorded(scripted("old"), "known"), { mode: "record-missing", model: real.with(log) });
  expect(await (await model.stream("known")).text()).toBe("old");
  expect(await (await model.stream("new")).text()).toBe("fresh");
  expect(real.requests).toHaveLength(1);
  await log.flush();
  expect(await (await replay(readLog(bytesOf(lines))).stream("new")).text()).toBe("fresh");
});

test("takes as long as it took where it is asked to, and gives a stream word by word", async () => {
  const said = "One two  three\nfour.";
  const [call] = await recorded(scripted([{ reasoning: "Hm, well." }, said, { usage: { output: 9 } }]), "q");
  const timed = { ...call!, started: 0, firstContent: 40, ended: 160 };
  const began = performance.now();
  const reply = await replay([timed], { pace: "recorded" }).stream("q");
  const texts: { text: string; at: number }[] = [];
  for await (const event of reply)
    if (event.type === "text-delta") texts.push({ text: event.text, at: performance.now() - began });
  const took = performance.now() - began;
  expect(texts.map(({ text }) => text)).toStrictEqual(["One ", "two  ", "three\n", "four."]);
  expect(texts[0]!.at).toBeGreaterThanOrEqual(39);
  expect(texts[3]!.at - texts[0]!.at).toBeGreaterThan(10);
  // Timers may fire a millisecond early.
  expect(took).toBeGreaterThanOrEqual(158);
  const { attempts: _, cost: __, ...result } = await reply.result();
  expect(result).toStrictEqual(call!.result);

  const whole = performance.now();
  expect(await replay([timed], { pace: "recorded" }).generate("q")).toMatchObject({ usage: { output: 9 } });
  expect(performance.now() - whole).toBeGreaterThanOrEqual(158);
});

test("stops waiting when the call is let go", async () => {
  const [call] = await recorded(scripted("a"), "q");
  const model = replay([{ ...call!, started: 0, ended: 60_000 }], { pace: "recorded" });
  const signal = AbortSignal.timeout(20);
  const began = performance.now();
  await expect(model.generate({ messages: [{ role: "user", content: "q" }], signal })).rejects.toMatchObject({
    code: expect.stringMatching(/^(?:aborted|timeout)$/) as string,
  });
  expect(performance.now() - began).toBeLessThan(5000);
});
