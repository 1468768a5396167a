import type { IncomingMessage, ServerResponse } from "node:http";
import type { ServedStream } from "@plugboard/wire/serve";
import type { Answer } from "../handling/answer.ts";

/** Milliseconds and bytes for which the rest of a body that nobody wants is still taken, so that its sender reads why. */
const linger = { time: 1000, bytes: 64 * 2 ** 20 };

/** The circumstances of sending. */
export interface Sending {
  /** Milliseconds that a client may take to make room for more. */
  readonly stallTimeout: number;
  /** Fires when the client is gone, or when the server has no more time for it. */
  readonly signal: AbortSignal;
}

/**
 * Writes an answer to the socket: of a stream, one write for each read of the model, and none before there is room. Resolves when the
 * last of it is written, or the connection is broken off.
 */
export async function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  sending: Sending,
): Promise<void> {
  const { status, headers, body, close } = answer;
  if (response.destroyed) {
    if (typeof body !== "string") body.cancel();
    return;
  }
  if (typeof body === "string") {
    const bytes = Buffer.byteLength(body);
    response.writeHead(status, { ...headers, "content-length": bytes, ...(close && { connection: "close" }) });
    if (!close) return void response.end(body);
    response.write(body);
    await dumped(request);
    return void response.end();
  }
  response.writeHead(status, headers);
  try {
    await pump(body, response, sending);
    response.end();
  } catch {
    // Only a connection that breaks says that the answer did not come to its end.
    body.cancel();
    response.destroy();
  }
}

async function pump(stream: ServedStream, response: ServerResponse, sending: Sending): Promise<void> {
  for (;;) {
    // The text has no name here: a function that waits keeps what it has a name for.
    const left = send(response, await stream.pull());
    if (left === "nothing") return;
    if (left === "no room" && !sending.signal.aborted) await room(response, sending);
  }
}

function send(response: ServerResponse, text: string | undefined): "nothing" | "room" | "no room" {
  if (text === undefined) return "nothing";
  if (response.destroyed) throw new Error("The client is gone.");
  return response.write(toSend(text)) ? "room" : "no room";
}

/** Of a long text that waits, Node keeps two copies: one of its own beside the text. Of bytes it keeps these alone. */
function toSend(text: string): string | Uint8Array {
  return text.length < 8192 ? text : Buffer.from(text);
}

/** Waits until the client has taken what it was sent. */
function room(response: ServerResponse, { stallTimeout, signal }: Sending): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => done(() => reject(new Error("The client does not read."))), stallTimeout);
    const go = (): void => done(resolve);
    function done(settle: () => void): void {
      clearTimeout(timer);
      response.off("drain", go);
      response.off("close", go);
      signal.removeEventListener("abort", go);
      settle();
    }
    response.once("drain", go);
    response.once("close", go);
    signal.addEventListener("abort", go, { once: true });
  });
}

/** Takes the rest of a body without keeping it: a socket that is closed on unread bytes takes the answer with it. */
function dumped(request: IncomingMessage): Promise<void> {
  if (request.complete) return Promise.resolve();
  return new Promise((resolve) => {
    let taken = 0;
    const timer = setTimeout(resolve, linger.time);
    const over = (): void => {
      clearTimeout(timer);
      resolve();
    };
    request.on("data", (chunk: Uint8Array) => {
      taken += chunk.length;
      if (taken > linger.bytes) over();
    });
    request.once("end", over);
    request.once("close", over);
    request.resume();
  });
}
