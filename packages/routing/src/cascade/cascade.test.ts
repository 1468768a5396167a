import { ModelError, defineModel } from "@plugboard/core";
import type { ModelRequest, Notice, Notices, PriceLookup } from "@plugboard/core";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { fallback } from "../fallback/fallback.ts";
import { failureOf, scripted } from "../scripted-model.ts";
import type { Step } from "../scripted-model.ts";
import type { Accept } from "./accept.ts";
import { agreeing } from "./agreeing.ts";
import { cascade } from "./cascade.ts";
import { likely } from "./likely.ts";
import { scored } from "./scored.ts";
import { validAs } from "./valid-as.ts";
import { verifiedBy } from "./verified-by.ts";

const no: Accept = () => ({ accepted: false, why: "looks wrong", score: 0.2 });
const price: PriceLookup = ({ input = 0, output = 0 }, { id }) => ({
  cost: { total: (input + output) * (id === "large" ? 100 : 1) },
});

/** Both models, and all that was told. */
function pair(
  small: readonly Step[] | ((request: ModelRequest, call: number) => readonly Step[]),
  large: readonly Step[] = ["large"],
) {
  const notices: Notice[] = [];
  const request: ModelRequest = {
    messages: [{ role: "user", content: "why?" }],
    notify: (notice) => notices.push(notice),
  };
  const told = <Type extends keyof Notices>(type: Type): readonly Notices[Type][] =>
    notices.filter((notice) => notice.type === type) as unknown as readonly Notices[Type][];
  return { small: scripted("small", small), large: scripted("large", large), request, told };
}

describe("an answer that is accepted", () => {
  test("is given, and nobody else is asked", async () => {
    const { small, large, request, told } = pair(["sky", " blue"]);
    const accept = vi.fn<Accept>(() => true);
    const result = await cascade([small, large], { accept, price }).generate(request);
    expect(result).toMatchObject({ model: "small", content: [{ type: "text", text: "sky blue" }], warnings: [] });
    expect(accept).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ question: "why?", answer: "sky blue", model: { provider: "script", id: "small" } }),
    );
    expect(large.requests).toHaveLength(0);
    expect(result.attempts).toEqual([
      expect.objectContaining({ outcome: "finished", choices: [{ by: "cascade", why: "it is asked first" }] }),
    ]);
    expect(told("cascaded")).toMatchObject([{ steps: [{ given: true, why: "was accepted", cost: 12 }] }]);
  });

  test("is streamed once it is judged; it is asked for whole, since nobody reads on", async () => {
    const { small, large, request } = pair(["sky", " blue"]);
    const reply = await cascade([small, large], { accept: () => true }).stream(request);
    expect(await reply.text()).toBe("sky blue");
    expect(small.requests[0]!.stream).toBe(false);
  });
});

describe("an answer that is not accepted", () => {
  test("is followed by that of the next model, as it comes, with reason and both costs", async () => {
    const { small, large, request, told } = pair(["hm"], ["a", "b"]);
    const reply = await cascade([small, large], { accept: no, price }).stream(request);
    expect(large.requests[0]!.stream).toBe(true);
    const result = await reply.result();
    expect(result.model).toBe("large");
    expect(result.attempts).toMatchObject([
      { model: "small", outcome: "finished" },
      { model: "large", outcome: "finished", choices: [{ by: "cascade", why: "small looks wrong" }] },
    ]);
    expect(told("escalated")).toEqual([
      {
        type: "escalated",
        from: { provider: "script", id: "small" },
        to: { provider: "script", id: "large" },
        why: "looks wrong",
        score: 0.2,
        spent: 11,
      },
    ]);
    expect(told("cascaded")).toMatchObject([
      {
        steps: [
          { model: { id: "small" }, given: false, why: "looks wrong", score: 0.2, cost: 11 },
          { model: { id: "large" }, given: true, why: "answers where nobody before it was trusted", cost: 1200 },
        ],
      },
    ]);
  });

  test("is given with a warning where nobody else can be asked", async () => {
    const { small, large, request } = pair(["hm"]);
    const limits = ({ id }: { readonly id: string }) => (id === "large" ? { context: 1 } : undefined);
    const result = await cascade([small, large], { accept: no, limits }).generate({
      ...request,
      messages: [{ role: "user", content: "word".repeat(50) }],
    });
    expect(result).toMatchObject({ model: "small", warnings: [{ code: "unaccepted" }] });
    expect(result.warnings[0]!.message).toBe(
      "The answer of small was not accepted, and nobody else answers: small looks wrong.",
    );
  });

  test("is not given where those after it fail", async () => {
    const { small, large, request } = pair(["hm"], [{ fails: "server" }]);
    const error = await failureOf(cascade([small, large], { accept: no }).generate(request));
    expect(error.code).toBe("server");
    expect(error.message).toContain("The answer of small is not accepted: small looks wrong.");
    expect(error.message).toContain("large said server.");
  });

  test("may be one of several, each judged in its own way", async () => {
    const { small, large, request } = pair(["hm"]);
    const medium = scripted("medium", ["fine"]);
    const model = cascade([small, { model: medium, accept: () => true }, large], { accept: no });
    expect((await model.generate(request)).model).toBe("medium");
    expect(large.requests).toHaveLength(0);
  });
});

