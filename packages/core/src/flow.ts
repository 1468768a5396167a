import type { Finish, ModelEvent, Start } from "./event.ts";
import type { AssistantPart } from "./part.ts";
import type { Emit, EndListener, Outcome, ReplySource, Transform } from "./reply-source.ts";
import type { ModelResult } from "./result.ts";
import { ModelError } from "./error.ts";
import { fuse } from "./event-chain.ts";
import type { Layer } from "./event-chain.ts";
import { Gathering, finishOf, resultOf, startOf } from "./gathering.ts";
import { eventsOf } from "./result.ts";

type Step = IteratorResult<ModelEvent, undefined>;

/** Someone who waits for one event, or for all that one read brings. */
type Reader =
  | { readonly wants: "event"; readonly resolve: (step: Step) => void; readonly reject: (error: unknown) => void }
  | {
      readonly wants: "batch";
      readonly resolve: (events: readonly ModelEvent[] | undefined) => void;
      readonly reject: (error: unknown) => void;
    };

const over: Step = { done: true, value: undefined };
const closed: ReplySource = { pull: () => Promise.resolve(undefined) };

/** The last net: a reply that was dropped unread is cancelled when it is collected. */
const dropped = new FinalizationRegistry<Flow>((flow) => flow.cancel());

/**
 * What lives behind a reply: reads the source when asked, adds up what it says, and sends it through the transforms.
 * It is apart from the reply so that a reply which nobody holds can be collected while its source hangs.
 *
 * On the hot path: one promise for the reader and one for the source a read; callbacks are made once, not a read.
 */
export class Flow {
  /** What the source has said, before any transform. */
  readonly gathered: Gathering;
  /** Where faults of listeners are told. */
  onFault: ((error: unknown) => void) | undefined;

  readonly #source: ReplySource;
  readonly #layers: Layer[] = [];
  readonly #listeners: ((outcome: Outcome) => void)[] = [];
  /** What listeners still book; the end of the reading waits for it. */
  readonly #bookings: Promise<void>[] = [];

  /** Whether the source may still say something. */
  #open = true;
  #outcome: Outcome["status"] | undefined;
  #failure: ModelError | undefined;
  #failureTold = false;

  /** Said before the reading began; sent through the transforms when it does. */
  #early: ModelEvent[] | undefined = [];
  /** The fused transforms; there once the reading has begun. */
  #emit: Emit | undefined;
  #out: ModelEvent[] = [];
  #outStart: Start | undefined;
  #outParts: AssistantPart[] = [];
  #outFinish: Finish | undefined;

  /** What the last read brought, and how much of it has been given. */
  #ready: readonly ModelEvent[] = [];
  #given = 0;
  #pulling = false;
  readonly #readers: Reader[] = [];

  constructor(source: ReplySource) {
    this.#source = source;
    this.gathered = new Gathering();
  }

