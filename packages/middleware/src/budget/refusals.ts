import { ModelError } from "@plugboard/core";
import type { AttemptPlan, NanoDollars } from "@plugboard/core";
import type { Refused } from "./hold.ts";
import { usd } from "./usd.ts";

/** A limit has no room for the worst case. */
export function noRoom(plan: AttemptPlan, { scope, spend }: Refused, amount: NanoDollars): ModelError {
  const window =
    typeof scope.window === "string"
      ? { total: "in all", day: "a day", month: "a month" }[scope.window]
      : `in ${scope.window.rolling} ms`;
  const spent = usd(spend.spent + spend.assumed);
  const message = `The budget for ${scope.key} does not pay for this: of ${usd(scope.limit)} ${window}, ${spent} is spent and ${usd(spend.held)} held, and ${plan.provider} ${plan.id} can need ${usd(amount)}.`;
  return refusal(plan, message);
}

/** Others were first for the whole time. */
export function noTurn(plan: AttemptPlan, milliseconds: number): ModelError {
  return refusal(
    plan,
    `Others have waited for money of this budget for longer: its turn did not come in ${milliseconds} ms.`,
  );
}

/** Something that bounds its cost is not known. */
export function noWorstCase(plan: AttemptPlan, missing: string): ModelError {
  return refusal(plan, `${plan.provider} ${plan.id} has no worst case to reserve: what is missing is ${missing}.`);
}

/** The ledger is down. */
export function unread(plan: AttemptPlan, cause: unknown): ModelError {
  return refusal(plan, "The budget cannot be read, so nothing is spent.", cause);
}

function refusal({ provider, id }: AttemptPlan, message: string, cause?: unknown): ModelError {
  return new ModelError(message, { code: "budget", provider, model: id, ...(cause !== undefined && { cause }) });
}
