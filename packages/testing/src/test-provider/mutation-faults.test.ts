import { ModelReply, defineModel } from "@plugboard/core";
import type { ModelResult } from "@plugboard/core";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../seeded-random.ts";
import { mutationFaults } from "./mutation-faults.ts";
import { jsonIn, mutated, piecesOf } from "./mutations.ts";
import { parrot, parrotSample } from "./parrot.ts";
import type { CreateProvider } from "./sample-faults.ts";

const samples = [
  parrotSample([{ say: "Hello " }, { say: "wörld" }, { end: "stop", usage: { input: 3, output: 2 } }], {
    expected: { text: "Hello wörld" },
  }),
  parrotSample([{ think: "Why?" }, { say: "Because." }, { end: "stop" }], {
    name: "thoughts",
    expected: { text: "Because." },
  }),
];

/** Answers whatever comes in the same way. */
function deaf(result: Partial<ModelResult>): CreateProvider {
  return ({ model }) =>
    defineModel({
      provider: "parrot",
      id: model,
      call: () =>
        Promise.resolve(
          ModelReply.of({ model, content: [], finishReason: "stop", usage: {}, warnings: [], ...result }),
        ),
    });
}

async function faultsOf(create: CreateProvider, count = 20): Promise<string> {
  return (await mutationFaults(create, samples, { count, timeout: 50 })).faults.join("\n");
}

describe("names the rule that a broken adapter breaks by spoiled bytes", () => {
  test("a text that no event said", async () => {
    expect(await faultsOf(deaf({ content: [{ type: "text", text: "Polly wants a cracker" }] }))).toMatch(
      /^text: no event said "Polly wants a cracker" \(.*, seed 1, number \d+: .*\)$/m,
    );
  });

  test("a text that is lost though nothing of it was touched", async () => {
    expect(await faultsOf(deaf({}), 100)).toMatch(/^text: nothing of it was touched, and it is "" \(/m);
  });

  test("what is no text, taken for one", async () => {
    // This parrot believes that every member is of the type that it should be.
    expect(await faultsOf(parrot())).toMatch(/^text: no event said "true" \(.*: true at say of event 1\)$/m);
  });

  test("errors that are no ModelError", async () => {
    const throwing: CreateProvider = () => {
      throw new TypeError("Cannot read properties of undefined");
    };
    expect(await faultsOf(throwing)).toMatch(/^error: rejected with TypeError[^]*which is no ModelError/);
  });

  test("an answer that never ends", async () => {
    const sound = parrot();
    expect(await faultsOf((parts) => sound({ ...parts, fetch: () => new Promise(() => {}) }), 2)).toMatch(/^hang: /m);
  });

  test("a rejection that nobody handles", async () => {
    const sound = parrot();
    const stray: CreateProvider = (parts) => {
      void Promise.reject(new Error("stray"));
      return sound(parts);
    };
    expect(await faultsOf(stray, 1)).toMatch(/^rejection: nobody handled Error: stray/m);
  });

  test("parts that are not what their deltas say", async () => {
    expect(await faultsOf(parrot({ partsDiffer: true }))).toMatch(/^deltas: add up to "Hello /m);
  });

  test("counts that cannot be", async () => {
    expect(await faultsOf(deaf({ usage: { input: -1 } }))).toMatch(/^usage input: it is -1/m);
    expect(await faultsOf(deaf({ usage: { output: Infinity } }))).toMatch(/^usage output: it is Infinity/m);
    expect(await faultsOf(deaf({ usage: { input: 1, cachedInput: 2 } }))).toMatch(/^usage cachedInput: 2 of 1/m);
  });

  test("a call without an id", async () => {
    const content = [{ type: "tool-call", id: "", name: "fly", input: {} }] as const;
    expect(await faultsOf(deaf({ content, finishReason: "tool-calls" }))).toMatch(/^tool calls: the id ""/m);
  });
});

test("spoils in the same way again, and in others with another seed", () => {
  const bodies = (seed: number): string[] =>
    Array.from({ length: 50 }, (_, number) =>
      Buffer.from(mutated(samples, seededRandom(seed + number)).body).toString("latin1"),
    );
  expect(bodies(7)).toStrictEqual(bodies(7));
  expect(bodies(7)).not.toStrictEqual(bodies(7007));
});

test("takes bodies apart into events and puts them together again", () => {
  const [sample] = samples;
  const pieces = piecesOf(sample!.body, "sse");
  expect(pieces.map((piece) => jsonIn(piece, "sse"))).toMatchObject([
    { say: "Hello " },
    { say: "wörld" },
    { end: "stop" },
  ]);
  expect(Buffer.concat(pieces)).toStrictEqual(Buffer.from(sample!.body));
});
