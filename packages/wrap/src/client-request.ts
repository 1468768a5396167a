import { ModelError } from "@plugboard/core";
import type { Json } from "@plugboard/core";

/** What a client gives to `fetch`. */
export type FetchCall = Parameters<typeof globalThis.fetch>;

/** The same, looked at. */
export interface ClientRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly signal: AbortSignal | undefined;
  /** What else `fetch` is told: a dispatcher for a proxy, `keepalive`. */
  readonly settings: RequestInit;
  /** Reads the body. The call itself can still be sent elsewhere after it. @throws {ModelError} `invalid-request` for what is no JSON */
  readonly json: () => Promise<Json>;
}

/** Reads what a client asks `fetch` for, as `fetch` itself would: what stands in `init` goes over what stands in a `Request`. */
export function clientRequest([input, init = {}]: FetchCall): ClientRequest {
  const sent = input instanceof Request ? input : undefined;
  const { method, headers, body: _, signal = sent?.signal, ...settings } = init;

  async function text(): Promise<string> {
    const { body } = init;
    if (typeof body === "string") return body;
    if (body === undefined || body === null) return sent ? sent.clone().text() : "";
    return new Response(body).text();
  }

  return {
    method: method ?? sent?.method ?? "GET",
    url: urlOf(input),
    headers: new Headers(headers ?? sent?.headers),
    signal: signal ?? undefined,
    settings,
    async json() {
      try {
        return JSON.parse(await text()) as Json;
      } catch (cause) {
        throw new ModelError("The body must be JSON.", { code: "invalid-request", cause });
      }
    },
  };
}

/** Where a call of `fetch` goes. */
export function urlOf(input: FetchCall[0]): URL {
  return new URL(input instanceof Request ? input.url : input);
}
