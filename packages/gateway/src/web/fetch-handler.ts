import { ModelError } from "@plugboard/core";
import type { ServedStream } from "@plugboard/wire/serve";
import { toResponse } from "@plugboard/wire/serve";
import type { Handle } from "../handling/handle.ts";
import type { Incoming } from "../handling/incoming.ts";
import { Refusal } from "../handling/refusal.ts";
import { tooLong } from "../handling/too-long.ts";
import type { Ending } from "../telling/log-entry.ts";

/** What the request does not say of its connection. */
export interface ConnectionInfo {
  /** The address of the client, by which wrong keys are counted: on Workers the header `cf-connecting-ip`. @default one for all */
  readonly remote?: string;
}

/**
 * Answers a request. It never rejects.
 *
 * @example
 * export default { fetch: (request: Request) => door.fetch(request) };
 */
export type FetchHandler = (request: Request, connection?: ConnectionInfo) => Promise<Response>;

/** The handling of requests as a `fetch` handler. */
export function fetchHandler(handle: Handle): FetchHandler {
  return async (request, { remote = "" } = {}) => {
    const stop = new AbortController();
    const gone = (): void => stop.abort(new ModelError("The client is gone.", { code: "aborted" }));
    if (request.signal.aborted) gone();
    else request.signal.addEventListener("abort", gone, { once: true });
    const answer = await handle(incomingOf(request, remote, stop.signal));
    const { body } = answer;
    const over = (ending: Ending): void => {
      request.signal.removeEventListener("abort", gone);
      answer.ended(ending);
    };
    if (typeof body === "string") {
      over(stop.signal.aborted ? "cut" : "sent");
      // These have no body, and the web's Response insists on it.
      if (answer.status === 204) return new Response(null, { status: 204, headers: answer.headers });
      return toResponse(answer);
    }
    return toResponse({ ...answer, body: watched(body, over, gone) });
  };
}

/** Tells how the reading ended. */
function watched(stream: ServedStream, over: (ending: Ending) => void, gone: () => void): ServedStream {
  return {
    async pull() {
      try {
        const text = await stream.pull();
        if (text === undefined) over("sent");
        return text;
      } catch (error) {
        over("cut");
        throw error;
      }
    },
    cancel() {
      gone();
      stream.cancel();
      over("cut");
    },
  };
}

function incomingOf(request: Request, remote: string, signal: AbortSignal): Incoming {
  const { pathname, search } = new URL(request.url);
  return {
    method: request.method,
    path: pathname,
    query: search.slice(1),
    header: (name) => request.headers.get(name) ?? undefined,
    body: (most) => readBody(request, most),
    remote,
    signal,
  };
}

async function readBody(request: Request, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += (chunk as Uint8Array).length;
      if (size > most) throw tooLong(most); // leaving the loop lets the rest go
      chunks.push(chunk as Uint8Array);
    }
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw new Refusal(400, new ModelError("The body broke off.", { code: "invalid-request" }), true);
  }
  const whole = new Uint8Array(size);
  let place = 0;
  for (const chunk of chunks) {
    whole.set(chunk, place);
    place += chunk.length;
  }
  return whole;
}
