import type { Finish, ModelEvent, Start } from "./event.ts";
import type { Gathering } from "./gathering.ts";
import type { Notice } from "./notice.ts";
import type { AssistantPart } from "./part.ts";
import type { EndListener, Outcome } from "./reply-source.ts";
import type { ModelResult } from "./result.ts";
import type { TransformChain, Witness } from "./transform-chain.ts";
import { resultOf } from "./gathering.ts";

/** Most listeners want no more than to know, so the result is put together when it is asked for. */
class Finished {
  readonly status = "finished";
  readonly #start: Start | undefined;
  readonly #parts: readonly AssistantPart[];
  readonly #finish: Finish;
  #result: ModelResult | undefined;

  constructor(start: Start | undefined, parts: readonly AssistantPart[], finish: Finish) {
    this.#start = start;
    this.#parts = parts;
    this.#finish = finish;
  }

  get result(): ModelResult {
    return (this.#result ??= resultOf(this.#start, this.#parts, this.#finish));
  }
}

/** One who is told: once, with the answer as it stands at this place of the chain when its finish passes. */
class Ending implements Witness {
  next: Ending | undefined;
  readonly #listener: EndListener;
  readonly #endings: Endings;
  /** What the source said, where nothing before this place touches more than the finish. */
  readonly #gathered: Gathering | undefined;
  #told = false;
  #start: Start | undefined;
  #parts: AssistantPart[] | undefined;

  constructor(listener: EndListener, endings: Endings, gathered: Gathering | undefined) {
    this.#listener = listener;
    this.#endings = endings;
    this.#gathered = gathered;
  }

  see(event: ModelEvent): void {
    const gathered = this.#gathered;
    if (event.type === "finish") {
      const parts = gathered ? gathered.parts : (this.#parts ?? []);
      this.tell(new Finished(gathered ? gathered.start : this.#start, parts, event));
    } else if (gathered) return;
    else if (event.type === "part") (this.#parts ??= [])[event.index] = event.part;
    else if (event.type === "start") this.#start = event;
  }

  tell(outcome: Outcome): void {
    if (this.#told) return;
    this.#told = true;
    this.#endings.call(this.#listener, outcome);
  }
}

/** Who is told how a reply ended: each once, with the answer as it stands at their place among the transforms. */
export class Endings {
  /** Where faults of listeners are told. */
  notify: ((notice: Notice) => void) | undefined;
  #first: Ending | undefined;
  #last: Ending | undefined;
  #bookings: Promise<void>[] | undefined;

  /** Whether a listener has something to book, which the end of the reading waits for. */
  get booking(): boolean {
    return this.#bookings !== undefined;
  }

  async booked(): Promise<void> {
    if (this.#bookings) await Promise.all(this.#bookings);
  }

  add(listener: EndListener, chain: TransformChain, gathered: Gathering): void {
    const ending = new Ending(listener, this, chain.leavesContent ? gathered : undefined);
    chain.show(ending);
    if (this.#last) this.#last.next = ending;
    else this.#first = ending;
    this.#last = ending;
  }

  /** Tells all who have not been told: those before a finish from inside saw none. */
  tell(outcome: Outcome): void {
    for (let ending = this.#first; ending; ending = ending.next) ending.tell(outcome);
  }

  /** Calls a listener. What it has to book is waited for, what goes wrong in it is told. */
  call(listener: EndListener, outcome: Outcome): void {
    try {
      const booking = listener(outcome);
      if (booking) (this.#bookings ??= []).push(booking.catch((error: unknown) => this.fault(error)));
    } catch (error) {
      this.fault(error);
    }
  }

  /** Tells of what went wrong beside the answer. */
  fault(error: unknown): void {
    this.notify?.({ type: "fault", error });
  }
}
