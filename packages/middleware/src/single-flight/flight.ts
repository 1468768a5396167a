import { ModelError, ModelReply } from "@plugboard/core";
import type { ModelEvent, ModelRequest, ModelResult, ReplySource } from "@plugboard/core";
import type { Companion } from "./companion.ts";
import { Company } from "./company.ts";
import type { Open } from "./flights.ts";

type Give = Parameters<NonNullable<ReplySource["take"]>>[0];
type Refuse = Parameters<NonNullable<ReplySource["take"]>>[1];

/** How far someone has read, and what they wait for: for the answer to begin, then for each read of it. */
interface Seat {
  readonly request: ModelRequest;
  readonly begin: (reply: ModelReply | Promise<ModelReply>) => void;
  at: number;
  resolve: Give | undefined;
  reject: Refuse | undefined;
}
type Reader = Companion<Seat>;

/** What is kept for those who are behind, in characters of text and bytes of files; some answer without end must not fill the memory. */
const room = 2 ** 23;

const isFinish = (event: ModelEvent): boolean => event.type === "finish";
const refuse = (error: ModelError, seat: Seat): void => seat.reject?.(error);

/**
 * One call upstream and the callers who share its answer, each at their own pace. Whoever is ahead reads on; the rest read what was
 * kept. The call is nobody's in particular: it is called off when the last one leaves.
 */
export class Flight {
  readonly #leader: ModelRequest;
  readonly #free: () => void;
  readonly #stop = new AbortController();
  readonly #company: Company<Seat>;
  #kept: (readonly ModelEvent[])[] = [];
  /** How many reads were dropped from the front of what is kept, and how much there is in it. */
  #dropped = 0;
  #size = 0;
  #reply: ModelReply | undefined;
  /** The answer was not asked for bit by bit and is there: it need not be passed on bit by bit. */
  #isWhole = false;
  #result: ModelResult | undefined;
  #pulling = false;
  #onArrived: Give | undefined;
  #closed = false;
  /** What the end of the answer waits for. */
  #until: Promise<unknown> | undefined;
  #failure: ModelError | undefined;

