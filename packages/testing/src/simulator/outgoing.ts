import { eventsOf } from "@plugboard/core";
import type { Json, ModelEvent, ModelResult } from "@plugboard/core";
import type { EventWriter, ServedProtocol, ServedRequest, Written } from "@plugboard/wire";
import { awsFrames } from "../aws-frames.ts";
import type { ProviderSample } from "../provider-sample.ts";
import type { Replay } from "./replay.ts";
import { tokenPieces } from "./token-pieces.ts";

/** A write of an answer. */
export interface OutgoingPiece {
  readonly bytes: string | Uint8Array;
  /** Something that a reader waits for. */
  readonly content: boolean;
  /** How far it brings the answer, for faults that come after so many. */
  readonly characters: number;
  /** How far it brings the answer, for its pace; parts of a token are fine. */
  readonly tokens: number;
}

/** An answer, ready to be sent. */
export interface Outgoing {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly framing: ProviderSample["framing"];
  readonly pieces: readonly OutgoingPiece[];
  /** An error in the midst of it, where the protocol has a form for one. */
  readonly fail?: EventWriter<Written>["fail"];
}

/**
 * A result as its protocol writes it.
 *
 * @param border - so many characters must be sendable alone
 */
export function outgoingResult(
  result: ModelResult,
  protocol: ServedProtocol<Written>,
  asked: ServedRequest,
  border: number | undefined,
): Outgoing {
  const tokens = result.usage.output ?? 0;
  if (!asked.request.stream) {
    const body = JSON.stringify(protocol.writeResult(result, asked));
    return {
      status: 200,
      headers: { "content-type": "application/json" },
      framing: "json",
      pieces: bodyPieces(body, border, tokens),
    };
  }
  const writer = protocol.writer(asked);
  const events = inTokens(eventsOf(result), border);
  const spoken = events.filter(isSpoken).length || 1;
  return {
    status: 200,
    headers: { "content-type": protocol.streamType },
    framing: framings[protocol.streamType] ?? "sse",
    pieces: events.map((event) => ({
      bytes: writer.write(event),
      content: event.type !== "start" && event.type !== "usage" && event.type !== "finish",
      characters: "text" in event ? event.text.length : 0,
      tokens: isSpoken(event) ? tokens / spoken : 0,
    })),
    fail: (error) => writer.fail(error),
  };
}

const framings: Readonly<Record<string, Outgoing["framing"]>> = {
  "application/x-ndjson": "ndjson",
  "application/vnd.amazon.eventstream": "aws-eventstream",
};

/** Recorded bytes; of a stream, an event a piece. */
export function outgoingReplay(
  { replay: { status, headers, body, framing } }: Replay,
  border: number | undefined,
): Outgoing {
  const kept = Object.entries(headers).filter(([name]) => !untrue.has(name.toLowerCase()));
  const events = framing === "json" ? [body] : eventsIn(body, framing);
  const pieces = events.map((bytes) => ({ bytes, content: true, characters: bytes.length, tokens: 1 }));
  return { status, headers: Object.fromEntries(kept), framing, pieces: splitAt(pieces, border ?? body.length - 1) };
}

/** An error before there is an answer. */
export function outgoingError(status: number, headers: Readonly<Record<string, string>>, body: Json): Outgoing {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const type = typeof body === "string" ? "text/plain" : "application/json";
  return {
    status,
    headers: { "content-type": type, ...headers },
    framing: "json",
    pieces: bodyPieces(text, undefined, 0),
  };
}

// The recorded length and coding are not those of the bytes that we send.
const untrue: ReadonlySet<string> = new Set(["content-encoding", "content-length", "transfer-encoding", "connection"]);

function bodyPieces(body: string, border: number | undefined, tokens: number): OutgoingPiece[] {
  const bytes = new TextEncoder().encode(body);
  return splitAt([{ bytes, content: true, characters: bytes.length, tokens }], border ?? bytes.length - 1);
}

/** The same bytes with a border after so many of them, the last byte at the latest: there is always one before the end. */
function splitAt(pieces: readonly (OutgoingPiece & { readonly bytes: Uint8Array })[], border: number): OutgoingPiece[] {
  const length = pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const place = Math.min(border, length - 1);
  let passed = 0;
  return pieces.flatMap((piece) => {
    const before = place - passed;
    passed += piece.bytes.length;
    if (before <= 0 || before >= piece.bytes.length) return [piece];
    const [first, rest] = [piece.bytes.subarray(0, before), piece.bytes.subarray(before)];
    return [
      { ...piece, bytes: first, characters: first.length },
      { ...piece, bytes: rest, characters: rest.length, tokens: 0 },
    ];
  });
}

/** The bytes of each event, with the line breaks that end it. */
function eventsIn(body: Uint8Array, framing: "sse" | "ndjson" | "aws-eventstream"): Uint8Array[] {
  if (framing === "aws-eventstream") return awsFrames(body);
  const text = Buffer.from(body).toString("latin1"); // a character a byte, whatever they are
  return text.split(framing === "sse" ? /(?<=\n\r?\n)/ : /(?<=\n)/).map((event) => Buffer.from(event, "latin1"));
}

function isSpoken({ type }: ModelEvent): boolean {
  return type === "text-delta" || type === "reasoning-delta" || type === "tool-call-delta";
}

/** The same events with a delta for about every token, and a border between deltas after so many characters. */
function inTokens(events: readonly ModelEvent[], border = Infinity): ModelEvent[] {
  let said = 0;
  return events.flatMap((event): ModelEvent[] => {
    if (event.type !== "text-delta" && event.type !== "reasoning-delta" && event.type !== "tool-call-delta")
      return [event];
    return tokenPieces(event.text).flatMap((piece) => {
      let before = border - said;
      if (isHighSurrogate(piece.charCodeAt(before - 1))) before++;
      said += piece.length;
      if (before <= 0 || before >= piece.length) return [{ ...event, text: piece }];
      return [
        { ...event, text: piece.slice(0, before) },
        { ...event, text: piece.slice(before) },
      ];
    });
  });
}

/** The first half of a character that must not be torn. */
function isHighSurrogate(code: number): boolean {
  return code >= 0xd8_00 && code <= 0xdb_ff;
}
