import type {
  AssistantPart,
  AttemptPlan,
  ModelErrorCode,
  NanoDollars,
  Notices,
  TokenCount,
  TokenCounter,
  Usage,
} from "@plugboard/core";
import { isPrompt } from "../as-prompt.ts";
import { absurd, boundOf } from "./worst-case.ts";
import type { Estimate } from "./worst-case.ts";

/** What was reserved for an attempt, and the token counts that it came from. */
export interface Reserved {
  readonly amount: NanoDollars;
  readonly input: number;
  /** What is paid for. */
  readonly output: number;
  /** The longest that the answer can be; more than what is paid for where it is reserved in slices. */
  readonly longest: number;
  /** No worst case is known, and nothing is reserved. */
  readonly unpriced?: true;
}

/** What an attempt is charged. */
export interface Charge {
  readonly amount: NanoDollars;
  /** The provider did not say, or said what cannot be: counted here, or taken from the reservation. */
  readonly estimated?: true;
}

/** An error that a provider answers with, so no answer was under way. */
const answered: ReadonlySet<ModelErrorCode | undefined> = new Set<ModelErrorCode>([
  "rate-limit",
  "overloaded",
  "server",
  "auth",
  "permission",
  "not-found",
  "invalid-request",
  "context-length",
  "content-filter",
  "quota",
  "unsupported",
]);

/**
 * What an attempt cost: by the usage that the provider told, if it can be believed. Of one that broke off, the input and what was said
 * before; where not even that is known, all that was reserved.
 */
export function chargeOf(notice: Notices["attempt"], reserved: Reserved, estimate: Estimate): Charge | Promise<Charge> {
  const { attempt, plan, partial, half = "" } = notice;
  const usage = attempt.usage && isSane(attempt.usage) ? attempt.usage : undefined;
  const all: Charge = { amount: reserved.amount, estimated: true };

  if (attempt.outcome === "finished") {
    if (usage?.input === undefined || usage.output === undefined) return all;
    const amount = estimate.dearest.amountOf(usage, plan);
    return amount === undefined ? all : { amount };
  }

  const said = partial?.content ?? [];
  const isSilent = said.length === 0 && half === "";
  const unseen = thinks(plan) || (!plan.request.stream && isSilent);
  if (unseen && !answered.has(attempt.error) && !(usage?.output !== undefined && usage.output > 0)) return all;
  if (isSilent) return broken(0);
  const counted = countSaid(said, half, estimate.count, plan);
  return "then" in counted ? counted.then(broken) : broken(counted);

  function broken(count: TokenCount | 0): Charge {
    const seen = count === 0 ? 0 : Math.min(boundOf(count), reserved.longest);
    const output = Math.max(seen, usage?.output ?? 0);
    const amount =
      usage?.input === undefined
        ? estimate.dearest.of(reserved.input, output, plan)
        : estimate.dearest.amountOf({ ...usage, output }, plan);
    return amount === undefined ? all : { amount, estimated: true };
  }
}

/** At most how many tokens a model has written: its parts, and a tool call that is not whole. */
export function countSaid(
  said: readonly AssistantPart[],
  half: string,
  count: TokenCounter,
  plan: AttemptPlan,
): TokenCount | Promise<TokenCount> {
  const content: AssistantPart[] = [];
  // Thoughts are billed as they are spoken; counters of prompts may leave them out.
  for (const part of said) content.push(part.type === "reasoning" ? { type: "text", text: part.text } : part);
  if (half !== "") content.push({ type: "text", text: half });
  return count({ messages: [{ role: "assistant", content }] }, plan);
}

/** Thinking may be billed and not shown. */
export function thinks({ request }: Pick<AttemptPlan, "request">): boolean {
  return isPrompt(request) && request.reasoning !== undefined && request.reasoning !== "none";
}

/** Whole counts that are not negative and not absurd, and parts that do not exceed their total. */
function isSane(usage: Usage): boolean {
  for (const name in usage) if (!isCount(usage[name as keyof Usage])) return false;
  for (const name in usage.serverTools) if (!isCount(usage.serverTools[name])) return false;
  const { input = absurd, output = absurd, cachedInput = 0, cacheWrite5m = 0, cacheWrite1h = 0, reasoning = 0 } = usage;
  return cachedInput + cacheWrite5m + cacheWrite1h <= input && reasoning <= output;
}

/** Whether it is a count, or nothing that one looks for: the tools have counts of their own, and whoever estimates says so. */
function isCount(value: Usage[keyof Usage]): boolean {
  if (value === undefined || value === true || typeof value === "object") return true;
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= absurd;
}
