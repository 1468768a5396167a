import type { ServerResponse } from "node:http";
import { ModelError } from "@plugboard/core";
import type { Fault, Place } from "./fault.ts";
import type { Outgoing, OutgoingPiece } from "./outgoing.ts";

/** Waits; settles early, without rejecting, when the signal fires. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** The circumstances of sending. */
export interface Sending {
  readonly fault: Exclude<Fault, { readonly type: "status" | "throttle" }> | undefined;
  /** Milliseconds from the beginning until so many tokens have been said. */
  readonly due: (tokens: number) => number;
  readonly wait: Wait;
  /** Fires when the client goes away, or the simulator is closed. */
  readonly signal: AbortSignal;
  /** Told as the answer goes out. */
  readonly sent: (tokens: number) => void;
}

/** Sends an answer at its pace, and has go wrong what is to go wrong. Resolves with how it ended. */
export async function sendAnswer(
  response: ServerResponse,
  outgoing: Outgoing,
  sending: Sending,
): Promise<"finished" | "broken" | "aborted"> {
  const { pieces, framing } = outgoing;
  const { fault, due, wait, signal, sent } = sending;
  const began = performance.now();
  const whole = framing === "json";
  let characters = 0;
  let tokens = 0;

  const until = async (moment: number): Promise<void> => {
    const left = began + moment - performance.now();
    if (left > 0) await wait(left, signal);
  };

  if (fault?.at === "headers") return breakOff(response, outgoing, sending, fault);
  // An answer in one body is sent once it is whole; the headers of a stream are sent at once.
  if (whole) await until(due(pieces.reduce((sum, piece) => sum + piece.tokens, 0)));
  if (signal.aborted) return "aborted";
  writeHead(response, outgoing);

  for (const [place, piece] of pieces.entries()) {
    if (!whole && piece.tokens > 0) await until(due(tokens));
    if (signal.aborted) return "aborted";
    if (fault && isPlace(fault.at ?? "headers", piece, characters, place === pieces.length - 1)) {
      return breakOff(response, outgoing, sending, fault);
    }
    await write(response, piece.bytes);
    characters += piece.characters;
    tokens += piece.tokens;
    sent(tokens);
  }
  response.end();
  return "finished";
}

/** Whether this piece is the one before which it goes wrong; the last one at the latest. */
function isPlace(at: Place, { content }: OutgoingPiece, characters: number, last: boolean): boolean {
  if (last || at === "end") return last;
  return content && (at === "first" || (typeof at === "number" && characters >= at));
}

const malformed: Readonly<Record<Outgoing["framing"], string>> = {
  json: '{"oops": ',
  sse: 'data: {"oops": \n\n',
  ndjson: '{"oops": \n',
  "aws-eventstream": "oops, this is no frame",
};

async function breakOff(
  response: ServerResponse,
  outgoing: Outgoing,
  { wait, signal }: Sending,
  fault: NonNullable<Sending["fault"]>,
): Promise<"broken" | "aborted"> {
  const { framing } = outgoing;
  if (fault.type === "stall") {
    const beats = response.headersSent && framing === "sse" ? fault.keepAlive : undefined;
    while (!signal.aborted) {
      await wait(beats ?? 2 ** 31 - 1, signal);
      if (beats !== undefined && !signal.aborted) await write(response, ": keep-alive\n\n");
    }
    return "aborted";
  }
  if (fault.type === "malformed") {
    writeHead(response, outgoing);
    await write(response, malformed[framing]);
    response.end();
    return "broken";
  }
  if (fault.type === "error") {
    const bytes = outgoing.fail?.(new ModelError(fault.message ?? `The simulator says ${fault.code}.`, fault));
    if (bytes !== undefined) {
      await write(response, bytes);
      response.end();
      return "broken";
    }
  }
  if (fault.type === "cut" && fault.quietly) response.end();
  else response.destroy();
  return "broken";
}

/** Nothing of a whole body says how long it is, so that one which is cut quietly looks whole. */
function writeHead(response: ServerResponse, { status, headers }: Outgoing): void {
  if (response.headersSent) return;
  response.writeHead(status, headers);
  response.flushHeaders();
}

/** Resolves once the bytes are out of our hands: nobody who reads slowly makes us gather them. */
function write(response: ServerResponse, bytes: string | Uint8Array): Promise<void> {
  // A response whose socket is gone drops what it is given, and never calls back.
  if (bytes.length === 0 || response.socket?.destroyed !== false) return Promise.resolve();
  return new Promise((resolve) => {
    response.write(bytes, () => resolve());
  });
}

/** Waits by the clock of the machine. */
export const waitByClock: Wait = (milliseconds, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(milliseconds, 2 ** 31 - 1));
    signal.addEventListener("abort", done, { once: true });
    return undefined;
  });
