import type { Finish, ModelEvent, Start } from "./event.ts";
import type { Notice } from "./notice.ts";
import type { AssistantPart } from "./part.ts";
import type { EndListener, Outcome, ReplySource, Transform } from "./reply-source.ts";
import type { ModelResult } from "./result.ts";
import { Dropped } from "./dropped.ts";
import { Endings } from "./endings.ts";
import { ModelError } from "./error.ts";
import { Gathering, resultOf } from "./gathering.ts";
import { eventsOf } from "./result.ts";
import { TransformChain, isDelta } from "./transform-chain.ts";

type Step = IteratorResult<ModelEvent, undefined>;

/** Someone who waits for one event, or for all that one read brings. */
type Reader = (
  | { readonly wants: "event"; readonly resolve: (step: Step) => void }
  | { readonly wants: "batch"; readonly resolve: (events: readonly ModelEvent[] | undefined) => void }
) & {
  readonly reject: (error: unknown) => void;
  /** Who waits behind them. */
  next: Reader | undefined;
};

const over: Step = { done: true, value: undefined };
const nothing: readonly ModelEvent[] = [];
const nothingSaid: readonly AssistantPart[] = [];
const closed: ReplySource = { pull: () => Promise.resolve(undefined) };

/**
 * What lives behind a reply: reads the source when asked, adds up what it says, and sends it through the transforms.
 * It is apart from the reply so that a reply which nobody holds can be collected while its source hangs.
 *
 * On the hot path: one promise for the reader and two for the source a read; callbacks are made once, not a read.
 */
export class Flow {
  /** What the source has said, before any transform. */
  readonly gathered: Gathering = new Gathering();
  readonly #source: ReplySource;
  readonly #chain: TransformChain = new TransformChain(this);
  readonly #endings: Endings = new Endings();

  #open = true;
  #dropped: Dropped | undefined;
  #outcome: Outcome["status"] | undefined;
  #failure: ModelError | undefined;
  #failureTold = false;
  #calledOff = false;

  /** Said before the reading began; sent through the transforms when it does. */
  #early: ModelEvent[] | undefined = [];
  /** A whole answer that was given; its events are made when somebody wants them. */
  #known: ModelResult | undefined;
  /** What came out of the transforms during this read. */
  #out: ModelEvent[] = [];
  #outStart: Start | undefined;
  /** Those that came out; none of their own while they are what the source said. */
  #outParts: AssistantPart[] | undefined;
  #outFinish: Finish | undefined;

  /** What the last read brought, and how much of it has been given. */
  #ready: readonly ModelEvent[] = [];
  #given = 0;
  #pulling = false;
  /** Whether `#serve` is on the stack: what it calls may come back to it. */
  #serving = false;
  /** Who waits, in order. No array: one that is emptied gives up its memory, and asks for new at every read. */
  #first: Reader | undefined;
  #last: Reader | undefined;
  #onPulled: ((events: readonly ModelEvent[] | undefined) => void) | undefined;
  #onBroke: ((error: unknown) => void) | undefined;

  constructor(source: ReplySource) {
    this.#source = source;
  }

  /** One that already knows the whole answer. */
  static of(result: ModelResult): Flow {
    const flow = new Flow(closed);
    flow.#open = false;
    flow.#known = result;
    flow.gathered.take(result);
    return flow;
  }

  /** Whether it can be held as it stands: nothing has been read of it and nothing changes what is. */
  get untouched(): boolean {
    return this.#early !== undefined && this.#chain.empty && !this.#outcome;
  }

  /** Where faults of listeners are told. */
  set notify(notify: (notice: Notice) => void) {
    this.#endings.notify = notify;
  }

  /** Whether the source has more to say. */
  get unfinished(): boolean {
    return this.#open && !this.gathered.finish;
  }

