import { RecentOutcomes } from "./recent-outcomes.ts";

/** When a circuit opens, and for how long. All times in milliseconds. */
export interface CircuitTerms {
  readonly ratio: number;
  readonly calls: number;
  readonly window: number;
  readonly open: number;
  readonly maxOpen: number;
  readonly probes: number;
  readonly random: () => number;
}

/** A call that was let through. */
export interface Pass {
  /** The state of the circuit that it belongs to: what it comes to says nothing of another one. */
  era: number;
  readonly isProbe: boolean;
  /** When its first content came. */
  answered: number | undefined;
}

/** Why a call was not let through, and how long it is until another may be. */
export interface Refusal {
  readonly refused: "open" | "asked-to-wait";
  readonly retryAfter: number;
}

/** What a call changed. */
export type Change = "opened" | "closed" | undefined;

/** A wait is up to a quarter longer than it need be, so that processes which saw the same outage do not come back together. */
const jitter = 0.25;

/**
 * What is known of one model: whether calls go through (closed), none does (open), or a few do to see how it fares (half open).
 * It has no timers; the time is told to it.
 */
export class Circuit {
  readonly #terms: CircuitTerms;
  readonly #recent: RecentOutcomes;
  #state: "closed" | "open" | "half-open" = "closed";
  /** Counts the changes of state. */
  #era = 0;
  #openUntil = 0;
  /** How often it has opened without having been well in between. */
  #openings = 0;
  #closedAt = -Infinity;
  /** Until when the provider asked to be left alone. */
  #doorShutUntil = -Infinity;
  readonly #probes = new Set<Pass>();

  constructor(terms: CircuitTerms) {
    this.#terms = terms;
    this.#recent = new RecentOutcomes(terms.window);
  }

  /** Lets a call through, or says why not. Whoever is let through says how it ended: `succeed`, `fail` or `leave`. */
  enter(now: number): Pass | Refusal {
    if (now < this.#doorShutUntil) return { refused: "asked-to-wait", retryAfter: this.#doorShutUntil - now };
    if (this.#state === "open") {
      if (now < this.#openUntil) return { refused: "open", retryAfter: this.#openUntil - now };
      this.#turn("half-open");
    }
    const isProbe = this.#state === "half-open";
    if (isProbe && this.#probes.size >= this.#terms.probes) {
      return { refused: "open", retryAfter: this.#terms.open };
    }
    const pass: Pass = { era: this.#era, isProbe, answered: undefined };
    if (isProbe) this.#probes.add(pass);
    return pass;
  }

  /**
   * A probe has passed once its answer has been coming for as long as the circuit is open at first: neither a long answer nor a reader
   * who takes their time keeps others waiting.
   */
  review(now: number): Change {
    if (this.#state !== "half-open") return undefined;
    for (const { answered } of this.#probes) {
      if (answered !== undefined && now - answered >= this.#terms.open) return this.#close(now);
    }
    return undefined;
  }

  /** The answer came, and came whole. */
  succeed(pass: Pass, now: number): Change {
    this.leave(pass);
    if (pass.era !== this.#era) return undefined;
    if (this.#state === "half-open") return this.#close(now);
    this.#recent.add("successes", now);
    return undefined;
  }

  /** It failed by the provider's fault, which may have asked to wait so long. */
  fail(pass: Pass, now: number, retryAfter = 0): Change {
    this.leave(pass);
    if (pass.era !== this.#era) return undefined;
    if (this.#state === "closed") {
      this.#recent.add("failures", now);
      const { successes, failures } = this.#recent.sums(now);
      const total = successes + failures;
      if (total < this.#terms.calls || failures / total < this.#terms.ratio) return undefined;
    }
    this.#open(now, retryAfter);
    return "opened";
  }

  /** It ended in a way that says nothing of the provider. */
  leave(pass: Pass): void {
    this.#probes.delete(pass);
  }

  /** The provider asked to be left alone for so long: the door is shut, and the circuit as it was. */
  shutDoor(now: number, retryAfter: number): void {
    this.#doorShutUntil = Math.max(this.#doorShutUntil, now + retryAfter);
  }

  /** How long until a call may be let through. */
  untilOpen(now: number): number {
    return Math.max(0, this.#openUntil - now);
  }

  #open(now: number, retryAfter: number): void {
    const { open, maxOpen, window, random } = this.#terms;
    // One that opens again soon after it was closed was not well.
    if (this.#state === "closed" && now - this.#closedAt > window) this.#openings = 0;
    const delay = Math.min(maxOpen, open * 2 ** this.#openings++) * (1 + jitter * random());
    this.#openUntil = now + Math.max(delay, retryAfter);
    this.#turn("open");
  }

  #close(now: number): Change {
    const probes = [...this.#probes];
    this.#closedAt = now;
    this.#turn("closed");
    // Those still under way are calls like any other: one that fails half way counts.
    for (const probe of probes) probe.era = this.#era;
    return "closed";
  }

  #turn(state: "closed" | "open" | "half-open"): void {
    this.#state = state;
    this.#era++;
    this.#recent.clear();
    this.#probes.clear();
  }
}