test("a model that fails is followed by the next, and that is no escalation", async () => {
  const { small, large, request, told } = pair([{ fails: "server" }]);
  const result = await cascade([small, large], { accept: no, price }).generate(request);
  expect(result.attempts).toMatchObject([
    { outcome: "failed" },
    { choices: [{ by: "cascade", why: "small failed: small said server." }] },
  ]);
  expect(told("escalated")).toEqual([]);
  expect(told("cascaded")).toMatchObject([{ steps: [{ why: "failed: small said server." }, { given: true }] }]);
});

test("the last model needs nobody to accept it", async () => {
  const { small, large, request } = pair(["hm"]);
  expect((await cascade([{ model: small, accept: no }, large], { accept: [] }).generate(request)).model).toBe("large");
});

test("what fails within the last model is no failure of it, and what was not billed costs nothing", async () => {
  const { small, large, request, told } = pair(["hm"]);
  const busy = defineModel({
    provider: "script",
    id: "busy",
    call: () => Promise.reject(new ModelError("Busy.", { code: "overloaded", status: 429 })),
  });
  await cascade([small, fallback([busy, large])], { accept: no, price }).generate(request);
  expect(told("cascaded")[0]!.steps[1]).toMatchObject({
    given: true,
    why: "answers where nobody before it was trusted",
    attempts: [{ model: "busy", unbilled: true }, { model: "large" }],
    cost: 1100,
  });
});

test("what accepts an answer and fails accepts none, and is told", async () => {
  const { small, large, request, told } = pair(["hm"]);
  const accept = () => {
    throw new Error("broken");
  };
  expect((await cascade([small, large], { accept }).generate(request)).model).toBe("large");
  expect(told("fault")).toEqual([{ type: "fault", error: new Error("broken") }]);
  expect(told("escalated")).toMatchObject([{ why: "could not be judged: broken" }]);
});

test("of several that must accept, all do, in order, and the first that does not decides", async () => {
  const asked: string[] = [];
  const says = (name: string, accepted: boolean): Accept => {
    return () => {
      asked.push(name);
      return { accepted, why: name };
    };
  };
  const { small, large, request, told } = pair(["hm"]);
  await cascade([small, large], { accept: [says("a", true), says("b", false), says("c", true)] }).generate(request);
  expect(asked).toEqual(["a", "b"]);
  expect(told("escalated")).toMatchObject([{ why: "b" }]);
});

test.each([
  [1, no, "`cascade` needs at least two models; the list has 1"],
  [2, [], "`accept` must say when an answer of models[0] is trusted"],
] as const)("%j models with %j are refused", (count, accept, sentence) => {
  const { small, large } = pair(["hm"]);
  expect(() => cascade([small, large].slice(0, count), { accept })).toThrow(sentence);
});

describe("validAs", () => {
  const accept = validAs(z.object({ city: z.string() }));
  test.each([
    ['{"city":"Rome"}', "small"],
    ['{"city":7}', "large"],
    ["Rome", "large"],
  ])("%s is answered by %s", async (text, model) => {
    const { small, large, request } = pair([text]);
    expect((await cascade([small, large], { accept }).generate(request)).model).toBe(model);
  });
});

