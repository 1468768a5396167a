import { ModelError, textOf, toolCallsOf } from "@plugboard/core";
import type { ModelEvent } from "@plugboard/core";
import { afterEach, expect, test, vi } from "vitest";
import { eventFaults } from "../test-provider/event-faults.ts";
import { scripted, scriptedAs } from "./scripted.ts";

afterEach(() => void vi.useRealTimers());

async function read(reply: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of reply) events.push(event);
  return events;
}

test("plays an answer a call, the last one again and again", async () => {
  const model = scripted("one", ["t", "wo"]);
  const answers: string[] = [];
  for (let call = 0; call < 3; call++) answers.push(textOf(await model.generate(`question ${call}`)));
  expect(answers).toStrictEqual(["one", "two", "two"]);
  expect(model.requests.map(({ messages }) => messages[0]!.content)).toStrictEqual([
    "question 0",
    "question 1",
    "question 2",
  ]);
});

test("says every kind of part, in events that are in order", async () => {
  const source = { type: "source", url: "https://example.com" } as const;
  const model = scripted([
    { reasoning: "Hm, " },
    { reasoning: "well." },
    "It is ",
    { usage: { input: 3, output: 2 } },
    "warm.",
    { part: source },
    { toolCall: { name: "weather", input: { city: "Köln" } } },
    { toolCall: { id: "mine", name: "time", input: {} } },
  ]);
  const events = await read(await model.stream("How is it?"));
  expect(eventFaults(events, false)).toStrictEqual([]);

  const result = await model.generate("How is it?");
  expect(result).toMatchObject({ finishReason: "tool-calls", usage: { input: 3, output: 2 } });
  expect(result.content.slice(0, 3)).toStrictEqual([
    { type: "reasoning", text: "Hm, well." },
    { type: "text", text: "It is warm." },
    source,
  ]);
  expect(toolCallsOf(result).map(({ id, name, input }) => [id, name, input])).toStrictEqual([
    ["call_3", "weather", { city: "Köln" }],
    ["mine", "time", {}],
  ]);
});

test("ends as it is told to", async () => {
  const model = scripted(
    ["cut", { finish: "length" }],
    [{ finish: { finishReason: "refusal", usage: { output: 1 } } }, "never said"],
  );
  expect(await model.generate("a")).toMatchObject({ finishReason: "length", usage: {} });
  expect(await model.generate("b")).toMatchObject({ finishReason: "refusal", usage: { output: 1 }, content: [] });
});

test("fails by code, before the first content or after it", async () => {
  const model = scripted(
    { error: "rate-limit", status: 429, retryAfter: 2000, message: "Slow down." },
    ["half ", { error: "network" }],
    new RangeError("foreign"),
    ["half", { close: true }],
  );
  await expect(model.stream("a")).rejects.toMatchObject({
    code: "rate-limit",
    status: 429,
    retryAfter: 2000,
    message: "Slow down.",
    provider: "scripted",
  });
  const error: unknown = await read(await model.stream("b")).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "network", partial: { content: [{ type: "text", text: "half " }] } });
  await expect(model.generate("c")).rejects.toMatchObject({ code: "unknown", cause: new RangeError("foreign") });
  await expect(model.generate("d")).rejects.toMatchObject({ code: "truncated" });
  expect([model.open, model.cancelled]).toStrictEqual([0, 0]);
});

test("waits on the clock that is there", async () => {
  vi.useFakeTimers();
  const model = scripted(["a", { wait: 60_000 }, "b"]);
  const answer = model.generate("q");
  await vi.advanceTimersByTimeAsync(59_999);
  expect(model.open).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(textOf(await answer)).toBe("ab");
});

test.for(["abort", "cancel", "leave"] as const)("hangs until it is let go: by %s", async (how) => {
  const model = scripted(["a", { hang: true }]);
  const caller = new AbortController();
  const reply = await model.stream({ messages: [{ role: "user", content: "q" }], signal: caller.signal });
  expect(model.open).toBe(1);

  if (how === "leave") for await (const _ of reply) break;
  const rest = read(reply).catch(() => {});
  if (how === "abort") caller.abort();
  if (how === "cancel") reply.cancel();
  await rest;
  await vi.waitFor(() => expect([model.open, model.cancelled]).toStrictEqual([0, 1]));
});

test("does not count an answer as cancelled that came to its end", async () => {
  const model = scripted("done");
  await read(await model.stream("a"));
  await model.generate("b");
  expect([model.open, model.cancelled]).toStrictEqual([0, 0]);
});

test("asks a function what to answer", async () => {
  const model = scripted(({ messages }, call) => [`${call}: `, { wait: 0 }, JSON.stringify(messages[0]!.content)]);
  expect(textOf(await model.generate("first"))).toBe('0: "first"');
  expect(textOf(await model.generate("second"))).toBe('1: "second"');
});

test("has a name of its own when given one, and needs an answer", async () => {
  const model = scriptedAs({ provider: "openai", id: "gpt-4o" }, "Hello");
  expect([model.provider, model.id]).toStrictEqual(["openai", "gpt-4o"]);
  expect((await model.generate("q")).attempts).toMatchObject([
    { provider: "openai", model: "gpt-4o", outcome: "finished" },
  ]);
  expect(() => scripted()).toThrow(ModelError);
});
