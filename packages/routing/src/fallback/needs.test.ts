import { textOf } from "@plugboard/core";
import type { LimitsLookup, ModelLimits, ModelRequest, Notice, TokenCounter } from "@plugboard/core";
import { describe, expect, test, vi } from "vitest";
import { failureOf, scripted } from "../scripted-model.ts";
import type { Scripted } from "../scripted-model.ts";
import { fallback } from "./fallback.ts";
import type { FallbackOptions } from "./fallback.ts";
import type { AbilitiesLookup, TargetAbilities } from "./needs.ts";
import type { FallbackTarget } from "./target.ts";

const known: Readonly<Record<string, ModelLimits>> = {
  tiny: { context: 100 },
  small: { context: 1000, output: 500 },
  large: { context: 100_000, output: 4000 },
  split: { context: 100, input: 2000 },
};
const limits: LimitsLookup = ({ id }) => known[id];
/** A request of at least so many tokens. */
const long = (tokens: number): ModelRequest => ({ messages: [{ role: "user", content: "x".repeat(tokens * 6) }] });
const saying = (id: string): Scripted => scripted(id, [id]);
const full = (id: string): Scripted => scripted(id, [{ fails: "context-length" }]);

/** Who answers, and who was skipped for what. */
async function asked(
  models: readonly FallbackTarget[],
  request: ModelRequest,
  options: FallbackOptions,
): Promise<readonly [string, ...string[]]> {
  const notices: Notice[] = [];
  const result = await fallback(models, options).generate({ ...request, notify: (notice) => notices.push(notice) });
  const skipped = notices.flatMap((notice) =>
    notice.type === "skipped" ? [`${notice.model.id} ${notice.reason}: ${notice.error.message}`] : [],
  );
  return [textOf(result), ...skipped];
}

describe("a model is passed by, and said to be, when its context window is too small", () => {
  test("for the request", async () => {
    expect(await asked([saying("tiny"), saying("small")], long(101), { limits })).toEqual([
      "small",
      "tiny context: tiny takes 100 tokens of input, and the request has at least 101.",
    ]);
    expect(await asked([saying("tiny"), saying("small")], long(100), { limits })).toEqual(["tiny"]);
  });

  test("for the request and the answer that is asked for", async () => {
    const request = { ...long(700), maxOutputTokens: 400 };
    expect((await asked([saying("small"), saying("large")], request, { limits }))[0]).toBe("large");
  });

  test("unless its provider bounds the input by itself", async () => {
    expect(await asked([saying("split"), saying("large")], long(1900), { limits })).toEqual(["split"]);
  });

  test("not where nobody knows it, nor for blanks, of which a token can be many", async () => {
    expect(await asked([saying("unknown"), saying("large")], long(10 ** 6), { limits })).toEqual(["unknown"]);
    const blank: ModelRequest = { messages: [{ role: "user", content: " ".repeat(10_000) }] };
    expect(await asked([saying("tiny"), saying("large")], blank, { limits })).toEqual(["tiny"]);
  });

  test("by a count that is given, as far as it is sure", async () => {
    const models = (): Scripted[] => [saying("tiny"), saying("large")];
    const count = (bound: "exact" | "upper" | { error: number }, tokens = 110) => ({
      limits,
      count: async () => ({ tokens, bound }),
    });
    expect((await asked(models(), long(1), count("exact")))[0]).toBe("large");
    expect((await asked(models(), long(1), count("upper")))[0]).toBe("tiny");
    expect((await asked(models(), long(1), count({ error: 0.2 })))[0]).toBe("tiny");
    expect((await asked(models(), long(1), count({ error: 0.05 })))[0]).toBe("large");
  });

  test("as one for which the request was too long before", async () => {
    const models = [full("small"), saying("tiny"), saying("large")];
    expect(await asked(models, long(1), { limits })).toEqual([
      "large",
      "tiny context: tiny takes 100 tokens of input, and 1000 were too few before.",
    ]);
  });

  test("unless it gets a shorter request", async () => {
    const shorter = (request: ModelRequest): ModelRequest => ({ ...request, messages: request.messages.slice(-1) });
    const [small, tiny] = [full("small"), saying("tiny")];
    const request: ModelRequest = { messages: [...long(500).messages, { role: "user", content: "hello" }] };
    expect(await asked([small, { model: tiny, request: shorter }], request, { limits })).toEqual(["tiny"]);
    expect(tiny.requests[0]?.messages).toEqual([{ role: "user", content: "hello" }]);
  });

  test("all of those it stands in front of, or else not", async () => {
    const inner = fallback([saying("tiny"), saying("small")], { limits });
    expect((await asked([inner, saying("large")], long(500), { limits }))[0]).toBe("small");
    expect((await asked([inner, saying("large")], long(5000), { limits }))[0]).toBe("large");
  });
});

