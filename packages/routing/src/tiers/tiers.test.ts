import { ModelError } from "@plugboard/core";
import type { ModelErrorCode, ModelKey, ModelRequest, Notice, PriceLookup } from "@plugboard/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cascade } from "../cascade/cascade.ts";
import { verifiedBy } from "../cascade/verified-by.ts";
import { fallback } from "../fallback/fallback.ts";
import { failureOf, scripted } from "../scripted-model.ts";
import type { Scripted, Step } from "../scripted-model.ts";
import { tiers } from "./tiers.ts";
import type { TiersOptions } from "./tiers.ts";

const here = (id: string) => ({ fingerprint: `script:${id}@http://127.0.0.1:11434#chat/1` });
const away = (id: string) => ({ fingerprint: `script:${id}@https://api.example.com#chat/1` });

function made(steps: Partial<Record<"gpt" | "claude" | "mini" | "llama", readonly Step[]>> = {}) {
  return {
    gpt: scripted("gpt", steps.gpt ?? ["gpt"], away("gpt")),
    claude: scripted("claude", steps.claude ?? ["claude"], away("claude")),
    mini: scripted("mini", steps.mini ?? ["mini"], away("mini")),
    llama: scripted("llama", steps.llama ?? ["llama"], here("llama")),
  };
}

function three(models: ReturnType<typeof made>, options?: TiersOptions) {
  const { gpt, claude, mini, llama } = models;
  return tiers({ frontier: [gpt, claude], production: mini, edge: llama }, options);
}

const ask = (tags: Record<string, string> = {}, more: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [{ role: "user", content: "hello" }],
  tags,
  ...more,
});
const asked = (...models: readonly Scripted[]): string[] =>
  models.filter(({ requests }) => requests.length > 0).map(({ id }) => id);

/** It may fail, in the one way in which things fail. */
function mayFail(error: unknown): void {
  if (!(error instanceof ModelError)) throw error;
}

/** Dollars per million tokens of output, by model. */
const priced =
  (dollars: Readonly<Record<string, number>>): PriceLookup =>
  ({ output = 0 }, { id }) =>
    dollars[id] === undefined ? { missing: ["model"] } : { cost: { total: output * dollars[id] * 1000 } };

