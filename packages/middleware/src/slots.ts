import { ModelError } from "@plugboard/core";

/** Why someone was turned away: too many wait already, or their time ran out. */
export type Turned = "full" | "late";

/** How someone waits. */
export interface SlotWait {
  readonly signal: AbortSignal | undefined;
  /** Milliseconds since the epoch. */
  readonly deadline: number | undefined;
  /** The higher goes first; of equals, who came first. */
  readonly priority: number;
  /** The most milliseconds that they wait. */
  readonly patience: number;
}

interface Waiter {
  readonly priority: number;
  readonly goes: () => void;
  readonly turnAway: (why: Turned) => void;
}

const longestTimer = 2 ** 31 - 1;

/** So many at once; the others wait in a queue of bounded length. Whoever goes out hands their slot on. */
export class Slots {
  readonly #limit: number;
  readonly #most: number;
  #taken = 0;
  /** In the order in which they go. */
  readonly #queue: Waiter[] = [];

  constructor(limit: number, most: number) {
    this.#limit = limit;
    this.#most = most;
  }

  /** Whether nobody has a slot, and so nobody waits. */
  get idle(): boolean {
    return this.#taken === 0;
  }

  /** Takes a slot if one is free; then nobody waits, since a slot that is given back goes to whoever does. */
  enter(): boolean {
    if (this.#taken >= this.#limit) return false;
    this.#taken++;
    return true;
  }

  /**
   * Waits for a slot, or says why not. A full queue turns away the last one in it if the newcomer goes before them, else the newcomer.
   *
   * @throws {ModelError} as soon as the signal fires; then they are out of the queue
   */
  wait({ priority, signal, deadline, patience }: SlotWait): Promise<Turned | undefined> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(ModelError.calledOff(signal));
      const left = Math.min(patience, deadline === undefined ? Infinity : deadline - Date.now());
      if (left <= 0) return resolve("late");
      const queue = this.#queue;
      const place = this.#placeOf(priority);
      if (queue.length >= this.#most) {
        if (place === queue.length) return resolve("full");
        queue.pop()!.turnAway("full");
      }

      const leave = (): void => {
        signal?.removeEventListener("abort", onAbort);
        clearTimeout(timer);
      };
      const out = (): void => {
        queue.splice(queue.indexOf(waiter), 1);
        leave();
      };
      const onAbort = (): void => {
        out();
        reject(ModelError.calledOff(signal!));
      };
      const onLate = (): void => {
        out();
        resolve("late");
      };
      const timer = left === Infinity ? undefined : setTimeout(onLate, Math.min(left, longestTimer));
      signal?.addEventListener("abort", onAbort, { once: true });
      const waiter: Waiter = {
        priority,
        goes: () => {
          leave();
          resolve(undefined);
        },
        turnAway: (why) => {
          leave();
          resolve(why);
        },
      };
      queue.splice(place, 0, waiter);
    });
  }

  /** Gives a slot back. */
  leave(): void {
    const next = this.#queue.shift();
    if (next) next.goes();
    else this.#taken--;
  }

  /** Behind all who go before, or came before. */
  #placeOf(priority: number): number {
    let [low, high] = [0, this.#queue.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#queue[middle]!.priority >= priority) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
