import type { ModelKey, NanoDollars } from "@plugboard/core";
import type { Percentiles } from "../chosen/percentiles.ts";
import { percentilesOf } from "../chosen/percentiles.ts";
import type { Decision, Standing } from "./decide.ts";
import type { ReadObjective } from "./objective.ts";

/** Why a request goes to whom. */
export interface RouteExplanation {
  /** Who is asked first; absent where nobody may be. */
  readonly chosen?: ModelKey;
  /** Why that one, in a sentence. */
  readonly why: string;
  /** The model that quality is measured against; absent where no quality is known. */
  readonly reference?: ModelKey;
  /** All models: those that may be asked, in the order in which they are, and then the others. */
  readonly candidates: readonly RouteCandidate[];
}

/** What a model is expected to be for a request. */
export interface RouteCandidate {
  readonly model: ModelKey;
  /** What it goes by in the quality model. */
  readonly name: string;
  /** Whether it may be asked. */
  readonly possible: boolean;
  /** From 0 to 1, as the quality model's measurements score; `relative` to the reference. Absent where it is not known. */
  readonly quality?: {
    readonly expected: number;
    readonly low: number;
    readonly high: number;
    readonly relative: number;
  };
  /** Tokens that the answer is expected to have. */
  readonly outputTokens: number;
  /** What the call is expected to cost. Absent where the price is not known. */
  readonly cost?: NanoDollars;
  /** Milliseconds of late until the first content, or for the whole where nothing is streamed. Absent before it answered. */
  readonly latency?: number;
  /** Milliseconds until the first content of its last streamed answers. Absent where there were fewer than 20 of late. */
  readonly firstTokenMs?: Required<Percentiles>;
  /** Milliseconds for which it is left alone after a failure, while there are others. */
  readonly cooling?: number;
  /** The rule that rules it out. */
  readonly rule?: string;
  /** Why it cannot be asked, or which bounds it misses; to follow its name. */
  readonly why?: string;
}

/** Says a decision in words and figures. */
export function explain({ order, out, reference }: Decision, objective: ReadObjective): RouteExplanation {
  const [first] = order;
  return {
    ...(first && { chosen: first.member.key }),
    why: first ? whyFirst(order, objective) : "no model may be asked",
    ...(reference && { reference: reference.member.key }),
    candidates: [...order, ...out].map((one) => candidateOf(one)),
  };
}

function candidateOf(standing: Standing): RouteCandidate {
  const { member, name, estimate, relative, output, cost, latency, breach, misses, cooling } = standing;
  const firstTokenMs = percentilesOf(member.times);
  const why = breach?.why ?? misses.map((miss) => miss.why).join("; ");
  return {
    model: member.key,
    name,
    possible: breach === undefined,
    ...(estimate && {
      quality: { expected: estimate.quality, low: estimate.low, high: estimate.high, relative: relative! },
    }),
    outputTokens: output,
    ...(cost !== undefined && { cost }),
    ...(latency !== undefined && { latency }),
    ...(firstTokenMs && { firstTokenMs }),
    ...(cooling > 0 && { cooling }),
    ...(breach && { rule: breach.rule }),
    ...(why !== "" && { why }),
  };
}

const superlatives = {
  cost: "the cheapest",
  latency: "the quickest",
  quality: "the best",
  weights: "the first by its weights",
};

function whyFirst(order: readonly Standing[], { kind }: ReadObjective): string {
  const first = order[0]!;
  const keeping = order.filter(({ misses, cooling }) => misses.length === 0 && cooling === 0).length;
  const figures = figuresOf(first);
  if (keeping > 0) return `${superlatives[kind]} of ${keeping} that keep to the bounds${figures}`;
  if (first.cooling > 0) return `all are left alone after failures, and it comes first among them${figures}`;
  return `none keeps to the bounds, and it comes nearest: it ${first.misses.map(({ why }) => why).join(" and ")}${figures}`;
}

/** Why one that did not come first is asked after those that failed. */
export function whyLater({ misses }: Standing): string {
  return misses.length === 0
    ? "the next best"
    : `the next best, though it ${misses.map(({ why }) => why).join(" and ")}`;
}

function figuresOf({ relative, isReference, cost }: Standing): string {
  const figures = [
    ...(relative === undefined
      ? []
      : [isReference ? "it is the reference" : `${(100 * relative).toFixed(1)} % of the reference's quality`]),
    ...(cost === undefined ? [] : [`$${cost / 1e9} expected`]),
  ];
  return figures.length > 0 ? ` (${figures.join(", ")})` : "";
}