  /** One that already knows the whole answer. */
  static of(result: ModelResult): Flow {
    const flow = new Flow(closed);
    flow.#open = false;
    flow.#early = eventsOf(result);
    for (const event of flow.#early) flow.gathered.add(event);
    return flow;
  }

  /** Whether it can be held as it stands: nothing has been read of it and nothing changes what is. */
  get untouched(): boolean {
    return this.#early !== undefined && this.#layers.length === 0 && this.#outcome === undefined;
  }

  watch(reply: object): void {
    if (this.#open) dropped.register(reply, this, this);
  }

  through(type: ModelEvent["type"] | undefined, transform: Transform<never>): void {
    if (!this.#early) {
      throw new ModelError("A reply that is being read takes no more transforms.", { code: "invalid-request" });
    }
    this.#layers.push({ type, transform });
  }

  onEnd(listener: EndListener): void {
    let told = false;
    const tell = (outcome: Outcome): void => {
      if (told) return;
      told = true;
      try {
        const booking = listener(outcome);
        if (booking) this.#bookings.push(booking.catch((error: unknown) => this.onFault?.(error)));
      } catch (error) {
        this.onFault?.(error);
      }
    };
    this.#tap(tell);
    this.#listeners.push(tell);
  }

  /** Tells the answer as it stands at this place of the chain when its finish passes. */
  #tap(tell: (outcome: Outcome) => void): void {
    // Where nothing before it touches more than the finish, the answer is what the source said.
    const untouched = this.#layers.every(({ type }) => type === "finish");
    let { start, parts } = { start: undefined as Start | undefined, parts: [] as AssistantPart[] };
    if (!untouched) {
      this.through("start", ((event, emit) => {
        start = startOf(event);
        emit(event);
      }) satisfies Transform<ModelEvent & { type: "start" }>);
      this.through("part", ((event, emit) => {
        parts[event.index] = event.part;
        emit(event);
      }) satisfies Transform<ModelEvent & { type: "part" }>);
    }
    this.through("finish", ((event, emit) => {
      if (untouched) ({ start, parts } = this.gathered);
      tell({ status: "finished", result: resultOf(start, parts, finishOf(event)) });
      emit(event);
    }) satisfies Transform<ModelEvent & { type: "finish" }>);
  }

  /** Reads on until an event that `until` says yes to, or the end; what is read waits for the reader. */
  async hold(until: (event: ModelEvent) => boolean): Promise<void> {
    const early = this.#early!;
    for (let seen = 0; ;) {
      for (; seen < early.length; seen++) if (until(early[seen]!)) return;
      if (!this.#open || this.gathered.finish) return;
      try {
        this.#accept(await this.#source.pull());
      } catch (error) {
        this.#fail(error);
      }
      if (this.#failure) throw this.#failure;
      if (this.#outcome) throw this.#cancelled();
    }
  }

  next(): Promise<Step> {
    if (this.#given < this.#ready.length) {
      return Promise.resolve({ done: false, value: this.#ready[this.#given++]! });
    }
    return new Promise((resolve, reject) => this.#read({ wants: "event", resolve, reject }));
  }

  pull(): Promise<readonly ModelEvent[] | undefined> {
    return new Promise((resolve, reject) => this.#read({ wants: "batch", resolve, reject }));
  }

  /** The answer as it came out, once the reading is over. Throws what it failed with. */
  get result(): ModelResult {
    if (this.#failure) throw this.#failure;
    if (!this.#outFinish) throw this.#cancelled();
    return resultOf(this.#outStart, this.#outParts, this.#outFinish);
  }

  /** Nobody wants more: closes the source, ends whoever waits, and tells the listeners. */
  cancel(): void {
    this.#ready = [];
    this.#given = 0;
    if (!this.#outcome) this.#end("cancelled", { status: "cancelled", partial: this.gathered.result });
    this.#serve();
  }

  /** Called off from outside: whoever waits, or reads next, gets the error. */
  abort(error: ModelError): void {
    if (this.#outcome) return;
    this.#ready = [];
    this.#given = 0;
    this.#fail(error);
    this.#serve();
  }

  async settled(): Promise<void> {
    await Promise.all(this.#bookings);
  }

  #read(reader: Reader): void {
    this.#readers.push(reader);
    if (this.#pulling && !this.#outcome) return;
    if (this.#early) this.#begin();
    this.#serve();
  }

  /** The first read: fuses the transforms, and sends through them what was said before. */
  #begin(): void {
    const early = this.#early!;
    this.#early = undefined;
    this.#emit = this.#layers.length > 0 ? fuse(this.#layers, this.#sink) : this.#sink;
    if (this.#outcome) return;
    try {
      for (const event of early) {
        this.#emit(event);
        if (this.#outFinish) break;
      }
      if (this.#outFinish) this.#finish();
    } catch (error) {
      this.#fail(error);
    }
    this.#offer();
  }

  /** Gives whoever waits what there is, and asks the source for more when that is not enough. */
  #serve(): void {
    while (this.#readers.length > 0) {
      if (this.#given < this.#ready.length) {
        const reader = this.#readers.shift()!;
        if (reader.wants === "event") {
          reader.resolve({ done: false, value: this.#ready[this.#given++]! });
        } else {
          reader.resolve(this.#given === 0 ? this.#ready : this.#ready.slice(this.#given));
          this.#given = this.#ready.length;
        }
      } else if (this.#failure && !this.#failureTold) {
        this.#failureTold = true;
        this.#readers.shift()!.reject(this.#failure);
      } else if (this.#outcome) {
        this.#close(this.#readers.shift()!);
      } else {
        if (!this.#pulling) this.#pullSource();
        return;
      }
    }
  }

  #close(reader: Reader): void {
    const close = (): void => (reader.wants === "event" ? reader.resolve(over) : reader.resolve(undefined));
    if (this.#bookings.length > 0) void this.settled().then(close);
    else close();
  }

  #pullSource(): void {
    this.#pulling = true;
    try {
      this.#source.pull().then(this.#pulled, this.#broke);
    } catch (error) {
      this.#broke(error);
    }
  }

  readonly #pulled = (events: readonly ModelEvent[] | undefined): void => {
    this.#pulling = false;
    if (!this.#outcome) {
      try {
        this.#accept(events);
        if (this.#outFinish) this.#finish();
      } catch (error) {
        this.#fail(error);
      }
      this.#offer();
    }
    this.#serve();
  };

  readonly #broke = (error: unknown): void => {
    this.#pulling = false;
    if (!this.#outcome) {
      this.#open = false;
      this.#fail(error);
    }
    this.#serve();
  };

  #offer(): void {
    this.#ready = this.#out;
    this.#given = 0;
    this.#out = [];
  }

  /** One read of the source: adds it up and sends it on. */
  #accept(events: readonly ModelEvent[] | undefined): void {
    if (this.#outcome) return;
    const { gathered } = this;
    if (events === undefined) {
      this.#open = false;
      if (gathered.finish) return;
      throw new ModelError("The answer ended before it was finished.", { code: "truncated" });
    }
    for (const event of events) {
      if (gathered.finish) return;
      if (!gathered.start) {
        if (event.type !== "start") {
          throw new ModelError(`The source of this reply said "${event.type}" before its start.`, { code: "parse" });
        }
      } else if (event.type === "start") continue;
      else if (event.type === "finish") for (const part of gathered.open()) this.#send(part);
      this.#send(event);
      if (this.#outFinish) return;
    }
  }

  #send(event: ModelEvent): void {
    this.gathered.add(event);
    if (this.#early) this.#early.push(event);
    else this.#emit!(event);
  }

  /** Where the transforms end: what the reader gets. */
  readonly #sink: Emit = (event) => {
    if (this.#outFinish) return;
    switch (event.type) {
      case "part":
        this.#outParts[event.index] = event.part;
        break;
      case "start":
        this.#outStart = startOf(event);
        break;
      case "finish":
        this.#outFinish = finishOf(event);
        break;
      default: // deltas add up to parts
    }
    this.#out.push(event);
  };

  /** The first finish that leaves the chain ends the reply; one from inside leaves listeners before it that saw none. */
  #finish(): void {
    this.#end("finished", { status: "cancelled", partial: this.gathered.result });
  }

  #fail(error: unknown): void {
    if (this.#outcome) return;
    const failure = ModelError.from(error);
    const partial = (failure.partial ??= this.gathered.result);
    this.#failure = failure;
    this.#end("failed", { status: "failed", error: failure, partial });
  }

  /** Closes the source and tells every listener that has not been told. */
  #end(status: Outcome["status"], outcome: Outcome): void {
    this.#outcome = status;
    dropped.unregister(this);
    if (this.#open) {
      this.#open = false;
      try {
        this.#source.cancel?.();
      } catch (error) {
        this.onFault?.(error);
      }
    }
    for (const tell of this.#listeners) tell(outcome);
  }

  #cancelled(): ModelError {
    const partial = this.gathered.result;
    return new ModelError("The reply was cancelled before it was finished.", { code: "aborted", partial });
  }
}
