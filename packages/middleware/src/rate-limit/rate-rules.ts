import { ModelError, checkOption } from "@plugboard/core";
import type { AttemptPlan, LimitTake } from "@plugboard/core";
import { tagKey } from "../tag-key.ts";
import type { TokenEstimate } from "./token-estimate.ts";

/** How much of what in which time, and whose. At least one of the four amounts is given. */
export interface RateLimitRule {
  /** Attempts, failed ones included. */
  readonly requests?: number;
  /** Tokens, input and output together. */
  readonly tokens?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Milliseconds. @default 60000 */
  readonly window?: number;
  /** What has a limit each: every model, every provider, or all that goes through here together. @default "model" */
  readonly of?: "model" | "provider" | "all";
  /** Tags that have a limit each: with `["user"]`, every user has this much. @default all callers share it */
  readonly per?: readonly string[];
}

/** What is limited. */
const amounts = ["requests", "tokens", "inputTokens", "outputTokens"] as const;
/** One of the four amounts. */
export type Amount = (typeof amounts)[number];

/** A take, and of what it is. */
export interface RuleTake extends LimitTake {
  readonly amount: Amount;
}

/** What an attempt takes of each limit. */
export type TakesOf = (plan: AttemptPlan, estimate: TokenEstimate) => readonly RuleTake[];

/** How much an attempt takes of an amount. */
export function costOf(amount: Amount, { input, output }: TokenEstimate): number {
  return { requests: 1, tokens: input + output, inputTokens: input, outputTokens: output }[amount];
}

/**
 * Reads the rules once, so that an attempt only fills in its names.
 *
 * @throws {ModelError} `invalid-request`, with the field and the accepted values
 */
export function readRules(given: RateLimitRule | readonly RateLimitRule[], name: string | undefined): TakesOf {
  const isList = Array.isArray(given);
  const rules = isList ? (given as readonly RateLimitRule[]) : [given as RateLimitRule];
  const prefix = name === undefined ? "" : `${encodeURIComponent(name)}/`;
  const limits = rules.flatMap((rule, place) => limitsOf(rule, isList ? `limit[${place}]` : "limit"));

  return (plan, estimate) =>
    limits.map(({ amount, limit, window, of, per }) => ({
      key: `${prefix}${ownerOf(of, plan)}/${tagKey(per, plan.request.tags)}/${amount}`,
      limit,
      window,
      amount,
      cost: costOf(amount, estimate),
    }));
}

type OneLimit = Required<Pick<RateLimitRule, "window" | "of" | "per">> & {
  readonly amount: Amount;
  readonly limit: number;
};

function limitsOf(rule: RateLimitRule, field: string): readonly OneLimit[] {
  const { window = 60_000, of = "model", per = [] } = rule;
  checkOption(`${field}.window`, window, { least: 1 });
  if (!["model", "provider", "all"].includes(of)) throw refused(`${field}.of`, '"model", "provider" or "all"', of);
  const given = amounts.filter((amount) => rule[amount] !== undefined);
  if (given.length === 0) throw refused(field, `one of ${amounts.join(", ")}`, JSON.stringify(rule));
  return given.map((amount) => {
    const limit = rule[amount]!;
    checkOption(`${field}.${amount}`, limit, { least: 1, whole: true });
    return { amount, limit, window, of, per };
  });
}

function ownerOf(of: OneLimit["of"], { provider, id }: AttemptPlan): string {
  if (of === "all") return "all";
  return encodeURIComponent(provider) + (of === "model" ? `:${encodeURIComponent(id)}` : "");
}

function refused(field: string, wanted: string, got: string): ModelError {
  return new ModelError(`\`${field}\` must be ${wanted}; it is ${got}.`, { code: "invalid-request" });
}
