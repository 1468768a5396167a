import type { ModelErrorCode, Notice } from "@plugboard/core";

/** What became of the calls of a soak. */
export class Tally {
  started = 0;
  finished = 0;
  cancelled = 0;
  readonly failed: Map<ModelErrorCode | "no ModelError", number> = new Map();
  attempts = 0;
  ended = 0;
  events = 0;
  /** Answers that were not those to the call: half of one, or of another. */
  readonly wrong: string[] = [];

  fail(code: ModelErrorCode | "no ModelError"): void {
    this.failed.set(code, (this.failed.get(code) ?? 0) + 1);
  }

  /** A bound method: counts attempts as they begin and end. */
  readonly notice = (notice: Notice): void => {
    if (notice.type !== "attempt") return;
    if (notice.attempt.outcome === "running") this.attempts++;
    else this.ended++;
  };

  get failures(): number {
    return [...this.failed.values()].reduce((sum, count) => sum + count, 0);
  }

  /** What does not add up. */
  get problems(): string[] {
    const told = this.finished + this.failures + this.cancelled;
    const strays = this.failed.get("no ModelError") ?? 0;
    return [
      ...(told === this.started ? [] : [`${this.started} calls were started, and ${told} ended`]),
      ...(this.attempts === this.ended ? [] : [`${this.attempts} attempts began, and ${this.ended} ended`]),
      ...(strays === 0 ? [] : [`${strays} calls failed with what is no ModelError`]),
      ...(this.wrong.length === 0 ? [] : [`${this.wrong.length} answers were not whole, such as ${this.wrong[0]}`]),
    ];
  }
}
