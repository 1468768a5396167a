import { ModelError } from "@plugboard/core";
import type { Model, ModelErrorCode } from "@plugboard/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cascade } from "../cascade/cascade.ts";
import { fallback } from "../fallback/fallback.ts";
import { route } from "../route/route.ts";
import { scripted } from "../scripted-model.ts";
import type { Scripted, Step } from "../scripted-model.ts";
import { tiers } from "./tiers.ts";

/** How models stand in front of one another: a tree, whose leaves are models here or elsewhere. */
type Tree =
  | { readonly isHere: boolean; readonly fails: ModelErrorCode | undefined; readonly breaks: boolean }
  | { readonly kind: "fallback" | "cascade" | "route"; readonly of: readonly Tree[] };

const codes: readonly ModelErrorCode[] = ["server", "rate-limit", "timeout", "context-length", "auth", "unknown"];

const { tree } = fc.letrec<{ tree: Tree; leaf: Tree; node: Tree }>((tie) => ({
  tree: fc.oneof({ maxDepth: 3, depthSize: "small" }, tie("leaf"), tie("node")),
  leaf: fc.record({
    isHere: fc.boolean(),
    fails: fc.option(fc.constantFrom(...codes), { nil: undefined }),
    breaks: fc.boolean(),
  }),
  node: fc.record({
    kind: fc.constantFrom("fallback", "cascade", "route"),
    of: fc.array(tie("tree"), { minLength: 2, maxLength: 3 }),
  }),
}));

/** The models of a tree, and its leaves as they are made. */
function built(of: Tree, leaves: { readonly here: Scripted[]; readonly away: Scripted[] }): Model {
  if ("kind" in of) {
    const models = of.of.map((one) => built(one, leaves));
    if (of.kind === "fallback") return fallback(models, { continueMidStream: true });
    // Nothing is accepted, so that all of it is gone through.
    if (of.kind === "cascade") return cascade(models, { accept: () => false });
    return route({ models, minimize: "latency" });
  }
  const id = `m${leaves.here.length + leaves.away.length}`;
  const steps: readonly Step[] =
    of.fails === undefined ? ["fine"] : of.breaks ? ["a text that", { fails: of.fails }] : [{ fails: of.fails }];
  const address = of.isHere ? "http://127.0.0.1:11434" : "https://api.example.com";
  const model = scripted(id, steps, { fingerprint: `script:${id}@${address}#chat/1` });
  leaves[of.isHere ? "here" : "away"].push(model);
  return model;
}

const names = ["frontier", "production", "edge"] as const;
const scenario = fc.record({
  trees: fc.tuple(...([0, 1, 2] as const).map(() => fc.array(tree, { minLength: 1, maxLength: 2 }))) as fc.Arbitrary<
    readonly (readonly Tree[])[]
  >,
  tier: fc.option(fc.constantFrom(...names), { nil: undefined }),
  standard: fc.constantFrom(...names),
  fall: fc.constantFrom("none", "down", "up"),
  onBudget: fc.constantFrom("refuse", "down"),
  inFront: fc.constantFrom("nobody", "fallback", "cascade", "route"),
  stream: fc.boolean(),
} as const);

interface Come {
  readonly here: number;
  readonly away: number;
}

/** Asks once with the tag of privacy, and counts whom it reached. */
async function reached(
  given: typeof scenario extends fc.Arbitrary<infer Given> ? Given : never,
  tag: string,
): Promise<Come> {
  const { trees, tier, standard, inFront, stream, ...options } = given;
  const leaves = { here: [] as Scripted[], away: [] as Scripted[] };
  const entries = Object.fromEntries(
    names.map((name, place) => [name, { models: trees[place]!.map((one) => built(one, leaves)) }]),
  );
  const tiered = tiers(entries, { default: standard, continueMidStream: true, ...options });
  // Others may stand in front of the tiers, with the tiers behind them twice.
  const [one, other] = [tiered, tiered.at("edge")];
  const model =
    inFront === "nobody"
      ? tiered
      : inFront === "fallback"
        ? fallback([one, other], { continueMidStream: true })
        : inFront === "cascade"
          ? cascade([one, other], { accept: () => false })
          : route({ models: [one, other], minimize: "latency" });
  const request = {
    messages: [{ role: "user", content: "hello" } as const],
    tags: { privacy: tag, ...(tier && { tier }) },
  };
  const answer = stream ? model.stream(request).then((reply) => reply.result()) : model.generate(request);
  await answer.catch((error: unknown) => {
    if (!(error instanceof ModelError)) throw error;
  });
  const asked = (models: readonly Scripted[]): number => models.filter(({ requests }) => requests.length > 0).length;
  return { here: asked(leaves.here), away: asked(leaves.away) };
}

test("what is for the edge only never reaches a model elsewhere, through whatever stands behind the tiers or before them", async () => {
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const { here, away } = await reached(given, "edge-only");
      expect(away).toBe(0);
      answered += here > 0 ? 1 : 0;
    }),
    { numRuns: 150 },
  );
  // It is no proof that nobody is ever asked.
  expect(answered).toBeGreaterThan(10);
});

test("the same without the tag does reach models elsewhere", async () => {
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      sent += (await reached(given, "none")).away > 0 ? 1 : 0;
    }),
    { numRuns: 50 },
  );
  expect(sent).toBeGreaterThan(10);
});