describe("where a request goes", () => {
  test("to the tier that its tag names, otherwise to production", async () => {
    const model = three(made());
    const answered = async (tags?: Record<string, string>) => (await model.generate(ask(tags))).model;
    expect([await answered(), await answered({ tier: "frontier" }), await answered({ tier: "edge" })]).toEqual([
      "mini",
      "gpt",
      "llama",
    ]);
  });

  test("to the first tier where none is called production, and to the default that is given", async () => {
    const { gpt, mini } = made();
    expect((await tiers({ large: gpt, small: mini }).generate(ask())).model).toBe("gpt");
    expect((await tiers({ large: gpt, small: mini }, { default: "small" }).generate(ask())).model).toBe("mini");
  });

  test("to the next model of the tier when one fails, and no further", async () => {
    const models = made({ gpt: [{ fails: "server" }], claude: [{ fails: "overloaded" }] });
    const error = await failureOf(three(models).generate(ask({ tier: "frontier" })));
    expect(error.code).toBe("server");
    expect(asked(...Object.values(models))).toEqual(["gpt", "claude"]);
  });

  test.each([
    ["down", "mini"],
    ["up", "gpt"],
  ] as const)("to the tiers %s, where that is asked for", async (fall, answers) => {
    const models = made({
      mini: fall === "up" ? [{ fails: "server" }] : ["mini"],
      gpt: fall === "down" ? [{ fails: "server" }] : ["gpt"],
    });
    const { gpt, mini, llama } = models;
    const model = tiers({ frontier: gpt, production: mini, edge: llama }, { fall });
    const result = await model.generate(ask({ tier: fall === "up" ? "production" : "frontier" }));
    expect(result.model).toBe(answers);
    expect(result.attempts).toHaveLength(2);
    expect(result.attempts![1]).toMatchObject({
      choices: [
        {
          by: "tiers",
          why: fall === "up" ? "frontier comes after production" : "production comes after frontier",
        },
      ],
    });
  });

  test("to nobody where the tag names no tier, with those that there are", async () => {
    const models = made();
    const error = await failureOf(three(models).generate(ask({ tier: "best" })));
    expect(error).toMatchObject({ code: "invalid-request" });
    expect(error.message).toBe('There is no tier "best"; these are: frontier, production, edge.');
    expect(asked(...Object.values(models))).toEqual([]);
  });

  test("to a model once, however often it is listed", async () => {
    const { gpt, mini } = made({ gpt: [{ fails: "server" }] });
    const model = tiers({ high: [gpt, gpt], low: [gpt, mini] }, { fall: "down", cooldown: false });
    expect((await model.generate(ask())).model).toBe("mini");
    expect(gpt.requests).toHaveLength(1);
    expect(model.explain("hello").models.map(({ tier, model: { id } }) => `${tier} ${id}`)).toEqual([
      "high gpt",
      "low gpt",
      "low mini",
    ]);
  });

  test("by what stands in its tags alone", async () => {
    expect((await three(made(), { tag: "constructor" }).generate(ask())).model).toBe("mini");
  });

  test("to one tier through `at`, whatever the tag says", async () => {
    const model = three(made());
    expect((await model.at("edge").generate(ask({ tier: "frontier" }))).model).toBe("llama");
    expect(model.at("edge")).toBe(model.at("edge"));
    expect(() => model.at("best")).toThrow(/no tier "best"/);
    expect(model.at("edge").fingerprint).not.toBe(model.at("frontier").fingerprint);
  });

  test("is told, and stands on the attempt", async () => {
    const notices: Notice[] = [];
    const result = await three(made()).generate(ask({ tier: "edge" }, { notify: (notice) => notices.push(notice) }));
    expect(notices[0]).toEqual({
      type: "tier",
      tier: "edge",
      because: "asked",
      models: [{ provider: "script", id: "llama" }],
    });
    expect(result.attempts).toEqual([
      expect.objectContaining({ model: "llama", choices: [{ by: "tiers", why: "edge was asked for" }] }),
    ]);
  });
});

