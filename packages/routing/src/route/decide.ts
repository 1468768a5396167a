import type { ModelRequest, NanoDollars, PriceLookup, TokenCount } from "@plugboard/core";
import type { Knowledge } from "../fallback/needs.ts";
import { countedMisfitOf } from "../fallback/needs.ts";
import type { Cooldown } from "../fallback/cooldown.ts";
import { estimateTokens } from "../estimate-tokens.ts";
import type { Member } from "../chosen/member.ts";
import { slowness } from "../chosen/percentiles.ts";
import type { QualityEstimate } from "../quality/quality-model.ts";
import type { ReadObjective } from "./objective.ts";
import type { Predict } from "./quality-of.ts";

/** One of the models of a route. */
export interface RouteMember {
  readonly name: string;
  readonly member: Member;
  /** Tokens that an answer of it is taken to have, where the quality model does not say. */
  readonly outputTokens: number;
}

/** What a model is expected to be for a request. */
export interface Standing extends RouteMember {
  readonly estimate: QualityEstimate | undefined;
  /** Its expected quality, where that of the reference is 1. */
  readonly relative: number | undefined;
  readonly isReference: boolean;
  readonly output: number;
  /** Undefined where its price is not known. */
  readonly cost: NanoDollars | undefined;
  /** Milliseconds of late; undefined before it answered. */
  readonly latency: number | undefined;
  /** Why it cannot be asked: the rule, and what of the model breaks it. */
  readonly breach: { readonly rule: string; readonly why: string } | undefined;
  /** Bounds that it does not keep to. */
  readonly misses: readonly { readonly rule: "quality" | "firstTokenMs"; readonly why: string }[];
  /** Milliseconds for which it is left alone after a failure. */
  readonly cooling: number;
}

/** How a route decides. */
export interface Deciding {
  readonly members: readonly RouteMember[];
  readonly objective: ReadObjective;
  readonly predict: Predict;
  /** The place of the model that quality is measured against; by default the best of the request. */
  readonly reference: number | undefined;
  readonly cooldown: Cooldown | undefined;
  /** Whether a bound that is missed rules a model out. */
  readonly refuses: boolean;
}

/** Who is asked, in order, and who is not. */
export interface Decision {
  readonly order: readonly Standing[];
  readonly out: readonly Standing[];
  readonly reference: Standing | undefined;
}

/** Rounding must not put a model below a bound that it just keeps. */
const tolerance = 1e-9;

/** Decides for a request: without waiting for anything, and without asking anyone. */
export function decide(
  { members, objective, predict, reference: fixed, cooldown, refuses }: Deciding,
  request: ModelRequest,
  knowledge: Knowledge & { readonly price?: PriceLookup },
): Decision {
  const counted = estimateTokens(request);
  const estimates = predict(request);
  const reference = fixed ?? bestOf(estimates);
  const standard = reference === undefined ? undefined : estimates[reference];
  const standings = members.map((one, place) => {
    const estimate = estimates[place];
    const isReference = place === reference;
    const output = Math.min(estimate?.outputTokens ?? one.outputTokens, request.maxOutputTokens ?? Infinity);
    const cost = costOf(one.member, counted, output, knowledge.price);
    const misses = missesOf(one.member, { estimate, isReference, standard }, objective);
    const [missed] = refuses ? misses : [];
    const standing: Standing = {
      ...one,
      estimate,
      relative: estimate && standard && (standard.quality > 0 ? estimate.quality / standard.quality : 1),
      isReference,
      output,
      cost,
      latency: latencyOf(one.member, request),
      breach: misfitRule(one.member, request, knowledge, counted) ?? overpriced(cost, objective.most) ?? missed,
      misses,
      cooling: cooldown?.of(one.member.name)?.left ?? 0,
    };
    return standing;
  });
  const able = standings.filter(({ breach }) => !breach);
  return {
    order: ordered(able, objective),
    out: standings.filter(({ breach }) => breach),
    reference: reference === undefined ? undefined : standings[reference],
  };
}

function bestOf(estimates: readonly (QualityEstimate | undefined)[]): number | undefined {
  let best: number | undefined;
  for (const [place, estimate] of estimates.entries()) {
    if (estimate && estimate.quality > (best === undefined ? -1 : estimates[best]!.quality)) best = place;
  }
  return best;
}

/** Of one that stands in front of several, the dearest counts. */
function costOf(
  { leaves }: Member,
  { tokens }: TokenCount,
  output: number,
  price: PriceLookup | undefined,
): NanoDollars | undefined {
  const usage = { input: Math.ceil(tokens), output: Math.ceil(output) };
  let most: NanoDollars | undefined;
  for (const leaf of leaves) {
    const cost = price?.(usage, leaf).cost?.total;
    if (cost === undefined) return undefined;
    most = Math.max(most ?? 0, cost);
  }
  return most;
}