describe("a model is passed by when it cannot do what is asked", () => {
  const abilitiesOf =
    (known: TargetAbilities): AbilitiesLookup =>
    ({ id }) =>
      id === "a" ? known : undefined;
  const file = (mediaType: string) => ({ type: "file", mediaType, data: new Uint8Array([1]) }) as const;
  const hello = { messages: [{ role: "user", content: "hello" }] } as const;
  const tool = { name: "t", input: { type: "object" } } as const;
  const showing = (mediaType: string): ModelRequest => ({ messages: [{ role: "user", content: [file(mediaType)] }] });

  test.each<[string, TargetAbilities, ModelRequest, string?]>([
    ["tools", { tools: false }, { ...hello, tools: [tool] }, "a abilities: a calls no tools."],
    ["tools that may not be called", { tools: false }, { ...hello, tools: [tool], toolChoice: "none" }],
    ["tools, and nobody knows", {}, { ...hello, tools: [tool] }],
    ["images", { input: ["text"] }, showing("image/png"), "a abilities: a takes no image input."],
    ["images, which it takes", { input: ["text", "image"] }, showing("image/png")],
    ["a PDF", { input: ["text", "image"] }, showing("application/pdf"), "a abilities: a takes no pdf input."],
    ["plain text in a file", { input: ["text"] }, showing("text/plain")],
    ["images, and nobody knows", {}, showing("image/png")],
    ["an output schema, which adapters adapt", { tools: false, input: ["text"] }, { ...hello, output: {} }],
    [
      "an image that a tool gave",
      { input: ["text"] },
      {
        messages: [
          { role: "tool", content: [{ type: "tool-result", id: "1", name: "t", output: [file("image/png")] }] },
        ],
      },
      "a abilities: a takes no image input.",
    ],
  ])("%s", async (_, known, request, skipped) => {
    const said = await asked([saying("a"), saying("b")], request, { abilities: abilitiesOf(known) });
    expect(said).toEqual(skipped === undefined ? ["a"] : ["b", skipped]);
  });
});

test("where a request fits nobody, nobody is asked and the error says why", async () => {
  const models = [saying("tiny"), saying("small")];
  const error = await failureOf(fallback(models, { limits }).generate(long(1001)));
  expect(error).toMatchObject({ code: "context-length", attempts: [] });
  expect(error.message).toBe(
    "None of 2 models answered. script tiny: tiny takes 100 tokens of input, and the request has at least 1001. " +
      "script small: small takes 1000 tokens of input, and the request has at least 1001.",
  );
});

test("where the rest does not fit, the failure before is the one to act on", async () => {
  const error = await failureOf(
    fallback([scripted("large", [{ fails: "overloaded" }]), saying("tiny")], { limits }).generate(long(200)),
  );
  expect(error.code).toBe("overloaded");
  expect((error.cause as AggregateError).errors).toMatchObject([{ code: "overloaded" }, { code: "context-length" }]);
});

test("nobody is asked, nor told of, when the call is called off while it is counted", async () => {
  const controller = new AbortController();
  const count = (): { tokens: number; bound: "exact" } => {
    if (first.requests.length > 0) controller.abort();
    return { tokens: 1, bound: "exact" };
  };
  const first = scripted("small", [{ fails: "server" }]);
  const second = saying("large");
  const told: string[] = [];
  const notify = ({ type }: Notice): unknown => told.push(type);
  const answer = fallback([first, second], { limits, count }).generate({
    ...long(1),
    signal: controller.signal,
    notify,
  });
  expect((await failureOf(answer)).code).toBe("server");
  expect(second.requests).toEqual([]);
  expect(told).not.toContain("failover");
});

test("nothing is counted where nothing is known of a model", async () => {
  const count = vi.fn<TokenCounter>(() => ({ tokens: 1, bound: "exact" }));
  await fallback([saying("unknown")], { limits, count }).generate("hello");
  expect(count).not.toHaveBeenCalled();
});

test.each<[string, FallbackOptions]>([
  ["limits", { limits: oops }],
  ["abilities", { abilities: oops }],
  ["count", { limits, count: oops }],
  ["count, later,", { limits, count: () => Promise.reject(new Error("oops")) }],
])("nobody is passed by for `%s` that fails, and it is told", async (_, options) => {
  const notices: Notice[] = [];
  const model = fallback([full("small"), saying("large")], options);
  const { attempts } = await model.generate({ ...long(101), notify: (notice) => notices.push(notice) });
  expect(attempts).toHaveLength(2);
  const faults = notices.flatMap((notice) => (notice.type === "fault" ? [(notice.error as Error).message] : []));
  expect(new Set(faults)).toEqual(new Set(["oops"]));
});

function oops(): never {
  throw new Error("oops");
}
