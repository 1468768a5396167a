import type { EventOf, ModelEvent, Start } from "./event.ts";
import type { EndListener, ReplySource, Transform } from "./reply-source.ts";
import type { ModelResult } from "./result.ts";
import { draftSource } from "./draft-source.ts";
import type { Draft } from "./draft-source.ts";
import { Flow } from "./flow.ts";
import { isContent } from "./is-content.ts";
import { textOf } from "./result.ts";

/**
 * One answer, as it comes. Read it by one of: `for await`, `result()`, `text()`.
 *
 * Leaving the loop, `cancel()`, `await using` and being collected all close the connection behind it.
 */
export interface ModelReply extends AsyncIterableIterator<ModelEvent, undefined>, ReplySource, AsyncDisposable {
  /** Known as soon as there is a reply. */
  readonly start: Start;
  /** What the source has said so far, before any transform: what can be judged, charged and continued. */
  readonly arrived: ModelResult;
  /**
   * Changes what passes. Transforms compose in the order in which they were added.
   *
   * @throws {ModelError} `invalid-request` once reading has begun
   */
  through(transform: Transform): this;
  /** Changes what passes of one type; other types pass at no cost. */
  through<Type extends ModelEvent["type"]>(type: Type, transform: Transform<EventOf<Type>>): this;
  /** Tells once how the reply ended; the end of the reading waits for it, unless the call was called off; its faults are its own. */
  onEnd(listener: EndListener): this;
  /** `pull` without a promise, for layers that read one another; see {@link ReplySource.take}. */
  take(give: (events: readonly ModelEvent[] | undefined) => void, fail: (error: unknown) => void): void;
  /** The next event; several calls at once are answered in order. */
  next(): Promise<IteratorResult<ModelEvent, undefined>>;
  /** Lets the answer go: what `for await` calls when its loop is left. */
  return(): Promise<IteratorResult<ModelEvent, undefined>>;
  /**
   * Reads what is left; the same promise each time.
   *
   * @throws {ModelError} what the answer failed with; `aborted` if it was cancelled
   */
  result(): Promise<ModelResult>;
  /** The text of `result()`. */
  text(): Promise<string>;
  /** Closes the connection, whatever is being waited for. */
  cancel(): void;
}

/** Ways to make a {@link ModelReply}. */
export interface ModelReplyFactory {
  /**
   * Opens a source, and settles at its first content, or when `until` says so. A reply is a source too: one that must be judged is
   * held by opening it once more, and judged by its `arrived`.
   *
   * @throws {ModelError} what the source failed with before that; `truncated` if it closed without a finish
   */
  open(source: ReplySource, until?: (event: ModelEvent) => boolean): Promise<ModelReply>;
  /**
   * The newcomer's way: yields text, events, or a `Partial<Finish>` at the end. Without that end the answer counts as `truncated`.
   *
   * @throws {ModelError} what the drafts failed with before the first content
   */
  from(drafts: AsyncIterable<Draft>, start: Start): Promise<ModelReply>;
  /** An answer that is already known: a cache hit, a body read whole. */
  of(result: ModelResult): ModelReply;
}

class Reply implements ModelReply {
  readonly #flow: Flow;
  /** Held by nobody else, so that it is collected with this. */
  readonly #token = {};
  #result: Promise<ModelResult> | undefined;

  constructor(flow: Flow) {
    this.#flow = flow;
    if (flow.unfinished) flow.watch(this.#token);
  }

  static watch(reply: ModelReply): void {
    if (#flow in reply) reply.#flow.watch(reply.#token);
  }

  static flowOf(value: ReplySource): Flow | undefined {
    return #flow in value ? value.#flow : undefined;
  }

  get start(): Start {
    return this.#flow.gathered.start!;
  }

  get arrived(): ModelResult {
    return this.#flow.gathered.result;
  }

  through(...layer: [Transform] | [ModelEvent["type"], Transform<never>]): this {
    if (layer.length === 1) this.#flow.through(undefined, layer[0]);
    else this.#flow.through(layer[0], layer[1]);
    return this;
  }

  onEnd(listener: EndListener): this {
    this.#flow.onEnd(listener);
    return this;
  }

  next(): Promise<IteratorResult<ModelEvent, undefined>> {
    return this.#flow.next();
  }

  pull(): Promise<readonly ModelEvent[] | undefined> {
    return this.#flow.pull();
  }

  take(give: (events: readonly ModelEvent[] | undefined) => void, fail: (error: unknown) => void): void {
    this.#flow.take(give, fail);
  }

  result(): Promise<ModelResult> {
    return (this.#result ??= this.#flow.drain());
  }

  async text(): Promise<string> {
    return textOf(await this.result());
  }

  cancel(): void {
    this.#flow.cancel();
  }

  async return(): Promise<IteratorResult<ModelEvent, undefined>> {
    this.#flow.cancel();
    await this.#flow.booked();
    return { done: true, value: undefined };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** Makes replies: of a source, of what a generator yields, of an answer that is already known. */
export const ModelReply: ModelReplyFactory = {
  async open(source, until = isContent) {
    const own = Reply.flowOf(source);
    const flow = own?.untouched ? own : new Flow(source);
    await flow.hold(until);
    return flow === own ? (source as ModelReply) : new Reply(flow);
  },
  from(drafts, start) {
    return ModelReply.open(draftSource(drafts, start));
  },
  of(result) {
    return new Reply(Flow.of(result));
  },
};

/** Calls a reply off with an error of its own, and hears of the faults of its listeners; for the leaf. */
export function flowOf(reply: ModelReply): Flow | undefined {
  return Reply.flowOf(reply);
}

/** Cancels a reply when it is collected before its end. */
export function cancelWhenDropped(reply: ModelReply): void {
  Reply.watch(reply);
}
