import type { AttemptPlan, ModelErrorCode, NanoDollars, Notices, TokenCount, Usage } from "@plugboard/core";
import { isPrompt } from "../as-prompt.ts";
import { absurd } from "./worst-case.ts";
import type { Estimate } from "./worst-case.ts";

/** What was reserved for an attempt, and the token counts that it came from. */
export interface Reserved {
  readonly amount: NanoDollars;
  readonly input: number;
  readonly output: number;
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
  const { attempt, plan, partial } = notice;
  const usage = attempt.usage && isSane(attempt.usage) ? attempt.usage : undefined;
  const all: Charge = { amount: reserved.amount, estimated: true };

  if (attempt.outcome === "finished") {
    if (usage?.input === undefined || usage.output === undefined) return all;
    const amount = estimate.amountOf(usage, plan);
    return amount === undefined ? all : { amount };
  }

  const said = partial?.content ?? [];
  const unseen = thinks(plan) || (!plan.request.stream && said.length === 0);
  if (unseen && !answered.has(attempt.error) && !(usage?.output !== undefined && usage.output > 0)) return all;
  if (said.length === 0) return broken(0);
  const counted = estimate.count({ messages: [{ role: "assistant", content: said }] }, plan);
  return "then" in counted ? counted.then(broken) : broken(counted);

  function broken(count: TokenCount | 0): Charge {
    const seen = count === 0 ? 0 : Math.min(boundOf(count), reserved.output);
    const output = Math.max(seen, usage?.output ?? 0);
    const amount =
      usage?.input === undefined
        ? estimate.dearest(reserved.input, output, plan)
        : estimate.amountOf({ ...usage, output }, plan);
    return amount === undefined ? all : { amount, estimated: true };
  }
}

function boundOf({ tokens, bound }: TokenCount): number {
  return typeof bound === "object" ? Math.ceil(tokens * (1 + bound.error)) : tokens;
}

/** Thinking may be billed and not shown. */
function thinks({ request }: AttemptPlan): boolean {
  return isPrompt(request) && request.reasoning !== undefined && request.reasoning !== "none";
}

/** Whole counts that are not negative and not absurd, and parts that do not exceed their total. */
function isSane(usage: Usage): boolean {
  const { estimated: _, serverTools = {}, ...counts } = usage;
  for (const count of [...Object.values(counts), ...Object.values(serverTools)] as unknown[]) {
    if (count === undefined) continue;
    if (typeof count !== "number" || !Number.isInteger(count) || count < 0 || count > absurd) return false;
  }
  const { input = absurd, output = absurd, cachedInput = 0, cacheWrite5m = 0, cacheWrite1h = 0, reasoning = 0 } = usage;
  return cachedInput + cacheWrite5m + cacheWrite1h <= input && reasoning <= output;
}
