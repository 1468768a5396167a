import type { Attempt } from "./attempt.ts";
import type { Cost } from "./cost.ts";
import type { ModelError } from "./error.ts";
import type { Notice } from "./notice.ts";
import { addCosts } from "./cost.ts";

/** Gathers the attempts of a whole call, for whoever is outermost to put them where the caller looks. */
export class AttemptList {
  attempts: Attempt[] = [];
  readonly #listener: ((notice: Notice) => void) | undefined;

  /** @param listener - the caller's own, which is told all the same */
  constructor(listener: ((notice: Notice) => void) | undefined) {
    this.#listener = listener;
  }

  /** To be put in the request. */
  readonly notify = (notice: Notice): void => {
    if (notice.type === "attempt" && notice.attempt.outcome === "running") this.#add(notice.attempt);
    if (this.#listener) tell(this.#listener, notice);
  };

  /** Two calls of one request may share an attempt, and it is told to each. */
  #add(attempt: Attempt): void {
    if (this.attempts.length === 0) this.attempts = [attempt]; // the only one of most calls: pushed to, it would get room for seventeen
    else if (!this.attempts.includes(attempt)) this.attempts.push(attempt);
  }

  /** The sum, absent if any attempt has no price. One that provably cost nothing counts as nothing. */
  get cost(): Cost | undefined {
    const costs: Cost[] = [];
    for (const { cost, unbilled } of this.attempts) {
      if (cost) costs.push(cost);
      else if (!unbilled) return undefined;
    }
    return addCosts(costs);
  }

  /** Puts the attempts and their cost on an error. */
  conclude(error: ModelError): void {
    error.attempts = this.attempts;
    error.cost = this.cost;
  }
}

/** Tells a listener; what it throws is told to it once, and is then nobody's. */
function tell(notify: (notice: Notice) => void, notice: Notice): void {
  try {
    notify(notice);
  } catch (error) {
    try {
      notify({ type: "fault", error });
    } catch {
      // It cannot be told of its own fault.
    }
  }
}