describe("rules", () => {
  const limits = ({ id }: ModelKey) => (id === "gpt" ? { context: 8000 } : { context: 200_000 });
  const abilities = ({ id }: ModelKey) => ({
    tools: id !== "gpt",
    input: id === "claude" ? ["text", "image"] : ["text"],
  });

  test.each([
    [{ context: 100_000 }, "frontier.context", "has 8000 tokens of context, and 100000 are required"],
    [{ abilities: ["tools"] }, "frontier.abilities", "is not known to have tools"],
    [
      { price: { output: 10 } },
      "frontier.price.output",
      "costs $30 per million tokens of output, and $10 is the ceiling",
    ],
    [{ price: { input: 10, output: 30 } }, undefined, undefined],
    [{ context: 8000 }, undefined, undefined],
  ] as const)("%j leaves out who breaks it", async (rules, rule, why) => {
    const { gpt, claude } = made();
    const price = priced({ gpt: 30, claude: 9 });
    const model = tiers({ frontier: { models: [gpt, claude], ...rules } }, { limits, abilities, price });
    expect(model.explain("hello").models[0]).toEqual({
      tier: "frontier",
      model: { provider: "script", id: "gpt" },
      ...(rule && { rule, why }),
    });
    expect((await model.generate("hello")).model).toBe(rule ? "claude" : "gpt");
  });

  test("that nobody keeps are named, each with whom they leave out", async () => {
    const { gpt, claude } = made();
    const rules = { abilities: ["image"], price: { output: 5 } } as const;
    const model = tiers({ frontier: { models: [gpt, claude], ...rules } }, { abilities });
    const error = await failureOf(model.generate("hello"));
    expect(error.code).toBe("unsupported");
    expect(error.message).toBe(
      "No model of the tier frontier may be asked. gpt is not known to have image (frontier: abilities). " +
        "claude has a price that is not known (frontier: price.output).",
    );
    expect(asked(gpt, claude)).toEqual([]);
  });

  test("are kept by every model that one stands in front of", async () => {
    const { gpt, claude, mini } = made();
    const model = tiers({ frontier: { models: [fallback([claude, gpt]), mini], abilities: ["tools"] } }, { abilities });
    expect((await model.generate("hello")).model).toBe("mini");
  });

  test("what the request needs leaves out models, too", async () => {
    const models = made();
    const file = { type: "file", mediaType: "image/png", data: new Uint8Array(1) } as const;
    const request = ask({ tier: "frontier" }, { messages: [{ role: "user", content: [file] }] });
    expect((await three(models, { abilities }).generate(request)).model).toBe("claude");
    const error = await failureOf(three(models, { abilities }).generate({ ...request, tags: { tier: "edge" } }));
    expect(error.message).toContain("llama takes no image input (edge: what the request needs)");
  });

  test("a request that is too long for all fails before anyone is asked", async () => {
    const models = made();
    const request = ask({ tier: "edge" }, { messages: [{ role: "user", content: "word".repeat(20_000) }] });
    const error = await failureOf(three(models, { limits: () => ({ context: 8000 }) }).generate(request));
    expect(error.code).toBe("unsupported");
    expect(error.message).toContain("(edge: the length of the request)");
    expect(asked(...Object.values(models))).toEqual([]);
  });

  test("a look-up that throws knows nothing, and is told", async () => {
    const notices: Notice[] = [];
    const limits = () => {
      throw new Error("down");
    };
    await three(made(), { limits }).generate(ask({}, { notify: (notice) => notices.push(notice) }));
    expect(notices).toContainEqual({ type: "fault", error: new Error("down") });
  });

  test.each([
    [{}, "needs at least one tier"],
    [{ edge: [] }, "`edge.models` needs at least one model"],
    [{ edge: { models: made().llama, privat: true } }, '`edge` has no rule "privat"'],
    [{ edge: { models: made().llama, context: -1 } }, "`edge.context` must be a number of at least 1"],
    [{ edge: { models: made().llama, price: { output: NaN } } }, "`edge.price.output` must be"],
    [{ edge: { models: made().llama, firstTokenMs: { p95: -1 } } }, "`edge.firstTokenMs.p95` must be"],
    [{ edge: { models: made().llama, abilities: ["fly"] } }, '"fly" is none of them'],
    [{ edge: { models: made().llama, local: "yes" } }, "`edge.local` must be"],
    [{ edge: { models: made().gpt, local: true } }, "gpt is not on this machine"],
    [{ edge: { models: scripted("x", []), local: true } }, "x has no address that says where it is"],
  ])("%j is refused", (entries, sentence) => {
    expect(() => tiers(entries as never)).toThrow(sentence);
  });

  test.each([
    [{ default: "best" }, "`default` must be one of frontier, production, edge"],
    [{ fall: "away" }, "`fall` must be"],
    [{ onBudget: "pay" }, "`onBudget` must be"],
  ])("options %j are refused", (options, sentence) => {
    expect(() => three(made(), options as never)).toThrow(sentence);
  });
});

describe("a ceiling of latency", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("leaves out who is too slow of late, and tries him again once that is old", async () => {
    const [slow, quick] = [scripted("slow", [{ wait: 900 }, "a"]), scripted("quick", [{ wait: 100 }, "b"])];
    const model = tiers({ production: { models: [slow, quick], firstTokenMs: { p95: 800 } } });
    async function answered(): Promise<string> {
      const reply = model.stream("hello").then((reply) => reply.result());
      await vi.advanceTimersByTimeAsync(1000);
      return (await reply).model;
    }
    for (let time = 0; time < 20; time++) expect(await answered()).toBe("slow");
    expect(await answered()).toBe("quick");
    expect(model.explain("hello").models[0]).toMatchObject({
      rule: "production.firstTokenMs",
      why: "has its first content after 900 ms (p95), and 800 ms is the ceiling",
    });
    await vi.advanceTimersByTimeAsync(300_000);
    expect(await answered()).toBe("slow");
  });

  test("counts who ran out of time as having taken that long", async () => {
    const [stuck, quick] = [scripted("stuck", [{ wait: 900 }, { fails: "timeout" }]), scripted("quick", ["b"])];
    const production = { models: [stuck, quick], firstTokenMs: { p95: 800 } };
    const model = tiers({ production }, { cooldown: false });
    for (let time = 0; time < 21; time++) {
      const reply = model.stream("hello").then((reply) => reply.result());
      await vi.advanceTimersByTimeAsync(1000);
      await reply;
    }
    expect(stuck.requests).toHaveLength(20);
  });
});

