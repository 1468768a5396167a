import { checkOption } from "@plugboard/core";
import type { BudgetScope, CallOptions, Ledger, NanoDollars } from "@plugboard/core";
import { periodOf } from "@plugboard/core/store";

declare module "@plugboard/core" {
  interface Notices {
    /** So much of a limit is spent; told once for each scope, window and threshold in a process. */
    "budget-alert": {
      readonly scope: BudgetScope;
      /** The share of the limit that was reached: 0.8. */
      readonly threshold: number;
      /** Settled, or charged since a lease ran out. */
      readonly spent: NanoDollars;
      readonly limit: NanoDollars;
    };
  }
}

/** What was told of one scope. */
interface Told {
  /** The day or month; of a rolling window, which length of it since the epoch. */
  period: string;
  /** How many thresholds. */
  count: number;
  /** Being looked at; who comes meanwhile has it looked at once more. */
  looking: Promise<void> | undefined;
  again: boolean;
}

/** With more scopes than this, the oldest are forgotten, and may be told of once more. */
const most = 10_000;

/** Tells when so much of a limit is spent. The ledger is asked after a booking, once at a time for each scope, until all has been told. */
export class Alerts {
  readonly #ledger: Ledger;
  readonly #thresholds: readonly number[];
  readonly #told = new Map<string, Told>();

  /** @throws {ModelError} `invalid-request` for a threshold that is no share */
  constructor(ledger: Ledger, thresholds: readonly number[]) {
    for (const [place, threshold] of thresholds.entries()) {
      checkOption(`alerts[${place}]`, threshold, { least: Number.MIN_VALUE, most: 1 });
    }
    this.#ledger = ledger;
    this.#thresholds = thresholds.toSorted((a, b) => a - b);
  }

  get any(): boolean {
    return this.#thresholds.length > 0;
  }

  /** Looks where the scopes stand. Resolves once it is told; a ledger that fails is a `fault`. */
  async look(scopes: readonly BudgetScope[], notify: CallOptions["notify"]): Promise<void> {
    if (!notify) return;
    await Promise.all(scopes.map((scope) => this.#lookAt(scope, notify)));
  }

  async #lookAt(scope: BudgetScope, notify: NonNullable<CallOptions["notify"]>): Promise<void> {
    const told = this.#toldOf(scope);
    if (told.count >= this.#thresholds.length) return;
    if (told.looking) {
      told.again = true;
    } else told.looking = this.#read(scope, told, notify).finally(() => (told.looking = undefined));
    await told.looking;
  }

  async #read(scope: BudgetScope, told: Told, notify: NonNullable<CallOptions["notify"]>): Promise<void> {
    const { key, window, limit } = scope;
    try {
      do {
        told.again = false;
        const { spent, assumed } = await this.#ledger.spend(key, window);
        for (; told.count < this.#thresholds.length; told.count++) {
          const threshold = this.#thresholds[told.count]!;
          if (spent + assumed < threshold * limit) break;
          notify({ type: "budget-alert", scope, threshold, spent: spent + assumed, limit });
        }
      } while (told.again && told.count < this.#thresholds.length);
    } catch (error) {
      notify({ type: "fault", error });
    }
  }

  #toldOf({ key, window, limit }: BudgetScope): Told {
    const now = Date.now();
    const rolling = typeof window === "object";
    const name = `${rolling ? window.rolling : window} ${limit} ${key}`;
    const period = rolling ? String(Math.floor(now / window.rolling)) : periodOf(window, now);
    let told = this.#told.get(name);
    if (!told) {
      this.#told.set(name, (told = { period, count: 0, looking: undefined, again: false }));
      for (const oldest of this.#told.keys()) {
        if (this.#told.size <= most) break;
        this.#told.delete(oldest);
      }
    } else if (told.period !== period) {
      told.period = period;
      told.count = 0;
    }
    return told;
  }
}
