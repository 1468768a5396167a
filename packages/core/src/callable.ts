import type { CallOptions, ModelRequest } from "./request.ts";
import type { ModelReply } from "./model-reply.ts";
import type { ModelResult } from "./result.ts";

/** One request, one reply: what an adapter implements and a middleware wraps. */
export type Call<Request extends CallOptions = ModelRequest, Reply = ModelReply> = (request: Request) => Promise<Reply>;

/**
 * A call as an adapter implements it: its leaf gives it, besides, the controller of the request's signal. Who ends calls for reasons of
 * its own, such as clocks, may abort it, and needs no signal of its own.
 */
export type AdapterCall<Request extends CallOptions = ModelRequest, Reply = ModelReply> = (
  request: Request,
  controller?: AbortController,
) => Promise<Reply>;

/** Anything that answers calls: chat, embedding and rerank models alike. */
export interface Callable<Request extends CallOptions, Reply> {
  /** Who is called and billed: `openai`; of a combinator, `plugboard`. */
  readonly provider: string;
  /** What goes on the wire: `gpt-4o`, an Azure deployment; of a combinator, `fallback(a,b)`. */
  readonly id: string;
  /** The catalogue's name for it, where `id` is not one. */
  readonly catalogId?: string;
  /** Provider, id, base URL, API and mapping version; of a combinator its kind and its members' fingerprints. */
  readonly fingerprint: string;
  /** What it stands in front of; none for an adapter (a leaf). */
  readonly models: readonly Callable<Request, Reply>[];
  readonly call: Call<Request, Reply>;
}

/** A chat model. Everything that answers is one: an adapter, one with middleware in front, a combinator of several. */
export interface Model extends Callable<ModelRequest, ModelReply> {
  /**
   * Asks, and waits for the whole answer.
   *
   * @throws {ModelError} whatever went wrong, with `attempts`, `cost` and, where something was said, `partial`
   */
  generate(request: ModelRequest | string): Promise<ModelResult>;
  /**
   * Asks, and settles at the first content of the answer.
   *
   * @throws {ModelError} what went wrong before the first content; later failures are thrown to the reader of the reply
   */
  stream(request: ModelRequest | string): Promise<ModelReply>;
  /** The same model behind middleware; the first is outermost. */
  with(...middleware: readonly Middleware[]): Model;
}

/** Takes a model and returns how to call it. State made inside belongs to that one model; state made outside is shared. */
export type Middleware<M extends { readonly call: unknown } = Model> = (model: M) => M["call"];

/** A middleware that looks only at what every request has, and so serves chat, embedding and rerank models alike. */
export type AnyMiddleware = <Request extends CallOptions, Reply>(
  model: Callable<Request, Reply>,
) => Call<Request, Reply>;
