import type { CallOptions, Callable, ModelError, ModelKey } from "@plugboard/core";
import { checkNumber } from "../check-number.ts";
import { isOver } from "../is-over.ts";
import { keyOf } from "../key-of.ts";
import { leavesOf } from "../leaves-of.ts";
import { namesOf } from "../names-of.ts";
import { isOwnFault } from "../own-fault.ts";
import { PeakEwma } from "./peak-ewma.ts";
import type { Candidate } from "./policy.ts";

declare module "@plugboard/core" {
  interface Notices {
    /** A model failed too often in a row, and gets no calls for `delay` milliseconds. */
    ejected: { readonly model: ModelKey; readonly delay: number; readonly error: ModelError };
    /** One that was ejected has answered again. */
    readmitted: { readonly model: ModelKey };
  }
}

/** When a model gets no calls any more, and for how long. */
export interface EjectionOptions {
  /** Failures in a row that speak of the model or its account. @default 5 */
  readonly faults?: number;
  /** Milliseconds for which it gets no calls; doubled each time in a row. After them it gets one at a time, until one succeeds. @default 30000 */
  readonly delay?: number;
  /** The most milliseconds that doubling leads to. @default 300000 */
  readonly maxDelay?: number;
  /** The share of the models that may be ejected at once. @default 0.5 */
  readonly share?: number;
}

/** A provider that asks for more than an hour is asked again after one. */
const longestRetryAfter = 3_600_000;

/** One of the models, and all that is known of how it does. */
export class Member<Request extends CallOptions, Reply> implements Candidate {
  readonly model: Callable<Request, Reply>;
  readonly key: ModelKey;
  readonly name: string;
  readonly leaves: readonly ModelKey[];
  readonly weight: number;
  inFlight: number = 0;
  readonly streamed: PeakEwma = new PeakEwma();
  readonly whole: PeakEwma = new PeakEwma();
  /** Failures in a row. */
  faults: number = 0;
  /** Ejections in a row, and until when the last one is; on probation after it. */
  ejections: number = 0;
  ejectedUntil: number | undefined;
  readmittedAt: number = -Infinity;
  /** Its provider asked for no calls before. */
  closedUntil: number = -Infinity;

  constructor(model: Callable<Request, Reply>, weight: number, name: string) {
    this.model = model;
    this.key = keyOf(model);
    this.name = name;
    this.leaves = leavesOf(model);
    this.weight = weight;
  }

  latency(streamed: boolean): number | undefined {
    const times = streamed ? this.streamed : this.whole;
    return times.known ? times.at(performance.now()) : undefined;
  }
}

/** The models of a balance: which of them may be asked, by how they did. */
export class Pool<Request extends CallOptions, Reply> {
  readonly members: readonly Member<Request, Reply>[];
  readonly #ejection: Required<EjectionOptions> | undefined;

  constructor(
    models: readonly Callable<Request, Reply>[],
    weights: readonly number[],
    ejection: EjectionOptions | false,
  ) {
    const names = namesOf(models);
    this.members = models.map((model, place) => new Member(model, weights[place]!, names[place]!));
    this.#ejection = ejection === false ? undefined : checked(ejection);
  }

  /** Those that may be asked now; where there are none, those that are only asked to wait, and then all. */
  candidates(): readonly Member<Request, Reply>[] {
    const now = performance.now();
    const free = this.members.filter((member) => isIn(member, now) && member.closedUntil <= now);
    if (free.length > 0) return free;
    const waiting = this.members.filter((member) => isIn(member, now));
    return waiting.length > 0 ? waiting : this.members;
  }

  /** A call that began at `since` was answered to its end. */
  succeeded(member: Member<Request, Reply>, since: number, { notify }: CallOptions): void {
    if (member.ejectedUntil === undefined) member.faults = 0;
    else if (since >= member.ejectedUntil) {
      member.faults = 0;
      member.ejectedUntil = undefined;
      member.readmittedAt = performance.now();
      notify?.({ type: "readmitted", model: member.key });
    }
  }

  /** A call that began at `since` failed; the caller's own failures say nothing. */
  failed(member: Member<Request, Reply>, since: number, error: ModelError, request: CallOptions): void {
    if (!isOwnFault(error) || isOver(request)) return;
    const now = performance.now();
    if (error.retryAfter) {
      member.closedUntil = Math.max(member.closedUntil, now + Math.min(error.retryAfter, longestRetryAfter));
      return;
    }
    if (!this.#ejection || (member.ejectedUntil !== undefined && since < member.ejectedUntil)) return;
    member.faults++;
    const { faults, delay, maxDelay } = this.#ejection;
    if (member.ejectedUntil === undefined) {
      if (member.faults < faults || !this.#mayEject()) return;
      if (now - member.readmittedAt > maxDelay) member.ejections = 0;
    }
    const time = Math.min(maxDelay, delay * 2 ** member.ejections);
    member.ejections++;
    member.ejectedUntil = now + time;
    request.notify?.({ type: "ejected", model: member.key, delay: time, error });
  }

  #mayEject(): boolean {
    const ejected = this.members.filter(({ ejectedUntil }) => ejectedUntil !== undefined).length;
    return ejected + 1 <= this.members.length * this.#ejection!.share;
  }
}

/** Whether it is not ejected, or on probation and not being tried just now. */
function isIn({ ejectedUntil, inFlight }: Member<never, unknown>, now: number): boolean {
  return ejectedUntil === undefined || (ejectedUntil <= now && inFlight === 0);
}

function checked({
  faults = 5,
  delay = 30_000,
  maxDelay = 300_000,
  share = 0.5,
}: EjectionOptions): Required<EjectionOptions> {
  checkNumber("eject.faults", faults, 1);
  checkNumber("eject.delay", delay, 0);
  checkNumber("eject.maxDelay", maxDelay, 0);
  checkNumber("eject.share", share, 0, 1);
  return { faults, delay, maxDelay, share };
}
