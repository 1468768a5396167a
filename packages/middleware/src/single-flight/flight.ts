import { ModelError, ModelReply } from "@plugboard/core";
import type { ModelEvent, ModelRequest, ModelResult, ReplySource } from "@plugboard/core";
import { Company } from "./company.ts";
import type { Companion } from "./company.ts";
import type { Open } from "./flights.ts";

type Give = Parameters<NonNullable<ReplySource["take"]>>[0];
type Refuse = Parameters<NonNullable<ReplySource["take"]>>[1];

/** Someone who waits for the answer to begin, and then reads: how far they are, and what they wait for. */
interface Reader {
  readonly request: ModelRequest;
  readonly begin: (reply: ModelReply | Promise<ModelReply>) => void;
  at: number;
  resolve: Give | undefined;
  reject: Refuse | undefined;
}

/** What is kept for those who are behind, in characters of text and bytes of files; some answer without end must not fill the memory. */
const room = 2 ** 23;

const isFinish = (event: ModelEvent): boolean => event.type === "finish";

/**
 * One call upstream and the callers who share its answer, each at their own pace. Whoever is ahead reads on; the rest read what was
 * kept. The call is nobody's in particular: it is called off when the last one leaves.
 */
export class Flight {
  readonly #leader: ModelRequest;
  readonly #free: () => void;
  readonly #stop = new AbortController();
  readonly #company: Company;
  readonly #readers = new Map<Companion, Reader>();
  #kept: (readonly ModelEvent[])[] = [];
  /** How many reads were dropped from the front of what is kept, and how much there is in it. */
  #dropped = 0;
  #size = 0;
  #reply: ModelReply | undefined;
  #isWhole = false;
  #result: ModelResult | undefined;
  #pulling = false;
  #closed = false;
  /** What the end of the answer waits for. */
  #until: Promise<unknown> | undefined;
  #failure: ModelError | undefined;