  /** `free` is called when newcomers must make a call of their own. */
  constructor(open: Open<ModelRequest, ModelReply>, leader: ModelRequest, free: () => void) {
    this.#leader = leader;
    this.#free = free;
    this.#company = new Company(leader, (last) => this.#callOff(last), refuse);
    const { deadline: _, ...request } = leader;
    let until: Promise<unknown> | undefined;
    const keep = (writing: Promise<unknown>): void => {
      until = writing;
    };
    open({ ...request, signal: this.#stop.signal, notify: this.#company.notify }, keep).then(
      (reply) => this.#begun(reply, () => until),
      this.#broke,
    );
  }

  #begun(reply: ModelReply, until: () => Promise<unknown> | undefined): void {
    this.#reply = reply;
    if (this.#stop.signal.aborted) return reply.cancel();
    reply.onEnd(() => {
      this.#company.end();
      this.#until = until();
      if (this.#until) this.#until.then(this.#free, this.#free);
      else this.#free();
    });
    this.#isWhole = !this.#leader.stream && reply.arrived.finishReason !== "unfinished";
    if (this.#isWhole) reply.result().then((result) => this.#known(result), this.#broke);
    else for (const reader of this.#company.there) reader.seat.begin(this.#open(reader));
  }

  #known(result: ModelResult): void {
    this.#result = result;
    this.#whenKept(() => {
      for (const reader of this.#company.there) this.#giveWhole(reader, result);
    });
  }

  /** Does what tells of the end of the answer, once that may be told. */
  #whenKept(tell: () => void): void {
    if (this.#until) this.#until.then(tell, tell);
    else tell();
  }

  #giveWhole(reader: Reader, result: ModelResult): void {
    reader.leave();
    reader.seat.begin(ModelReply.of(result));
  }

  /** Settles as the call itself would: at the first content, or for those who read no deltas when the answer is whole. */
  join(request: ModelRequest): Promise<ModelReply> {
    return new Promise((resolve, reject) => {
      const reader = this.#company.join(request, { request, begin: resolve, at: 0, resolve: undefined, reject });
      if (this.#result) this.#giveWhole(reader, this.#result);
      else if (this.#reply && !this.#isWhole) resolve(this.#open(reader));
    });
  }

  #open(reader: Reader): Promise<ModelReply> {
    reader.seat.reject = undefined;
    const source: ReplySource = {
      pull: () => new Promise((resolve, reject) => this.#read(reader, resolve, reject)),
      take: (resolve, reject) => this.#read(reader, resolve, reject),
      cancel: () => reader.leave(),
    };
    return reader.seat.request.stream ? ModelReply.open(source) : ModelReply.open(source, isFinish);
  }

  #callOff(last: ModelError | undefined): void {
    this.#free();
    this.#stop.abort(last ?? new ModelError("Nobody waits for this answer.", { code: "aborted" }));
    this.#reply?.cancel();
  }

  #read(reader: Reader, resolve: Give, reject: Refuse): void {
    const { seat } = reader;
    if (reader.gone) return reject(reader.gone);
    if (seat.at - this.#dropped < this.#kept.length) return resolve(this.#kept[seat.at++ - this.#dropped]);
    seat.resolve = resolve;
    seat.reject = reject;
    if (this.#failure || this.#closed) this.#serve(reader);
    else this.#pull();
  }

  #pull(): void {
    if (this.#pulling || !this.#reply) return;
    this.#pulling = true;
    this.#onArrived ??= (events) => this.#arrived(events);
    // A reply of an older copy of core has no `take`.
    if (this.#reply.take) this.#reply.take(this.#onArrived, this.#broke);
    else this.#reply.pull().then(this.#onArrived, this.#broke);
  }

  #arrived(events: readonly ModelEvent[] | undefined): void {
    this.#pulling = false;
    if (events) {
      this.#kept.push(events);
      for (const event of events) this.#size += sizeOf(event);
      if (this.#size > room) this.#shrink();
    } else {
      this.#closed = true;
      this.#company.end();
    }
    if (this.#until) this.#whenKept(() => this.#serveWaiting());
    else this.#serveWaiting();
  }

  readonly #broke = (error: unknown): void => {
    this.#pulling = false;
    this.#failure = ModelError.from(error);
    this.#company.end();
    this.#free();
    this.#serveWaiting();
  };

  /** Serves all who wait for the next read; after a failure, those too for whom the answer has not begun. */
  #serveWaiting(): void {
    for (const reader of this.#company.there) {
      if (reader.seat.resolve || (this.#failure && reader.seat.reject)) this.#serve(reader);
    }
  }

  /** Gives one who waits what there is now. */
  #serve(reader: Reader): void {
    const { seat } = reader;
    const { resolve, reject } = seat;
    seat.resolve = seat.reject = undefined;
    if (seat.at - this.#dropped < this.#kept.length) return resolve!(this.#kept[seat.at++ - this.#dropped]);
    reader.leave();
    if (this.#failure) reject!(reader.request === this.#leader ? this.#failure : copyOf(this.#failure));
    else resolve!(undefined);
  }

  /**
   * There is more than is kept: newcomers make a call of their own, what everyone has read is dropped, and who is so far behind that
   * even this does not help has to go.
   */
  #shrink(): void {
    this.#free();
    this.#drop();
    while (this.#size > room && this.#company.there.size > 1) {
      const [behind] = [...this.#company.there].toSorted((one, other) => one.seat.at - other.seat.at);
      if (behind!.seat.at >= this.#dropped + this.#kept.length - 1) return;
      const message = `Others who share this answer are more than ${room} characters ahead.`;
      behind!.throwOut(new ModelError(message, { code: "timeout", phase: "idle" }));
      this.#drop();
    }
  }

  #drop(): void {
    let least = this.#dropped + this.#kept.length;
    for (const { seat } of this.#company.there) least = Math.min(least, seat.at);
    const count = least - this.#dropped;
    for (const event of this.#kept.slice(0, count).flat()) this.#size -= sizeOf(event);
    this.#kept = this.#kept.slice(count);
    this.#dropped = least;
  }
}

/** About how much memory an event holds, in characters. */
function sizeOf(event: ModelEvent): number {
  switch (event.type) {
    case "text-delta":
    case "reasoning-delta":
    case "tool-call-delta":
      return 64 + event.text.length;
    case "part":
      return event.part.type === "file" && !(event.part.data instanceof URL) ? 64 + event.part.data.length : 64;
    default:
      return 64;
  }
}

/** An error is completed with the attempts of the call that it ends, so each call gets one of its own. */
export function copyOf(error: ModelError): ModelError {
  const { message, code, provider, model, status, requestId, retryAfter, phase, partial } = error;
  return new ModelError(message, {
    code,
    provider,
    model,
    status,
    requestId,
    retryAfter,
    phase,
    partial,
    cause: error,
  });
}
