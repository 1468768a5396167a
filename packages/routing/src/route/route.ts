import { ModelError, defineModel } from "@plugboard/core";
import type { Model, ModelKey, ModelReply, ModelRequest, PriceLookup } from "@plugboard/core";
import { checkNumber } from "../check-number.ts";
import { careful } from "../chosen/careful.ts";
import { chosen, membersOf } from "../chosen/member.ts";
import { chatHandling, checkFallback, rulesFor } from "../fallback/fallback.ts";
import type { FallbackOptions } from "../fallback/fallback.ts";
import { inTurn } from "../fallback/in-turn.ts";
import { named } from "../named.ts";
import { refused } from "../refused.ts";
import { decide } from "./decide.ts";
import type { Deciding, Decision, RouteMember } from "./decide.ts";
import { explain, whyLater } from "./explanation.ts";
import type { RouteCandidate, RouteExplanation } from "./explanation.ts";
import { readObjective } from "./objective.ts";
import type { Objective, RouteBounds } from "./objective.ts";
import { predictor } from "./quality-of.ts";
import type { QualitySource, QualityView } from "./quality-of.ts";

declare module "@plugboard/core" {
  interface Notices {
    /** A model was chosen for a request: why, and what was expected of each. */
    routed: { readonly chosen: ModelKey; readonly why: string; readonly candidates: readonly RouteCandidate[] };
  }
}

/** A model of a route, and what is particular about it. */
export interface RouteEntry {
  readonly model: Model;
  /** What it goes by in the quality model. @default `provider/id` */
  readonly name?: string;
  /** Tokens that its answers are taken to have, where the quality model does not say. @default that of the route */
  readonly outputTokens?: number;
}

/** What is chosen from, and by what is known. */
export interface RouteSettings extends FallbackOptions, QualityView {
  readonly models: readonly (Model | RouteEntry)[];
  /** What the model that is chosen must keep to. @default nothing */
  readonly subjectTo?: RouteBounds;
  /** How good models are for a request: a quality model, or one figure each. @default nothing is known */
  readonly quality?: QualitySource;
  /**
   * The name of the model that quality is measured against. @default for each request the one with the highest expected quality, whether or
   * not it may be asked
   */
  readonly reference?: string;
  /** What usage costs. @default nothing is known; `plugboard` gives the catalogue's */
  readonly price?: PriceLookup;
  /** Tokens that an answer is taken to have where nobody says. A request that bounds its answer to fewer has no more. @default 500 */
  readonly outputTokens?: number;
  /**
   * What happens when nobody keeps to the bounds of quality and latency, or those that do fail: those that come nearest are asked, or nobody
   * is. `usd` is kept in any case. @default "nearest"
   */
  readonly otherwise?: "nearest" | "refuse";
}

/** What is wanted, what is chosen from, and by what is known. */
export type RouteOptions = RouteSettings & Objective;

/** A model that chooses for each request who answers it. */
export interface RoutedModel extends Model {
  /** Whom a request would go to and why, and what is expected of each model; nobody is asked. */
  explain(request: ModelRequest | string): RouteExplanation;
}

/**
 * Chooses for each request the model that answers it: the cheapest, the quickest or the best that keeps to the bounds. Cost is by prices and
 * the tokens that are expected, quality by a quality model or a table, latency by what was seen of late. It decides in the process, in
 * microseconds, and asks nobody to decide.
 *
 * Models that cannot take a request are left out, by `limits` and `abilities`. When the chosen one fails, the next best is asked, as in
 * `fallback`. Each decision is told as a `routed` notice, and stands in `choices` of the attempts.
 *
 * @throws {ModelError} `unsupported` where no model may be asked, with what keeps each from it; otherwise as `fallback`. `invalid-request`
 * for options that cannot be meant
 * @example
 * const model = route({ models: [large, small], minimize: "cost", subjectTo: { quality: 0.95 }, quality });
 * @example
 * const model = route({ models: [large, small], maximize: "quality", subjectTo: { usd: 0.002 }, quality: { large: 0.86, small: 0.71 } });
 */
export function route(options: RouteOptions): RoutedModel {
  const deciding = decidingOf(options);
  const { objective, members } = deciding;
  const rules = rulesFor<ModelRequest, ModelReply>(
    members.map(({ member }) => member),
    options,
  );
  const state: Deciding = { ...deciding, cooldown: rules.cooldown };
  const decideFor = (request: ModelRequest): Decision => decide(state, request, careful(options, request.notify));

  const call = inTurn<ModelRequest, ModelReply>((request) => {
    const decision = decideFor(request);
    const { order } = decision;
    if (order.length === 0) throw impossible(decision);
    const { chosen: first, why, candidates } = explain(decision, objective);
    request.notify?.({ type: "routed", chosen: first!, why, candidates });
    const targets = order.map((one, place) =>
      chosen(one.member, { by: "route", why: place === 0 ? why : whyLater(one) }),
    );
    return { ...rules, targets };
  }, chatHandling(options));

  const models = members.map(({ member }) => member.given);
  return {
    ...defineModel({ ...named("route", models), call }),
    explain(asked) {
      const request = typeof asked === "string" ? { messages: [{ role: "user", content: asked } as const] } : asked;
      return explain(decideFor(request), objective);
    },
  };
}

/** @throws {ModelError} `invalid-request`, with the option and the accepted values */
function decidingOf(options: RouteOptions): Omit<Deciding, "cooldown"> {
  checkFallback(options);
  const { subjectTo = {}, quality, reference, outputTokens = 500, otherwise = "nearest" } = options;
  checkNumber("outputTokens", outputTokens, 0);
  if (!["nearest", "refuse"].includes(otherwise)) {
    throw refused(`\`otherwise\` must be "nearest" or "refuse"; it is ${JSON.stringify(otherwise)}.`);
  }
  const objective = readObjective(options, subjectTo);
  const entries = options.models.map((entry) => ("call" in entry ? { model: entry } : entry));
  const all = membersOf(
    entries.map(({ model }) => model),
    "route",
  );
  const members = all.map((member, place): RouteMember => {
    const { name = `${member.key.provider}/${member.key.id}`, outputTokens: own = outputTokens } = entries[place]!;
    checkNumber(`models[${place}].outputTokens`, own, 0);
    return { name, member, outputTokens: own };
  });
  const usesQuality =
    objective.quality !== undefined ||
    objective.kind === "quality" ||
    (objective.kind === "weights" && objective.weights.quality > 0);
  if (usesQuality && !quality)
    throw refused("`quality` must be given where `route` is to go by it: a quality model, or a figure a model.");
  const known = members.map(({ name, member: { key } }) => ({ name, key }));
  const fixed = reference === undefined ? undefined : members.findIndex(({ name }) => name === reference);
  if (fixed === -1) {
    const names = members.map(({ name }) => name).join(", ");
    throw refused(`\`reference\` must be one of ${names}; it is ${JSON.stringify(reference)}.`);
  }
  const predict = predictor(quality, known, options);
  return {
    members,
    objective,
    reference: fixed,
    refuses: otherwise === "refuse",
    predict(request) {
      try {
        return predict(request);
      } catch (error) {
        request.notify?.({ type: "fault", error });
        return [];
      }
    },
  };
}

function impossible({ out }: Decision): ModelError {
  const each = out.map(({ member, breach }) => `${member.key.id} ${breach!.why} (${breach!.rule}).`);
  return new ModelError(`No model of the route may be asked. ${each.join(" ")}`, { code: "unsupported" });
}