describe("agreeing", () => {
  const says = (...texts: readonly string[]) => {
    return pair((_, call) => [texts[call] === "server" ? { fails: "server" as const } : texts[call]!]);
  };
  const answer = async (options: Parameters<typeof agreeing>[0], ...texts: readonly string[]) => {
    const { small, large, request } = says(...texts);
    const result = await cascade([small, large], { accept: agreeing(options) }).generate(request);
    const [part] = result.content;
    return part?.type === "text" ? part.text : "";
  };

  test("gives the answer that most agree on, though it was not the first", async () => {
    expect(await answer({}, "Rome", "Paris", "paris.")).toBe("Paris");
    expect(await answer({ samples: 4, least: 2 }, "a", "b", "b", "a")).toBe("a");
  });

  test("asks the next model where too few agree, and one that fails agrees with none", async () => {
    expect(await answer({}, "Rome", "Paris", "Oslo")).toBe("large");
    expect(await answer({ samples: 4 }, "Rome", "Rome", "Oslo", "Paris")).toBe("large");
    expect(await answer({ least: 3 }, "Rome", "Rome", "Oslo")).toBe("large");
    expect(await answer({}, "Rome", "server", "server")).toBe("large");
    expect(await answer({}, "Rome", "server", "Rome")).toBe("Rome");
  });

  test("goes by what of an answer is to be the same", async () => {
    const key = ({ content: [part] }: { readonly content: readonly unknown[] }) =>
      /\d+$/.exec((part as { readonly text: string }).text)?.[0] ?? "";
    expect(await answer({ key }, "I say 7", "So, 7", "no")).toBe("I say 7");
  });

  test("counts its samples among the attempts, and in what the step cost", async () => {
    const { small, large, request, told } = says("a", "b", "c");
    const result = await cascade([small, large], { accept: agreeing(), price }).generate(request);
    expect(result.attempts!.map(({ model }) => model)).toEqual(["small", "small", "small", "large"]);
    expect(told("escalated")).toMatchObject([
      { why: "gave 3 different answers in 3 of 3 tries, and 1 agree", score: 1 / 3, spent: 33 },
    ]);
  });

  test("tells answers apart by the tools that they call", async () => {
    const calls = (city: string): readonly Step[] => [
      { type: "tool-call-start", index: 0, id: "1", name: "weather" },
      { type: "tool-call-delta", index: 0, text: JSON.stringify({ city }) },
      { type: "part", index: 0, part: { type: "tool-call", id: "1", name: "weather", input: { city } } },
    ];
    const asked = async (...cities: readonly string[]) => {
      const { small, large, request } = pair((_, call) => calls(cities[call]!));
      return (await cascade([small, large], { accept: agreeing() }).generate(request)).model;
    };
    expect([await asked("Rome", "Oslo", "Paris"), await asked("Rome", "Oslo", "Rome")]).toEqual(["large", "small"]);
  });

  test("that is called off while it samples ends the call", async () => {
    const stop = new AbortController();
    const { small, large, request } = pair((_, call) => {
      if (call > 0) stop.abort();
      return ["a"];
    });
    const model = cascade([small, large], { accept: agreeing() });
    expect((await failureOf(model.generate({ ...request, signal: stop.signal }))).code).toBe("aborted");
    expect(large.requests).toHaveLength(0);
  });

  test("leaves a seed out, and warms up what is asked at 0", async () => {
    const { small, large, request } = says("a", "a", "a");
    const accept = agreeing();
    await cascade([small, large], { accept }).generate({ ...request, temperature: 0, seed: 1 });
    expect(small.requests.map(({ temperature, seed }) => [temperature, seed])).toEqual([
      [0, 1],
      [0.7, undefined],
      [0.7, undefined],
    ]);
  });

  test("accepts when so many agree, whatever they say", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom("a", "b", "c"), { minLength: 3, maxLength: 3 }), async (texts) => {
        const most = Math.max(...["a", "b", "c"].map((one) => texts.filter((text) => text === one).length));
        const given = await answer({}, ...texts);
        expect(given === "large").toBe(most < 2);
        expect(given === "large" || texts.filter((text) => text === given).length >= 2).toBe(true);
      }),
    );
  });

  test.each([[{ samples: 1 }], [{ samples: 3, least: 4 }], [{ samples: 3, least: 1 }], [{ samples: 2.5 }]])(
    "%j is refused",
    (options) => {
      expect(() => agreeing(options)).toThrow(/must be a whole number/);
    },
  );
});

