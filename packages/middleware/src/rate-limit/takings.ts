import type { LimitStore, TakeOutcome } from "@plugboard/core";
import { within } from "../within.ts";
import { memoryLimits } from "../memory-limits/memory-limits.ts";
import type { RuleTake } from "./rate-rules.ts";

/** What was taken: from which store, and when by its clock. */
export interface Taken {
  readonly from: LimitStore;
  readonly at: number;
}

type Refused = Extract<TakeOutcome, { readonly granted: false }>;

/** Takes from a store; while that fails, from limits of this process alone. */
export interface Takings {
  take(takes: readonly RuleTake[], onFault: (error: unknown) => void): Promise<Taken | Refused>;
  refund(takes: readonly RuleTake[], taken: Taken, onFault: (error: unknown) => void): Promise<void>;
}

/** Where to take from. */
export interface TakingsOptions {
  /** @default in this process */
  readonly store: LimitStore | undefined;
  /** Milliseconds that the store may take. */
  readonly patience: number;
  /** The share of each limit that this process keeps to by itself while the store fails. */
  readonly share: number;
}

/** A store that is down neither stops all calls nor lifts all limits. */
export function takings({ store, patience, share }: TakingsOptions): Takings {
  const own = memoryLimits();

  async function takeOwn(takes: readonly RuleTake[], share: number): Promise<Taken | Refused> {
    const outcome = await own.take(share === 1 ? takes : takes.map((take) => shareOf(take, share)));
    return outcome.granted ? { from: own, at: outcome.at } : outcome;
  }

  return {
    async take(takes, onFault) {
      if (takes.length === 0) return { from: own, at: 0 };
      if (!store) return takeOwn(takes, 1);
      try {
        const outcome = await within(patience, store.take(takes));
        return outcome.granted ? { from: store, at: outcome.at } : outcome;
      } catch (error) {
        onFault(error);
        return takeOwn(takes, share);
      }
    },
    async refund(takes, { from, at }, onFault) {
      try {
        await from.refund(from === own && store ? takes.map((take) => shareOf(take, share)) : takes, at);
      } catch (error) {
        onFault(error);
      }
    },
  };
}

/** What fits the limit fits the share of it: otherwise a large prompt would be refused for ever. */
function shareOf(take: RuleTake, share: number): RuleTake {
  const limit = Math.max(1, Math.floor(take.limit * share));
  return { ...take, limit, cost: take.cost > take.limit ? take.cost : Math.min(take.cost, limit) };
}