  /** Cancels when the token is collected before its end, which the reply alone holds. */
  watch(token: object): void {
    if (!this.#outcome) this.#dropped ??= new Dropped(token, this);
  }

  through(type: ModelEvent["type"] | undefined, transform: Transform<never>): void {
    if (!this.#early) throw lateComer();
    this.#chain.add(type, transform);
  }

  onEnd(listener: EndListener): void {
    if (!this.#early) throw lateComer();
    this.#endings.add(listener, this.#chain, this.gathered);
  }

  /** Reads on until an event that `until` says yes to, or the end; what is read waits for the reader. */
  async hold(until: (event: ModelEvent) => boolean): Promise<void> {
    if (this.#known) return; // there is no more to wait for
    const early = this.#early!;
    for (let seen = 0; ;) {
      for (; seen < early.length; seen++) if (until(early[seen]!)) return;
      if (!this.#open || this.gathered.finish) return;
      try {
        this.#accept(await this.#source.pull());
      } catch (error) {
        this.#fail(error);
      }
      if (this.#failure) {
        if (this.#booksFailure) await this.#endings.booked();
        throw this.#failure;
      }
      if (this.#outcome) throw this.#cancelled();
    }
  }

  next(): Promise<Step> {
    if (this.#given < this.#ready.length) {
      return Promise.resolve({ done: false, value: this.#ready[this.#given++]! });
    }
    return new Promise((resolve, reject) => this.#read({ wants: "event", resolve, reject, next: undefined }));
  }

  pull(): Promise<readonly ModelEvent[] | undefined> {
    return new Promise((resolve, reject) => this.#read({ wants: "batch", resolve, reject, next: undefined }));
  }

  take(resolve: (events: readonly ModelEvent[] | undefined) => void, reject: (error: unknown) => void): void {
    this.#read({ wants: "batch", resolve, reject, next: undefined });
  }

  /** Reads what is left, and gives the answer as it came out. Throws what it failed with. */
  async drain(): Promise<ModelResult> {
    // Whoever waits for the result holds its promise, not the reply: that may be collected meanwhile, and means nothing.
    this.#dropped?.forget();
    if (this.#early) {
      if (this.#known && this.#chain.leavesContent) this.#passFinish();
      else this.#begin();
    }
    this.#ready = [];
    while (!this.#outcome) await this.pull();
    if (this.#endings.booking) await this.#endings.booked();
    if (this.#failure) throw this.#failure;
    if (!this.#outFinish) throw this.#cancelled();
    return resultOf(this.#outStart, this.#outParts ?? this.#saidParts, this.#outFinish);
  }

  /** Nobody wants more: closes the source, ends whoever waits, and tells the listeners. */
  cancel(): void {
    this.#ready = [];
    if (!this.#outcome) this.#end("cancelled");
    this.#serve();
  }

  /** Called off from outside: whoever waits, or reads next, gets the error. */
  abort(error: ModelError): void {
    if (this.#outcome) return;
    this.#ready = [];
    this.#calledOff = true;
    this.#fail(error);
    this.#serve();
  }

  /** Resolves once the listeners have booked what they had to. */
  booked(): Promise<void> {
    return this.#endings.booked();
  }

  #read(reader: Reader): void {
    if (this.#first) this.#last!.next = reader;
    else this.#first = reader;
    this.#last = reader;
    if (this.#pulling && !this.#outcome) return;
    if (this.#early) this.#begin();
    this.#serve();
  }

  /** All of a known answer is wanted at once and nobody changes its content: its finish alone is sent through the transforms. */
  #passFinish(): void {
    this.#early = undefined;
    this.#outStart = this.gathered.start;
    try {
      this.#chain.send({ type: "finish", ...this.gathered.finish! });
      if (this.#outFinish) this.#end("finished");
    } catch (error) {
      this.#fail(error);
    }
    this.#out = [];
  }

  /** The first read: sends what was said before through the transforms. */
  #begin(): void {
    const early = this.#known ? eventsOf(this.#known) : this.#early!;
    this.#early = undefined;
    if (this.#outcome) return;
    try {
      for (const event of early) {
        this.#chain.send(event);
        if (this.#outFinish) break;
      }
      if (this.#outFinish) this.#end("finished");
    } catch (error) {
      this.#fail(error);
    }
    this.#offer();
  }

  /** Gives whoever waits what there is, and asks the source for more when that is not enough. */
  #serve(): void {
    if (this.#serving) return;
    this.#serving = true;
    for (let reader = this.#first; reader; reader = this.#first) {
      const waits = this.#given >= this.#ready.length && !this.#outcome;
      if (waits && this.#pulling) break;
      if (waits) {
        this.#pull(); // a source that answers at once has changed what there is
        continue;
      }
      this.#first = reader.next;
      if (!this.#first) this.#last = undefined;
      if (this.#given < this.#ready.length) this.#give(reader);
      else if (this.#failure && !this.#failureTold) {
        this.#failureTold = true;
        this.#refuse(reader, this.#failure);
      } else this.#close(reader);
    }
    this.#serving = false;
  }

  #give(reader: Reader): void {
    if (reader.wants === "event") {
      reader.resolve({ done: false, value: this.#ready[this.#given++]! });
    } else {
      reader.resolve(this.#given === 0 ? this.#ready : this.#ready.slice(this.#given));
      this.#given = this.#ready.length;
    }
  }

  #refuse(reader: Reader, failure: ModelError): void {
    if (this.#booksFailure) void this.#endings.booked().then(() => reader.reject(failure));
    else reader.reject(failure);
  }

  /** Whoever calls off is told at once; other failures wait for what listeners book, as the end of an answer does. */
  get #booksFailure(): boolean {
    return this.#endings.booking && !this.#calledOff;
  }

  #close(reader: Reader): void {
    const close = (): void => (reader.wants === "event" ? reader.resolve(over) : reader.resolve(undefined));
    if (this.#endings.booking) void this.#endings.booked().then(close);
    else close();
  }

  #pull(): void {
    this.#pulling = true;
    this.#ready = nothing; // it has been given, and the next may be long in coming
    this.#given = 0;
    this.#onPulled ??= (events) => this.#pulled(events);
    this.#onBroke ??= (error) => this.#broke(error);
    try {
      if (this.#source.take) this.#source.take(this.#onPulled, this.#onBroke);
      else this.#source.pull().then(this.#onPulled, this.#onBroke);
    } catch (error) {
      this.#broke(error);
    }
  }

  #pulled(events: readonly ModelEvent[] | undefined): void {
    this.#pulling = false;
    if (!this.#outcome && !this.#passOn(events)) {
      try {
        this.#accept(events);
        if (this.#outFinish) this.#end("finished");
      } catch (error) {
        this.#fail(error);
      }
      this.#offer();
    }
    this.#serve();
  }

  #broke(error: unknown): void {
    this.#pulling = false;
    if (!this.#outcome) {
      this.#open = false;
      this.#fail(error);
    }
    this.#serve();
  }

  #offer(): void {
    this.#ready = this.#out;
    this.#given = 0;
    this.#out = [];
  }

  /**
   * Most reads bring deltas alone, which few transforms look at: they are given on in the list they came in. A list of its own for each
   * read and layer had cost more than all else that a layer does.
   */
  #passOn(events: readonly ModelEvent[] | undefined): boolean {
    const { gathered } = this;
    if (!events || !this.#chain.leavesDeltas || !gathered.start || gathered.finish) return false;
    for (const { type } of events) if (!isDelta(type)) return false;
    for (const event of events) gathered.add(event);
    this.#ready = events;
    this.#given = 0;
    return true;
  }

  /** One read of the source: adds it up and sends it on. */
  #accept(events: readonly ModelEvent[] | undefined): void {
    if (this.#outcome) return;
    const { gathered } = this;
    if (events === undefined) {
      this.#open = false;
      if (gathered.finish && this.#early) return;
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
    else this.#chain.send(event);
  }

  /** Where the transforms end: what the reader gets. */
  accept(event: ModelEvent): void {
    if (this.#outFinish) return;
    switch (event.type) {
      case "part":
        this.#acceptPart(event.index, event.part);
        break;
      case "start":
        this.#outStart = event;
        break;
      case "finish":
        this.#outFinish = event;
        break;
      default: // deltas add up to parts
    }
    this.#out.push(event);
  }

  #acceptPart(index: number, part: AssistantPart): void {
    const said = this.#saidParts;
    if (!this.#outParts && said[index] === part) return;
    (this.#outParts ??= [...said])[index] = part;
  }

  /** What came out, unless some layer changes it. */
  get #saidParts(): readonly AssistantPart[] {
    return this.#chain.leavesContent ? this.gathered.parts : nothingSaid;
  }

  #fail(error: unknown): void {
    if (this.#outcome) return;
    this.#failure = ModelError.from(error);
    this.#failure.partial ??= this.gathered.result;
    this.#end("failed");
  }

  /** Closes the source, and tells every listener that has not been told: those before a finish from inside saw none. */
  #end(status: Outcome["status"]): void {
    this.#outcome = status;
    this.#dropped?.forget();
    if (this.#open) {
      this.#open = false;
      try {
        this.#source.cancel?.();
      } catch (error) {
        this.#endings.fault(error);
      }
    }
    // All have been told by the finish that came from the source and passed the chain.
    if (status === "finished" && this.gathered.finish) return;
    const error = this.#failure;
    const partial = error?.partial ?? this.gathered.result;
    this.#endings.tell(error ? { status: "failed", error, partial } : { status: "cancelled", partial });
  }

  #cancelled(): ModelError {
    const partial = this.gathered.result;
    return new ModelError("The reply was cancelled before it was finished.", { code: "aborted", partial });
  }
}

function lateComer(): ModelError {
  return new ModelError("A reply that is being read takes no more transforms or listeners.", {
    code: "invalid-request",
  });
}
