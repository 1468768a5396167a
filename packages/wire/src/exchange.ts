import type { CallOptions, Json, JsonObject, ModelEvent, ModelRequest, ModelResult, Start } from "@plugboard/core";
import { ModelError, ModelReply, eventsOf } from "@plugboard/core";
import { AnswerSource } from "./answer-source.ts";
import { CallWatch } from "./call-watch.ts";
import type { Waiting } from "./call-watch.ts";
import { transportOf } from "./default-transport.ts";
import { failureOf } from "./failure.ts";
import type { FailureRule } from "./failure.ts";
import { networkFailure } from "./network-failure.ts";
import { parseJson } from "./parse-json.ts";
import { readBody, readErrorBody } from "./read-body.ts";
import { questionTexts } from "./question-texts.ts";
import { redact, secretsOf } from "./redact.ts";
import { checkHeader } from "./check-header.ts";
import { keptHeaders, requestIdOf } from "./response-headers.ts";
import type { StreamFraming } from "./framing.ts";
import type { StreamDecoder } from "./stream-decoder.ts";
import type { ByteSource, Transport, TransportResponse } from "./transport.ts";
import type { WireOptions } from "./wire-options.ts";

/** A request as it goes out. */
export interface SentRequest {
  readonly method: "POST";
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One call that is answered in one body: what is sent, and how what comes back is understood. */
export interface WholeExchange<Result> {
  readonly provider: string;
  readonly model: string;
  readonly url: string;
  /** `content-type`, `accept` and the headers of `options` and of the request are added. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Gives the headers with the key. Asked when the request is sent, and never for a plan; those of `options` and of the request go over them. */
  readonly authorize?: () => Promise<Readonly<Record<string, string>>>;
  readonly body: JsonObject;
  /** Gives headers that depend on what is sent to the last byte, such as a signature; they go over all others. */
  readonly sign?: (sent: SentRequest) => Promise<Readonly<Record<string, string>>>;
  /** Whose `signal` and `headers` count. */
  readonly request: CallOptions;
  readonly options: WireOptions;
  /** Given to the start of the answer: what `encode` adapted or dropped. */
  readonly warnings: Start["warnings"];
  /**
   * Reads the answer.
   *
   * @throws {ModelError} an error that the provider sent with status 200; `parse` when it is not what the protocol says
   */
  readonly whole: (body: Json, start: Pick<Start, "headers" | "warnings">) => Result;
  /** What the provider says in its own way, looked at before the common table. */
  readonly failures?: readonly FailureRule[];
}

/** A {@link WholeExchange} but for what a model adds to each: whose it is, and the request. */
export type PreparedWhole<Result> = Omit<WholeExchange<Result>, "provider" | "model" | "request">;

/** One call of a chat adapter: it may be answered in one body or as a stream. */
export interface Exchange extends WholeExchange<ModelResult> {
  /** Whose `signal`, `headers` and `stream` count. */
  readonly request: ModelRequest;
  /** Whether the body asks for a stream, and how it is framed; absent for an answer in one body. */
  readonly stream?: {
    readonly framing: StreamFraming;
    /**
     * Made anew for every call.
     *
     * @param start - headers and warnings, to be part of the start event
     */
    readonly decoder: (start: Pick<Start, "headers" | "warnings">) => StreamDecoder;
  };
  /** The model may think without saying so: no clock for the first content. */
  readonly hiddenReasoning?: boolean;
}

/** How long an error may take to say what it is, once its status is known. */
const errorPatience = 5000;
const mebibyte = 1024 * 1024;

/**
 * Sends the request of an adapter and returns the reply: checks the status, reads the body with bounds and under the clocks, and
 * makes every failure a {@link ModelError} that names the provider.
 *
 * @param controller - of the request's signal, where this is all that its attempt does: aborted when the call ends early, so that the
 *   call needs none of its own
 * @throws {ModelError} what the provider refused with; `network`, `timeout`, `aborted`; `parse` when the answer is not what the
 *   protocol says, with what it was in `partial`
 * @example
 * return exchange({
 *   provider: "acme", model: "parrot-1", url: "https://api.acme.example/chat", headers: { authorization: "Bearer …" },
 *   body: encode(request), request, options: {}, warnings: [],
 *   stream: { framing: sse, decoder: (start) => decodeStream(start) },
 *   whole: (body, start) => decode(body, start),
 * });
 */
export async function exchange(exchange: Exchange, controller?: AbortController): Promise<ModelReply> {
  const { provider, model, request, options, stream, hiddenReasoning = false } = exchange;
  const streamed = stream !== undefined;
  const { clocks } = options;
  const watch = new CallWatch({ provider, model, request, clocks, streamed, hiddenReasoning, controller });
  let kept = false;
  try {
    const answer = await ask(exchange, watch, stream?.framing);
    if (!stream || answer.isJson(stream.framing)) return ModelReply.of(answer.whole(await answer.readWhole()));
    kept = true;
    const reply = await ModelReply.open(answer.streamed(stream, watch));
    // The leaf, whose controller it is, cancels the reply.
    if (controller) watch.handOver();
    return reply;
  } catch (error) {
    throw watch.failure ?? error;
  } finally {
    if (!kept) watch.close();
  }
}

/**
 * The same for what is always answered in one body, and not with a reply: embeddings, rankings.
 *
 * @throws {ModelError} as `exchange` does
 * @example
 * const { embeddings } = await exchangeWhole({
 *   provider: "acme", model: "embed-1", url: "https://api.acme.example/embed", headers: { authorization: "Bearer …" },
 *   body: encode(request), request, options: {}, warnings: [],
 *   whole: (body, start) => decode(body, start),
 * });
 */
export async function exchangeWhole<Result>(exchange: WholeExchange<Result>): Promise<Result> {
  const { provider, model, request, options } = exchange;
  const { clocks } = options;
  const watch = new CallWatch({ provider, model, request, clocks, streamed: false, hiddenReasoning: false });
  try {
    const answer = await ask(exchange, watch);
    return answer.whole(await answer.readWhole());
  } catch (error) {
    throw watch.failure ?? error;
  } finally {
    watch.close();
  }
}

/** Sends the request; the answer has a status that is a success, and its body is still to be read. */
async function ask<Result>(
  exchange: WholeExchange<Result>,
  watch: CallWatch,
  framing?: StreamFraming,
): Promise<AnswerReader<Result>> {
  const { url, authorize, sign, options } = exchange;
  const headers = headersOf(exchange, framing, authorize && (await authorize()));
  const body = JSON.stringify(exchange.body);
  if (sign) addHeaders(headers, await sign({ method: "POST", url, headers, body }));
  const transport = transportOf(options);
  watch.start(transport.showsConnect === true);
  const response = await new Sending(exchange, watch).over(transport, { method: "POST", url, headers, body });
  const answer = new AnswerReader(exchange, response, headers);
  watch.waiting = answer;
  watch.headersArrived();
  if (response.status < 200 || response.status > 299) throw await answer.refusal();
  return answer;
}

/** Waits for the response of a transport, or for the end of the call, whatever the transport does then. */
class Sending implements Waiting {
  readonly response: Promise<TransportResponse>;
  readonly #exchange: WholeExchange<unknown>;
  readonly #watch: CallWatch;
  #resolve!: (response: TransportResponse) => void;
  #reject!: (error: ModelError) => void;

