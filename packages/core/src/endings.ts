import type { Finish, ModelEvent, Start } from "./event.ts";
import type { Gathering } from "./gathering.ts";
import type { Notice } from "./notice.ts";
import type { AssistantPart } from "./part.ts";
import type { EndListener, Outcome, Transform } from "./reply-source.ts";
import type { ModelResult } from "./result.ts";
import type { TransformChain } from "./transform-chain.ts";
import { resultOf } from "./gathering.ts";

/** Most listeners want no more than to know, so the result is put together when it is asked for. */
class Finished {
  readonly status = "finished";
  readonly #make: () => ModelResult;
  #result: ModelResult | undefined;

  constructor(make: () => ModelResult) {
    this.#make = make;
  }

  get result(): ModelResult {
    return (this.#result ??= this.#make());
  }
}

/** Who is told how a reply ended: each once, with the answer as it stands at their place among the transforms. */
export class Endings {
  /** Where faults of listeners are told. */
  notify: ((notice: Notice) => void) | undefined;
  readonly #tellers: ((outcome: Outcome) => void)[] = [];
  #bookings: Promise<void>[] | undefined;

  /** Whether a listener has something to book, which the end of the reading waits for. */
  get booking(): boolean {
    return this.#bookings !== undefined;
  }

  async booked(): Promise<void> {
    if (this.#bookings) await Promise.all(this.#bookings);
  }

  add(listener: EndListener, chain: TransformChain, gathered: Gathering): void {
    let told = false;
    const tell = (outcome: Outcome): void => {
      if (told) return;
      told = true;
      this.#call(listener, outcome);
    };
    tap(tell, chain, gathered);
    this.#tellers.push(tell);
  }

  /** Tells all who have not been told: those before a finish from inside saw none. */
  tell(outcome: Outcome): void {
    for (const tell of this.#tellers) tell(outcome);
  }

  #call(listener: EndListener, outcome: Outcome): void {
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

/** Tells the answer as it stands at this place of the chain when its finish passes. */
function tap(tell: (outcome: Outcome) => void, chain: TransformChain, gathered: Gathering): void {
  // Where nothing before it touches more than the finish, the content is what the source said.
  if (chain.leavesContent) {
    tapFinish(tell, chain, (finish) => resultOf(gathered.start, gathered.parts, finish));
    return;
  }
  let start: Start | undefined;
  const parts: AssistantPart[] = [];
  chain.add("start", ((event, emit) => {
    start = event;
    emit(event);
  }) satisfies Transform<ModelEvent & { type: "start" }>);
  chain.add("part", ((event, emit) => {
    parts[event.index] = event.part;
    emit(event);
  }) satisfies Transform<ModelEvent & { type: "part" }>);
  tapFinish(tell, chain, (finish) => resultOf(start, parts, finish));
}

function tapFinish(
  tell: (outcome: Outcome) => void,
  chain: TransformChain,
  resultAt: (finish: Finish) => ModelResult,
): void {
  chain.add("finish", ((event, emit) => {
    tell(new Finished(() => resultAt(event)));
    emit(event);
  }) satisfies Transform<ModelEvent & { type: "finish" }>);
}
