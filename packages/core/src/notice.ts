import type { Attempt, AttemptPlan } from "./attempt.ts";
import type { Warning } from "./event.ts";
import type { ModelResult } from "./result.ts";

/**
 * What can be told on the way of a call. Packages add theirs by declaration merging:
 * `declare module "@plugboard/core" { interface Notices { retry: { delay: number } } }`.
 */
export interface Notices {
  /**
   * An attempt started, or ended: `attempt.outcome` tells. The same objects both times. `partial` is what came of one that did not
   * finish, `half` what it had written of a tool call that is not whole: it is in no result, and may be billed.
   */
  attempt: {
    readonly attempt: Attempt;
    readonly plan: AttemptPlan;
    readonly partial?: ModelResult;
    readonly half?: string;
  };
  /** Something was adapted or dropped. */
  warning: { readonly warning: Warning };
  /** A listener, a store or another bystander failed; the call went on. */
  fault: { readonly error: unknown };
}

/** One of the {@link Notices}, told by its `type`. */
export type Notice = { [Type in keyof Notices]: { readonly type: Type } & Notices[Type] }[keyof Notices];