describe("what must not leave this machine", () => {
  test("goes to what runs on it, by itself", async () => {
    const models = made();
    const result = await three(models).generate(ask({ privacy: "Edge only" }));
    expect(result.model).toBe("llama");
    expect(result.attempts![0]!.choices).toEqual([{ by: "tiers", why: "edge is on this machine" }]);
  });

  test("goes to the default where that runs on it, and otherwise downwards first", () => {
    const { gpt, llama } = made();
    const phi = scripted("phi", ["phi"], here("phi"));
    const request = ask({ privacy: "edge-only" });
    const tierOf = (...given: Parameters<typeof tiers>) => {
      const { tier, because, localTag } = tiers(...given).explain(request);
      return [tier, because, localTag];
    };
    expect(tierOf({ frontier: phi, production: gpt, edge: llama })).toEqual(["edge", "private", "privacy=edge-only"]);
    expect(tierOf({ frontier: phi, production: llama, edge: phi })[0]).toBe("production");
    expect(tierOf({ frontier: phi, production: gpt })[0]).toBe("frontier");
    expect(tierOf({ frontier: gpt, edge: llama }, { default: "edge" })).toEqual([
      "edge",
      "private",
      "privacy=edge-only",
    ]);
  });

  test("is not sent to a tier elsewhere that is asked for", async () => {
    const models = made();
    const error = await failureOf(three(models).generate(ask({ privacy: "edge-only", tier: "production" })));
    expect(error.code).toBe("unsupported");
    expect(error.message).toContain(
      "mini is not on this machine, where privacy=edge-only keeps the request (production: local)",
    );
    expect(asked(...Object.values(models))).toEqual([]);
  });

  test("fails where nothing runs on it", async () => {
    const { gpt, mini } = made();
    const model = tiers({ frontier: gpt, production: mini }, { fall: "up" });
    expect((await failureOf(model.generate(ask({ privacy: "edge-only" })))).code).toBe("unsupported");
    expect(asked(gpt, mini)).toEqual([]);
  });

  test("is by the application's word where an address says nothing, or it is a server of its own", async () => {
    const own = scripted("own", ["own"], away("own"));
    const unplaced = scripted("unplaced", ["unplaced"]);
    const tagged = ask({ secret: "x" });
    const localOnly = { secret: true } as const;
    expect((await tiers({ edge: { models: own, local: "trusted" } }, { localOnly }).generate(tagged)).model).toBe(
      "own",
    );
    expect((await tiers({ edge: { models: unplaced, local: "trusted" } }, { localOnly }).generate(tagged)).model).toBe(
      "unplaced",
    );
    expect((await failureOf(tiers({ edge: unplaced }, { localOnly }).generate(tagged))).code).toBe("unsupported");
  });

  test("is not shown to a verifier elsewhere", async () => {
    const { gpt, llama } = made();
    const phi = scripted("phi", ["phi"], here("phi"));
    const edge = cascade([phi, llama], { accept: verifiedBy(gpt) });
    expect((await failureOf(tiers({ edge }).generate(ask({ privacy: "edge-only" })))).code).toBe("unsupported");
    expect(asked(gpt, llama, phi)).toEqual([]);
    const judge = scripted("judge", ["yes"], here("judge"));
    const own = tiers({ edge: cascade([phi, llama], { accept: verifiedBy(judge) }) });
    expect((await own.generate(ask({ privacy: "edge-only" }))).model).toBe("phi");
  });

  test("never leaves it: whatever is asked for, fails, falls, is pushed down or gone on with", async () => {
    const codes: readonly ModelErrorCode[] = [
      "server",
      "rate-limit",
      "budget",
      "timeout",
      "context-length",
      "auth",
      "unknown",
    ];
    const scenario = fc.record({
      tier: fc.option(fc.constantFrom("frontier", "production", "edge"), { nil: undefined }),
      pinned: fc.option(fc.constantFrom("frontier", "production", "edge"), { nil: undefined }),
      fall: fc.constantFrom("none", "down", "up"),
      onBudget: fc.constantFrom("refuse", "down"),
      standard: fc.constantFrom("frontier", "production", "edge"),
      fails: fc.array(fc.option(fc.constantFrom(...codes), { nil: undefined }), { minLength: 5, maxLength: 5 }),
      breaks: fc.boolean(),
      privacy: fc.constantFrom("edge-only", "EDGE_ONLY", "edge only", "Edge-Only "),
      stream: fc.boolean(),
      calls: fc.integer({ min: 1, max: 3 }),
    } as const);
    await fc.assert(
      fc.asyncProperty(
        scenario,
        async ({ tier, pinned, standard, fails, breaks, privacy, stream, calls, ...options }) => {
          const steps = (place: number): readonly Step[] => {
            const code = fails[place];
            if (code === undefined) return ["fine"];
            return breaks ? ["a text that", { fails: code }] : [{ fails: code }];
          };
          const remote = ["gpt", "claude", "mini"].map((id, place) => scripted(id, steps(place), away(id)));
          const local = ["llama", "phi"].map((id, place) => scripted(id, steps(place + 3), here(id)));
          const [gpt, claude, mini] = remote as [Scripted, Scripted, Scripted];
          const [llama, phi] = local as [Scripted, Scripted];
          // A local model beside a remote one, and a fallback to a remote one in front of a local one.
          const edge = { models: [fallback([llama, gpt]), llama, claude] };
          const model = tiers(
            { frontier: [gpt, claude, phi], production: mini, edge },
            { default: standard, continueMidStream: true, ...options },
          );
          const view = pinned === undefined ? model : model.at(pinned);
          for (let call = 0; call < calls; call++) {
            const request = ask({ privacy, ...(tier && { tier }) });
            const answer = stream ? view.stream(request).then((reply) => reply.result()) : view.generate(request);
            await answer.catch(mayFail);
          }
          expect(asked(...remote)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("a budget that does not pay", () => {
  const refuse = (...ids: readonly string[]) => ({
    admit: async ({ id }: { readonly id: string }) => {
      if (ids.includes(id)) throw new ModelError(`No money for ${id}.`, { code: "budget" });
    },
  });

  test("refuses the call, unless a lower tier may be asked", async () => {
    const models = made();
    const error = await failureOf(three(models).generate(ask({ tier: "frontier" }, refuse("gpt"))));
    expect(error.code).toBe("budget");
    expect(asked(...Object.values(models))).toEqual([]);
  });

  test("pushes a request down, a tier at a time, and says so", async () => {
    const models = made();
    const notices: Notice[] = [];
    const more = { ...refuse("gpt", "claude", "mini"), notify: (notice: Notice) => notices.push(notice) };
    const result = await three(models, { onBudget: "down" }).generate(ask({ tier: "frontier" }, more));
    expect(result.model).toBe("llama");
    expect(result.warnings).toEqual([
      {
        code: "downgraded",
        message: "The tier frontier was to be asked, and edge was: the budget does not pay for the former.",
      },
    ]);
    expect(notices.filter(({ type }) => type === "tier")).toEqual([
      expect.objectContaining({ tier: "frontier", because: "asked" }),
      expect.objectContaining({ tier: "production", from: "frontier", because: "budget" }),
      expect.objectContaining({ tier: "edge", from: "production", because: "budget" }),
    ]);
    expect(result.attempts!.map(({ model }) => model)).toEqual(["llama"]);
  });

  test("goes to a cheaper model of the tier first", async () => {
    const models = made();
    const result = await three(models, { onBudget: "down" }).generate(ask({ tier: "frontier" }, refuse("gpt")));
    expect([result.model, result.warnings]).toEqual(["claude", []]);
  });

  test("says what the first tier lacked where no tier is paid for", async () => {
    const models = made();
    const request = ask({ tier: "frontier" }, refuse("gpt", "claude", "mini", "llama"));
    const error = await failureOf(three(models, { onBudget: "down" }).generate(request));
    expect(error.code).toBe("budget");
    expect(error.message).toContain("No money for gpt");
  });

  test("passes over a tier below in which nobody may be asked", async () => {
    const { gpt, mini, llama } = made();
    const production = { models: mini, price: { output: 5 } };
    const model = tiers({ frontier: gpt, production, edge: llama }, { onBudget: "down" });
    expect((await model.generate(ask({ tier: "frontier" }, refuse("gpt")))).model).toBe("llama");
  });

  test("pushes down where it refuses the one model and the other fails", async () => {
    const models = made({ gpt: [{ fails: "server" }] });
    const result = await three(models, { onBudget: "down" }).generate(ask({ tier: "frontier" }, refuse("claude")));
    expect(result.model).toBe("mini");
  });

  test("is no reason to go on below where the lower tier fails by itself", async () => {
    const models = made({ mini: [{ fails: "server" }] });
    const request = ask({ tier: "frontier" }, refuse("gpt", "claude"));
    expect((await failureOf(three(models, { onBudget: "down" }).generate(request))).code).toBe("server");
    expect(asked(...Object.values(models))).toEqual(["mini"]);
  });

  test("is asked once about each model where requests fall to lower tiers anyway", async () => {
    const plans: string[] = [];
    const admit = async ({ id }: { readonly id: string }) => {
      plans.push(id);
      throw new ModelError("No money.", { code: "budget" });
    };
    const model = three(made(), { onBudget: "down", fall: "down" });
    await failureOf(model.generate(ask({ tier: "frontier" }, { admit })));
    expect(plans).toEqual(["gpt", "claude", "mini", "llama"]);
  });

  test("leaves other failures alone", async () => {
    const models = made({ gpt: [{ fails: "server" }], claude: [{ fails: "server" }] });
    const request = ask({ tier: "frontier" });
    expect((await failureOf(three(models, { onBudget: "down" }).generate(request))).code).toBe("server");
    expect(asked(models.mini, models.llama)).toEqual([]);
  });
});

test("never asks a model that breaks a rule of its tier", async () => {
  const ids = ["a", "b", "c", "d"] as const;
  const facts = fc.record({
    output: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
    context: fc.option(fc.constantFrom(4000, 32_000, 128_000), { nil: undefined }),
    tools: fc.option(fc.boolean(), { nil: undefined }),
    fails: fc.boolean(),
  });
  const rule = fc.record(
    { output: fc.integer({ min: 1, max: 20 }), context: fc.constantFrom(8000, 64_000), tools: fc.constant(true) },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(facts, facts, facts, facts),
      fc.tuple(rule, rule),
      fc.constantFrom("none", "down", "up"),
      fc.constantFrom("high", "low"),
      async (known, rules, fall, tier) => {
        const of = ({ id }: ModelKey) => known[ids.indexOf(id as "a")]!;
        const models = ids.map((id) => scripted(id, of({ provider: "", id }).fails ? [{ fails: "server" }] : ["fine"]));
        const entry = (place: 0 | 1) => {
          const { output, context, tools } = rules[place];
          return {
            models: models.slice(place * 2, place * 2 + 2),
            ...(output !== undefined && { price: { output } }),
            ...(context !== undefined && { context }),
            ...(tools && { abilities: ["tools"] as const }),
          };
        };
        const model = tiers(
          { high: entry(0), low: entry(1) },
          {
            fall,
            price: (usage, key) => {
              const { output } = of(key);
              return output === undefined
                ? { missing: ["model"] }
                : { cost: { total: (usage.output ?? 0) * output * 1000 } };
            },
            limits: (key) => {
              const { context } = of(key);
              return context === undefined ? undefined : { context };
            },
            abilities: (key) => {
              const { tools } = of(key);
              return tools === undefined ? undefined : { tools };
            },
          },
        );
        await model.generate(ask({ tier })).catch(mayFail);
        for (const [place, { requests }] of models.entries()) {
          if (requests.length === 0) continue;
          const { output, context, tools } = rules[place < 2 ? 0 : 1];
          const { output: costs = Infinity, context: room = 0, tools: calls } = known[place]!;
          expect(costs).toBeLessThanOrEqual(output ?? Infinity);
          expect(room).toBeGreaterThanOrEqual(context ?? 0);
          expect(calls ?? false).toBe(tools ?? calls ?? false);
        }
      },
    ),
    { numRuns: 200 },
  );
});
