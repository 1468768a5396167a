import { describe, expect, test } from "vitest";
import { parrot, parrotSample } from "./parrot.ts";
import type { ParrotDefects } from "./parrot.ts";
import { sampleFaults } from "./sample-faults.ts";
import { testProvider } from "./test-provider.ts";

const sayings = [
  { think: "Zwölf " },
  { think: "Nüsse" },
  { say: "Hello " },
  { say: "wörld 🥊 and everybody else " },
  { fly: { to: "Köln", height: 3 } },
  { fly: {} },
  { end: "tool-calls", usage: { input: 12, output: 9, reasoning: 3 } },
] as const;

const expected = {
  text: "Hello wörld 🥊 and everybody else ",
  reasoning: "Zwölf Nüsse",
  toolCalls: [
    { name: "fly", input: { to: "Köln", height: 3 } },
    { name: "fly", input: {} },
  ],
  finishReason: "tool-calls",
  usage: { inputTokens: 12, outputTokens: 9, cachedInputTokens: 0, reasoningTokens: 3 },
} as const;

const streamed = parrotSample(sayings, { expected });
const whole = parrotSample(sayings, { mode: "generate", expected });
const plain = [
  { say: "Hello " },
  { say: "again, and again, and again" },
  { end: "stop", usage: { input: 1 } },
] as const;
const refused = parrotSample([], {
  name: "refused",
  mode: "generate",
  status: 429,
  headers: { "retry-after": "2" },
  body: new TextEncoder().encode("Slow down."),
  expected: {
    finishReason: "error",
    error: { kind: ["rate-limit", "overloaded"], status: 429, retryAfterMs: 2000, retryable: true },
  },
});
const broken = parrotSample([{ say: "Hello " }, { error: "Too many parrots" }], {
  name: "an error in the stream",
  expected: { finishReason: "error", error: { kind: "overloaded" }, text: "Hello " },
});

testProvider("a sound adapter", parrot(), [
  streamed,
  whole,
  refused,
  broken,
  parrotSample(plain, {
    name: "a plain stream",
    expected: { finishReason: "stop", text: "Hello again, and again, and again" },
  }),
  parrotSample(plain, {
    name: "a plain body",
    mode: "generate",
    expected: { finishReason: "stop", text: "Hello again, and again, and again" },
  }),
]);

describe("names the rule that a broken adapter breaks, and the delivery", () => {
  const cases: readonly (readonly [ParrotDefects, RegExp])[] = [
    [{ bytesApart: true }, /^text: expected "Hello wörld.*\(delivered: one byte a chunk\)$/m],
    [{ lineFeedsOnly: true }, /^\w[\w ]*: .*\(delivered: CR line ends\)$/m],
    [{ keepsMark: true }, /^reasoning: expected "Zwölf Nüsse", got "Nüsse" \(delivered: a byte order mark first\)$/m],
    [
      { wantsSpace: true },
      /^error: rejected with `truncated`.*\(delivered: no space after `data:`, with ids and retry times\)$/m,
    ],
    [{ readsComments: true }, /^error: rejected with `parse`.*\(delivered: comments between and inside events\)$/m],
    [
      { endIsStop: true },
      /^cut: the answer claims `stop` though it never came whole \(delivered: cut between events before 60 %\)$/m,
    ],
    [{ partsDiffer: true }, /^deltas: add up to "Hello wörld 🥊 and everybody else ", the part is "Hello/m],
    [{ noUsage: true }, /^usage input: expected 12, got nothing/m],
    [{ asksTwice: true }, /^request: the fetch given was called 2 times/m],
    [{ sameIds: true }, /^tool calls: every call has an id of its own/m],
  ];

  test.for(cases)("%o", async ([defects, fault]) => {
    expect((await sampleFaults(parrot(defects), streamed)).join("\n")).toMatch(fault);
  });
});

test("names what is wrong with an error", async () => {
  expect(await sampleFaults(parrot({ everyErrorIsServer: true }), refused)).toStrictEqual([
    'error code: expected "rate-limit or overloaded", got "server" (Slow down.) (delivered: whole)',
  ]);
});

test("wants the answer, not an error, and an error, not an answer", async () => {
  const success = { ...streamed, expected: { finishReason: "error", error: { kind: "server" } } } as const;
  expect((await sampleFaults(parrot(), success)).join()).toMatch(/^error: answered with `tool-calls`/);
  const failure = { ...broken, expected: { text: "Hello " } };
  expect((await sampleFaults(parrot(), failure)).join()).toMatch(/^error: rejected with `overloaded`/);
});

test("holds a refusal to its text or its finish reason, and takes refusal for content-filter", async () => {
  const refusal = parrotSample([{ say: "No." }, { end: "refusal" }], {
    expected: { refusal: "No.", finishReason: "content-filter" },
  });
  expect(await sampleFaults(parrot(), refusal)).toStrictEqual([]);
  expect((await sampleFaults(parrot(), { ...streamed, expected: { refusal: "No." } })).join()).toMatch(/^refusal: /);
});

test("tells what is wrong with a request", async () => {
  const [fault] = await sampleFaults(parrot(), whole, {
    requestErrors: (body, url) => [`${url} got ${JSON.stringify(body)}`],
  });
  expect(fault).toBe(
    'request: https://parrot.invalid/ got {"stream":false,"messages":[{"role":"user","content":"Hello"}]} (delivered: whole)',
  );
});

test("does not wait for an adapter that never ends", async () => {
  const hanging = parrot();
  const faults = await sampleFaults((parts) => hanging({ ...parts, fetch: () => new Promise(() => {}) }), whole, {
    timeout: 20,
  });
  expect(faults).toStrictEqual(["end: no end within 20 ms (delivered: whole)"]);
});

test("drains an answer in every delivery, and names where that differs from what was read", async () => {
  let streams = 0;
  const faults = await sampleFaults((parts) => {
    const sound = parrot()(parts);
    return {
      ...sound,
      async stream(request) {
        const reply = await sound.stream(request);
        const result = reply.result.bind(reply);
        // Each delivery is read, and then drained: the second stream of the second delivery is spoiled.
        if (++streams === 4) reply.result = async () => ({ ...(await result()), finishReason: "length" });
        return reply;
      },
    };
  }, streamed);
  expect(faults).toStrictEqual([
    expect.stringMatching(
      /^drained: `result\(\)` gives .*"length".*\(delivered: random chunks, some of them empty\)$/s,
    ),
  ]);
});

test("drains an answer that fails, and wants the same failure", async () => {
  let streams = 0;
  const faults = await sampleFaults(
    (parts) => {
      streams++;
      return parrot(streams === 2 ? { readsComments: true, everyErrorIsServer: true } : {})(parts);
    },
    parrotSample([], {
      name: "refused",
      status: 429,
      body: new TextEncoder().encode("No."),
      expected: { finishReason: "error" },
    }),
  );
  expect(faults).toStrictEqual([expect.stringMatching(/^drained: .*"server".*"rate-limit".*\(delivered: whole\)$/)]);
});
