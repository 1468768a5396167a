import type { LimitTake } from "@plugboard/core";
import type { Meter } from "./meter.ts";

/** How much of a limit may go at once while it is in use. */
const burstShare = 0.1;

/**
 * The generic cell rate algorithm, with cost and refund: one number tells when all that was taken will have trickled away, and who comes
 * before that, less a tenth of the limit, waits.
 *
 * It keeps to the limit in every window: of `limit` whole units, `burst` may go at once and the rest comes back one by one, an interval
 * of `window / (limit - burst + 1)` apart, so fewer than `limit + 1` go in a window. Whoever wants more than a burst goes once the limit has
 * been idle for as long as the rest takes to come back, so that the whole of an idle limit can be taken at once.
 */
export class Gcra implements Meter {
  readonly #window: number;
  /** When all that was taken will have trickled away. */
  #arrival = -Infinity;
  /** What was taken when, as long as it makes a difference to give it back. */
  readonly #taken = new Map<number, number>();

  constructor(window: number) {
    this.#window = window;
  }

  waitFor({ cost, limit }: LimitTake, now: number): number {
    if (cost === 0) return 0;
    if (Math.ceil(cost) > Math.floor(limit)) return Infinity;
    const { burst, interval } = this.#paceOf(limit);
    return Math.max(0, this.#arrival + (Math.ceil(cost) - burst) * interval - now);
  }

  add({ cost, limit }: LimitTake, now: number): void {
    if (cost === 0) return;
    const { interval } = this.#paceOf(limit);
    this.#forget(interval, now);
    this.#arrival = Math.max(this.#arrival, now) + Math.ceil(cost) * interval;
    this.#taken.set(now, (this.#taken.get(now) ?? 0) + Math.ceil(cost));
  }

  /**
   * Without what was given back, less would have trickled away since, by up to the time that has passed; what that comes to is lost. So
   * nobody goes who could not have gone if it had never been taken.
   */
  remove({ cost, limit }: LimitTake, at: number, now: number): void {
    const { interval } = this.#paceOf(limit);
    const left = this.#taken.get(at) ?? 0;
    const back = Math.min(Math.floor(cost), left);
    if (back === 0) return;
    this.#taken.set(at, left - back);
    const time = back * interval - (now - at);
    if (time > 0) this.#arrival -= time;
  }

  isEmpty(now: number): boolean {
    return this.#arrival + this.#window <= now;
  }

  /** Costs are whole units, so that `burst + window / interval` may be one more than the limit: a window never has all of it. */
  #paceOf(limit: number): { readonly burst: number; readonly interval: number } {
    const whole = Math.floor(limit);
    const burst = Math.max(1, Math.floor(whole * burstShare));
    return { burst, interval: this.#window / (whole - burst + 1) };
  }

  #forget(interval: number, now: number): void {
    for (const [at, amount] of this.#taken) {
      if (amount * interval > now - at) break;
      this.#taken.delete(at);
    }
  }
}
