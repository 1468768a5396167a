import type { Json, Model } from "@plugboard/core";
import type { AnthropicOptions } from "@plugboard/anthropic";

export type ProtocolName = "chat-completions" | "responses" | "messages" | "generate-content";

/** What every adapter can be given; those of `AnthropicOptions` are common to all but for `version` and `beta`. */
export type AdapterOptions = Omit<AnthropicOptions, "version" | "beta">;

/** A call of a tool: its arguments as text, in the pieces in which they come. */
export interface WireCall {
  readonly id: string;
  readonly name: string;
  readonly pieces: readonly string[];
}

/** A whole answer, as a provider would give it. */
export interface WireAnswer {
  readonly text?: string;
  readonly calls?: readonly WireCall[];
  readonly ending?: "stop" | "length" | "tool-calls";
}

/** What a provider says of a failure. */
export interface WireFailure {
  readonly message: string;
  /** Its own code or type. */
  readonly type: string;
  readonly status: number;
}

/**
 * A protocol as its documentation and its recordings have it, written by hand: what is tested must not come from what is tested.
 * Every member of the stream is whole events, `data: …` with their blank line.
 */
export interface Protocol {
  readonly name: ProtocolName;
  readonly provider: string;
  readonly model: (options: AdapterOptions) => Model;
  /** All that comes before the first content, if anything does. */
  readonly preamble: string;
  /** A piece of text. */
  readonly text: (text: string) => string;
  readonly reasoning: (text: string) => string;
  /** A whole call, from its start to where its arguments are complete. */
  readonly call: (call: WireCall, place?: number) => string;
  /** The beginning of a call: its name, and the first piece of its arguments. */
  readonly callBegun: (call: WireCall) => string;
  /** Says that the answer ended, and how, but not yet that this was all; nothing where the protocol does both at once. */
  readonly ending: (answer: WireAnswer) => string;
  /** Says that this was all; nothing where the end of the body does. */
  readonly done: (answer: WireAnswer) => string;
  /** Events that say that the provider is there, and nothing else. */
  readonly idling: string;
  /** An event of a type that nobody knows. */
  readonly unknown: string;
  /** An error in the middle of a stream. */
  readonly error: (failure: WireFailure) => string;
  /** The body of an answer in one piece. */
  readonly whole: (answer: WireAnswer) => string;
  /** The body of a failure. */
  readonly failure: (failure: WireFailure) => string;
}

/** One server-sent event. */
export function sse(data: Json | string, event?: string): string {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  return `${event === undefined ? "" : `event: ${event}\n`}data: ${text}\n\n`;
}

/** A stream from its first event to its last. */
export function wholeStream(protocol: Protocol, answer: WireAnswer): string {
  const { text = "", calls = [] } = answer;
  return [
    protocol.preamble,
    ...(text === "" ? [] : [protocol.text(text)]),
    ...calls.map((call, place) => protocol.call(call, place)),
    protocol.ending(answer),
    protocol.done(answer),
  ].join("");
}

/** The end of an answer, once its content has been said. */
export function finished(protocol: Protocol, answer: WireAnswer): string {
  return protocol.ending(answer) + protocol.done(answer);
}