  constructor(exchange: WholeExchange<unknown>, watch: CallWatch) {
    this.#exchange = exchange;
    this.#watch = watch;
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    watch.waiting = this;
  }

  over(transport: Transport, sent: SentRequest): Promise<TransportResponse> {
    const watch = this.#watch;
    transport({ ...sent, signal: watch.signal, onConnect: () => watch.connected() }).then(this.#accept, this.#refuse);
    return this.response;
  }

  ended(error: ModelError): void {
    this.#reject(error);
  }

  readonly #accept = (response: TransportResponse): void => {
    if (this.#watch.failure) response.body.cancel();
    else this.#resolve(response);
  };

  readonly #refuse = (cause: unknown): void => {
    const { provider, model, url } = this.#exchange;
    const { failure, connecting } = this.#watch;
    this.#reject(failure ?? networkFailure(cause, { provider, model, url, unconnected: connecting }));
  };
}

/** Those of the request go over those of the options, and these over those of the adapter. */
export function headersOf(
  { headers, request, options }: WholeExchange<unknown>,
  framing: StreamFraming | undefined,
  authorization?: Readonly<Record<string, string>>,
): Record<string, string> {
  const accept = framing?.mediaType ?? "application/json";
  const joined: Record<string, string> = { "content-type": "application/json", accept };
  if (headers) addHeaders(joined, headers);
  if (authorization) addHeaders(joined, authorization);
  if (options.headers) addHeaders(joined, options.headers);
  if (request.headers) addHeaders(joined, request.headers);
  return joined;
}

function addHeaders(joined: Record<string, string>, more: Readonly<Record<string, string>>): void {
  for (const name in more) {
    if (!Object.hasOwn(more, name)) continue;
    checkHeader(name, more[name]!);
    joined[name.toLowerCase()] = more[name]!;
  }
}

/** What of an exchange is needed once it was sent. The body is not: a stream would hold it for as long as it is open. */
type Asked<Result> = Pick<
  WholeExchange<Result>,
  "provider" | "model" | "url" | "request" | "options" | "whole" | "failures"
>;

/** Understands one response, and says of every failure whose it was. */
class AnswerReader<Result> implements Waiting {
  readonly #exchange: Asked<Result>;
  readonly #response: TransportResponse;
  readonly #sent: Readonly<Record<string, string>>;
  readonly #start: Pick<Start, "headers" | "warnings">;

  constructor(exchange: WholeExchange<Result>, response: TransportResponse, sent: Readonly<Record<string, string>>) {
    const { provider, model, url, request, options, whole, failures, warnings } = exchange;
    this.#exchange = { provider, model, url, request, options, whole, ...(failures && { failures }) };
    this.#response = response;
    this.#sent = sent;
    this.#start = { headers: keptHeaders(response.headers), ...(warnings && warnings.length > 0 && { warnings }) };
  }

