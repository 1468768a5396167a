import { Slots } from "./slots.ts";
import type { SlotWait } from "./slots.ts";
import { wait } from "./wait.ts";

/** Lines of those who wait for the same: whoever came first goes first, and only the first of a line looks whether there is room. */
export class Lines {
  readonly #lines = new Map<string, Slots>();
  /** Ends the sleep of those who are first. */
  readonly #sleepers = new Set<() => void>();

  /** Whether nobody stands in a line. */
  isFree(name: string): boolean {
    return !this.#lines.has(name);
  }

  /**
   * Does something when it is one's turn; `undefined` if that does not come in time.
   *
   * @throws {ModelError} as soon as the signal fires, or what is done fails with
   */
  async stand<Value>(
    name: string,
    { signal, ...how }: Omit<SlotWait, "priority">,
    turn: (sleep: (delay: number) => Promise<void>) => Promise<Value>,
  ): Promise<Value | undefined> {
    let line = this.#lines.get(name);
    if (!line) this.#lines.set(name, (line = new Slots(1, Infinity)));
    if (!line.enter() && (await line.wait({ ...how, signal, priority: 0 }))) return undefined;
    try {
      return await turn((delay) => wait(delay, signal, this.#sleepers));
    } finally {
      line.leave();
      if (line.idle) this.#lines.delete(name);
    }
  }

  /** Something was given back: the first of every line looks again. */
  wake(): void {
    for (const wake of this.#sleepers) wake();
  }
}