function latencyOf({ streamed, whole }: Member, { stream }: ModelRequest): number | undefined {
  const times = stream ? streamed : whole;
  return times.known ? times.at(performance.now()) : undefined;
}

function misfitRule(
  { leaves }: Member,
  request: ModelRequest,
  knowledge: Knowledge,
  counted: TokenCount,
): Standing["breach"] {
  const misfit = countedMisfitOf(leaves, request, knowledge, counted);
  if (!misfit) return undefined;
  return {
    rule: misfit.code === "unsupported" ? "what the request needs" : "the length of the request",
    why: misfit.why,
  };
}

function overpriced(cost: NanoDollars | undefined, most: number | undefined): Standing["breach"] {
  if (most === undefined || (cost !== undefined && cost <= most)) return undefined;
  const why =
    cost === undefined
      ? "has a price that is not known"
      : `is expected to cost $${cost / 1e9}, and $${most / 1e9} is the ceiling`;
  return { rule: "usd", why };
}

/** What is expected of a model, and of the reference. */
interface Compared {
  readonly estimate: QualityEstimate | undefined;
  readonly isReference: boolean;
  readonly standard: QualityEstimate | undefined;
}

function missesOf(
  { times }: Member,
  { estimate, isReference, standard }: Compared,
  { quality, firstTokenMs }: ReadObjective,
): Standing["misses"] {
  const misses: Standing["misses"][number][] = [];
  if (quality && !isReference) {
    const least = quality.atLeast * (standard?.quality ?? 1);
    const figure = standard && estimate && (quality.by === "expected" ? estimate.quality : estimate.low);
    if (figure === undefined) misses.push({ rule: "quality", why: "has a quality that is not known" });
    else if (figure < least - tolerance) {
      const which = quality.by === "expected" ? "has an expected quality" : "has a lower bound of quality";
      misses.push({ rule: "quality", why: `${which} of ${figure.toFixed(3)}, and ${least.toFixed(3)} is wanted` });
    }
  }
  const slow = firstTokenMs && slowness(times, firstTokenMs);
  if (slow !== undefined) misses.push({ rule: "firstTokenMs", why: slow });
  return misses;
}

/**
 * Those that keep to all bounds come first, by the objective. After them, for when none does or those fail: those that are good enough but
 * slow, by the objective, and then the others by their quality. Whoever is left alone after a failure comes after all.
 */
function ordered(standings: readonly Standing[], objective: ReadObjective): Standing[] {
  const scores = scoresOf(standings, objective);
  const isShort = ({ misses }: Standing): boolean => misses.some(({ rule }) => rule === "quality");
  const groupOf = (one: Standing): number => (one.cooling > 0 ? 3 : isShort(one) ? 2 : one.misses.length > 0 ? 1 : 0);
  return standings.toSorted((one, other) => {
    const group = groupOf(one);
    if (group !== groupOf(other)) return group - groupOf(other);
    const byQuality = figureOf(other, objective) - figureOf(one, objective);
    const byScore = difference(scores.get(other)!, scores.get(one)!);
    if (group >= 2) return byQuality || (one.estimate ? byScore : 0); // of whom nothing is known, as they are listed
    return byScore || difference(one.cost ?? Infinity, other.cost ?? Infinity);
  });
}

function figureOf({ estimate }: Standing, { quality }: ReadObjective): number {
  if (!estimate) return -1;
  return quality?.by === "lower-bound" ? estimate.low : estimate.quality;
}

/** The more, the better. */
function scoresOf(standings: readonly Standing[], { kind, weights }: ReadObjective): ReadonlyMap<Standing, number> {
  const most = (figure: (one: Standing) => number | undefined): number =>
    Math.max(Number.MIN_VALUE, ...standings.map((one) => figure(one) ?? 0));
  const dearest = most(({ cost }) => cost);
  const slowest = most(({ latency }) => latency);

  function scoreOf({ relative = 0, cost = Infinity, latency = 0, estimate }: Standing): number {
    if (kind === "cost") return -cost;
    if (kind === "latency") return -latency; // who has never answered is tried
    if (kind === "quality") return estimate?.quality ?? -1;
    const paid = Math.min(1, cost / dearest); // without a price, as the dearest
    return weights.quality * relative - weights.cost * paid - weights.latency * (latency / slowest);
  }

  return new Map(standings.map((one) => [one, scoreOf(one)]));
}

/** Where both are infinite, they are equal. */
function difference(one: number, other: number): number {
  return one === other ? 0 : one - other;
}
