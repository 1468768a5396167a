import type { Json } from "@plugboard/core";

/** What was sent: the path after the host, and the body. */
export interface SentCall {
  readonly host: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: Json;
}

/** A fetch that keeps what is sent, and answers each request. */
export function listeningFetch(answer: (body: Json) => unknown): {
  readonly fetch: typeof globalThis.fetch;
  readonly sent: readonly SentCall[];
} {
  const sent: SentCall[] = [];
  return {
    sent,
    async fetch(url, init) {
      const { host, pathname } = new URL(url);
      const body = JSON.parse(init?.body as string) as Json;
      sent.push({ host, path: pathname, headers: new Headers(init?.headers), body });
      return Response.json(answer(body));
    },
  };
}