  ended(): void {
    this.#response.body.cancel();
  }

  /** What no message may repeat: keys, and what was asked. */
  get #unrepeatable(): readonly string[] {
    return [...secretsOf(this.#sent), ...questionTexts(this.#exchange.request)];
  }

  /** What was asked to be streamed and comes in one piece: an error, or a server that does not stream. */
  isJson(framing: StreamFraming): boolean {
    const type = this.#response.headers["content-type"] ?? "";
    return !framing.isJson && /\bjson\b/i.test(type) && !/ndjson|jsonl/i.test(type);
  }

  async refusal(): Promise<ModelError> {
    const { provider, model, failures, options } = this.#exchange;
    const { status, headers } = this.#response;
    const body = await readErrorBody(this.#response.body, options.bounds?.errorBody ?? mebibyte / 16, errorPatience);
    return failureOf({ status, headers, body, provider, model, rules: failures, secrets: this.#unrepeatable });
  }

  async readWhole(): Promise<string> {
    const limit = this.#exchange.options.bounds?.body ?? 32 * mebibyte;
    const { text, cut } = await readBody(this.#response.body, limit).catch((error: unknown) => {
      throw this.failure(error, "network");
    });
    if (cut) throw this.#unreadable(`is too large: more than ${limit} bytes`, text);
    return text;
  }

  whole(text: string): Result {
    if (text.trim() === "") throw this.#unreadable("is empty", "");
    let body: Json;
    try {
      body = parseJson(text);
    } catch (cause) {
      throw this.#unreadable(isHtml(text) ? "is a web page, not JSON" : "is not JSON", text, cause);
    }
    try {
      return this.#exchange.whole(body, this.#start);
    } catch (error) {
      throw this.failure(error, "decoder", text);
    }
  }

  /** Of a chat model: the answer that came in one piece, as events. */
  unframed(this: AnswerReader<ModelResult>, text: string): ModelEvent[] {
    return eventsOf(this.whole(text));
  }

  truncated(): ModelError {
    return this.#error("truncated", "broke off before it was finished");
  }

  streamed(
    this: AnswerReader<ModelResult>,
    { framing, decoder: make }: NonNullable<Exchange["stream"]>,
    watch: CallWatch,
  ): AnswerSource {
    const decoder: StreamDecoder = make(this.#start);
    const largest = this.#exchange.options.bounds?.event ?? 16 * mebibyte;
    return new AnswerSource({
      body: this.#response.body satisfies ByteSource,
      watch,
      framing: framing.open(decoder, largest),
      decoder,
      reader: this,
    });
  }

  /** An error of ours stays what it is and learns whose it was; a decoder that stumbled met what its protocol does not know. */
  failure(error: unknown, from: "network" | "decoder", text = ""): ModelError {
    const { provider, model, url } = this.#exchange;
    const requestId = requestIdOf(this.#response.headers);
    if (from === "network") return networkFailure(error, { provider, model, url, requestId });
    if (!(error instanceof ModelError)) return this.#unreadable("is not what the protocol says", text, error);
    const message = redact(error.message, this.#unrepeatable);
    if (message === error.message && error.provider !== undefined && error.requestId !== undefined) return error;

    const { code, status, retryAfter, phase, partial, cause } = error;
    return new ModelError(message, {
      code,
      provider: error.provider ?? provider,
      model: error.model ?? model,
      // An error in the body has a meaning of its own; what cannot be read came with this status.
      status: status ?? (code === "parse" ? this.#response.status : undefined),
      requestId: error.requestId ?? requestId,
      retryAfter,
      phase,
      partial,
      ...(cause !== undefined && { cause }),
    });
  }

  #unreadable(what: string, text: string, cause?: unknown): ModelError {
    return this.#error("parse", what, { text, cause });
  }

  #error(
    code: "parse" | "truncated",
    what: string,
    { text = "", cause }: { text?: string; cause?: unknown } = {},
  ): ModelError {
    const { provider, model } = this.#exchange;
    const { status, headers } = this.#response;
    return new ModelError(`The answer of ${provider} ${what}.`, {
      code,
      provider,
      model,
      status,
      requestId: requestIdOf(headers),
      ...(cause !== undefined && { cause }),
      ...(text !== "" && { partial: this.#partial(text) }),
    });
  }

  /** What could not be read, kept for whoever wants to look. */
  #partial(text: string): ModelResult {
    const content = [{ type: "text", text: redact(text.slice(0, 64 * 1024), secretsOf(this.#sent)) }] as const;
    return {
      model: this.#exchange.model,
      ...this.#start,
      warnings: this.#start.warnings ?? [],
      content,
      finishReason: "unfinished",
      usage: {},
    };
  }
}

function isHtml(text: string): boolean {
  return /^\s*<(!doctype|html|head|body)/i.test(text);
}