  /** `free` is called when newcomers must make a call of their own. */
  constructor(open: Open<ModelRequest, ModelReply>, leader: ModelRequest, free: () => void) {
    this.#leader = leader;
    this.#free = free;
    this.#company = new Company(leader, (last) => this.#callOff(last));
    const { deadline: _, ...request } = leader;
    let kept: Promise<unknown> | undefined;
    const keep = (until: Promise<unknown>): void => {
      kept = until;
    };
    open({ ...request, signal: this.#stop.signal, notify: this.#company.notify }, keep).then(
      (reply) => this.#begun(reply, () => kept),
      (error: unknown) => this.#broke(error),
    );
  }

  #begun(reply: ModelReply, kept: () => Promise<unknown> | undefined): void {
    this.#reply = reply;
    if (this.#stop.signal.aborted) return reply.cancel();
    reply.onEnd(() => {
      this.#company.end();
      this.#until = kept();
      if (this.#until) this.#until.then(this.#free, this.#free);
      else this.#free();
    });
    // An answer that was not asked for bit by bit is there: it need not be passed on bit by bit.
    this.#isWhole = !this.#leader.stream && reply.arrived.finishReason !== "unfinished";
    if (this.#isWhole) reply.result().then(this.#known, this.#broke);
    else for (const [companion, reader] of this.#readers) reader.begin(this.#open(companion, reader));
  }

  readonly #known = (result: ModelResult): void => {
    this.#result = result;
    if (this.#until) this.#until.then(this.#giveAll, this.#giveAll);
    else this.#giveAll();
  };

  readonly #giveAll = (): void => {
    for (const [companion, reader] of this.#readers) this.#giveWhole(companion, reader, this.#result!);
  };

  #giveWhole(companion: Companion, reader: Reader, result: ModelResult): void {
    this.#leave(companion);
    reader.begin(ModelReply.of(result));
  }

  /** Settles as the call itself would: at the first content, or for those who read no deltas when the answer is whole. */
  join(request: ModelRequest): Promise<ModelReply> {
    return new Promise((resolve, reject) => {
      const reader: Reader = { request, begin: resolve, at: 0, resolve: undefined, reject };
      const companion = this.#company.join(request, (error) => {
        this.#readers.delete(companion);
        reader.reject?.(error);
      });
      this.#readers.set(companion, reader);
      if (this.#result) this.#giveWhole(companion, reader, this.#result);
      else if (this.#reply && !this.#isWhole) reader.begin(this.#open(companion, reader));
    });
  }

  #open(companion: Companion, reader: Reader): Promise<ModelReply> {
    reader.reject = undefined;
    const source: ReplySource = {
      pull: () => new Promise((resolve, reject) => this.#read(companion, reader, resolve, reject)),
      take: (resolve, reject) => this.#read(companion, reader, resolve, reject),
      cancel: () => this.#leave(companion),
    };
    return reader.request.stream ? ModelReply.open(source) : ModelReply.open(source, isFinish);
  }

  #leave(companion: Companion): void {
    this.#readers.delete(companion);
    companion.leave();
  }

  #callOff(last: ModelError | undefined): void {
    this.#free();
    this.#stop.abort(last ?? new ModelError("Nobody waits for this answer.", { code: "aborted" }));
    this.#reply?.cancel();
  }

  #read(companion: Companion, reader: Reader, resolve: Give, reject: Refuse): void {
    if (companion.gone) return reject(companion.gone);
    if (reader.at - this.#dropped < this.#kept.length) return resolve(this.#kept[reader.at++ - this.#dropped]);
    reader.resolve = resolve;
    reader.reject = reject;
    if (this.#failure || this.#closed) this.#serve(companion, reader);
    else this.#pull();
  }

  #pull(): void {
    if (this.#pulling || !this.#reply) return;
    this.#pulling = true;
    // A reply of an older copy of core has no `take`.
    if (this.#reply.take) this.#reply.take(this.#arrived, this.#broke);
    else this.#reply.pull().then(this.#arrived, this.#broke);
  }

  readonly #arrived = (events: readonly ModelEvent[] | undefined): void => {
    this.#pulling = false;
    if (events) {
      this.#kept.push(events);
      for (const event of events) this.#size += sizeOf(event);
      if (this.#size > room) this.#shrink();
    } else {
      this.#closed = true;
      this.#company.end();
    }
    if (this.#until) this.#until.then(this.#serveWaiting, this.#serveWaiting);
    else this.#serveWaiting();
  };

  readonly #broke = (error: unknown): void => {
    this.#pulling = false;
    this.#failure = ModelError.from(error);
    this.#company.end();
    this.#free();
    this.#serveWaiting();
  };

  /** Serves all who wait for the next read; after a failure, those too for whom the answer has not begun. */
  readonly #serveWaiting = (): void => {
    for (const [companion, reader] of this.#readers) {
      if (reader.resolve || (this.#failure && reader.reject)) this.#serve(companion, reader);
    }
  };

  /** Gives one who waits what there is now. */
  #serve(companion: Companion, reader: Reader): void {
    const { resolve, reject } = reader;
    reader.resolve = reader.reject = undefined;
    if (reader.at - this.#dropped < this.#kept.length) return resolve!(this.#kept[reader.at++ - this.#dropped]);
    this.#leave(companion);
    if (this.#failure) reject!(companion.request === this.#leader ? this.#failure : copyOf(this.#failure));
    else resolve!(undefined);
  }

  /**
   * There is more than is kept: newcomers make a call of their own, what everyone has read is dropped, and who is so far behind that
   * even this does not help has to go.
   */
  #shrink(): void {
    this.#free();
    this.#drop();
    while (this.#size > room && this.#readers.size > 1) {
      const [behind] = [...this.#readers].toSorted(([, one], [, other]) => one.at - other.at);
      const [companion, reader] = behind!;
      if (reader.at >= this.#dropped + this.#kept.length - 1) return;
      const message = `Others who share this answer are more than ${room} characters ahead.`;
      companion.throwOut(new ModelError(message, { code: "timeout", phase: "idle" }));
      this.#drop();
    }
  }

  #drop(): void {
    let least = this.#dropped + this.#kept.length;
    for (const { at } of this.#readers.values()) least = Math.min(least, at);
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