describe("likely", () => {
  const finish = (provider: string, data: object) => [
    "x",
    { finishReason: "stop", usage: {}, providerData: { [provider]: data } } as Step,
  ];
  const list = [
    { token: "x", logprob: -0.1 },
    { token: "y", logprob: -0.5 },
  ];

  test.each([
    [{ least: -0.31 }, finish("openai", { logprobs: list }), "small"],
    [{ least: -0.29 }, finish("openai", { logprobs: list }), "large"],
    [{ least: -0.5, of: "least" }, finish("openai", { logprobs: list }), "small"],
    [{ least: -0.4, of: "least" }, finish("openai", { logprobs: list }), "large"],
    [{ least: -0.2 }, finish("google", { avgLogprobs: -0.1 }), "small"],
    [{ least: -0.2 }, finish("google", { avgLogprobs: -0.3 }), "large"],
    [
      { least: -0.2, of: "least" },
      finish("google", { logprobsResult: { chosenCandidates: [{ logProbability: -0.3 }] } }),
      "large",
    ],
  ] as const)("%j of %j is answered by %s", async (options, steps, model) => {
    const { small, large, request } = pair(steps);
    expect((await cascade([small, large], { accept: likely(options) }).generate(request)).model).toBe(model);
  });

  test("trusts nothing where there are no log-probabilities, and says so", async () => {
    const { small, large, request, told } = pair(["x"]);
    expect((await cascade([small, large], { accept: likely({ least: -1 }) }).generate(request)).model).toBe("large");
    expect(told("fault")).toMatchObject([{ error: { code: "unsupported" } }]);
  });
});

describe("verifiedBy", () => {
  test.each([
    ["Yes.", "small"],
    ["**yes**, it is", "small"],
    ["No, it is not.", "large"],
    ["yesterday", "large"],
  ])("%s is answered by %s", async (said, model) => {
    const judge = scripted("judge", [said]);
    const { small, large, request, told } = pair(["sky"]);
    const result = await cascade([small, large], { accept: verifiedBy(judge), price }).generate({
      ...request,
      tags: { user: "ada" },
      headers: { "x-only": "small" },
    });
    expect(judge.requests[0]!.headers).toBeUndefined();
    expect(result.model).toBe(model);
    expect(judge.requests[0]!.messages[0]!.content).toContain(
      "<question>\nwhy?\n</question>\n\n<answer>\nsky\n</answer>",
    );
    expect(judge.requests[0]!.tags).toEqual({ user: "ada" });
    expect(result.attempts!.map(({ model: asked }) => asked).slice(0, 2)).toEqual(["small", "judge"]);
    expect(told("cascaded")[0]!.steps[0]).toMatchObject({ cost: 22 });
  });

  test("that fails verifies nothing", async () => {
    const { small, large, request } = pair(["sky"]);
    const judge = scripted("judge", [{ fails: "server" }]);
    expect((await cascade([small, large], { accept: verifiedBy(judge) }).generate(request)).model).toBe("large");
  });
});

describe("scored", () => {
  test.each([
    [0.8, "small"],
    [0.79, "large"],
    [NaN, "large"],
  ])("a score of %d against 0.8 is answered by %s", async (score, model) => {
    const { small, large, request } = pair(["sky"]);
    const acceptor = { threshold: 0.8, score: vi.fn<(question: string, answer: string) => number>(() => score) };
    expect((await cascade([small, large], { accept: scored(acceptor) }).generate(request)).model).toBe(model);
    expect(acceptor.score).toHaveBeenCalledExactlyOnceWith("why?", "sky");
  });

  test("a threshold that is no number is refused", () => {
    expect(() => scored({ threshold: NaN, score: () => 1 })).toThrow("`threshold` must be a number");
  });
});

test("being called off while judging ends the call", async () => {
  const { small, large, request } = pair(["sky"]);
  const stop = new AbortController();
  const accept: Accept = async ({ ask, request: asked }) => {
    stop.abort();
    await ask(asked);
    return true;
  };
  const error = await failureOf(cascade([small, large], { accept }).generate({ ...request, signal: stop.signal }));
  expect(error.code).toBe("aborted");
  expect(large.requests).toHaveLength(0);
});
