import type { Json, JsonObject } from "@plugboard/core";

/** A request as it was sent. */
export interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Record<string, Json>;
}

/** The whole answer to "Hello". */
export const message: JsonObject = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-4-6",
  content: [{ type: "text", text: "Hi" }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};

/** A fetch that keeps what is sent, and answers all with one message, or with the body that is given. */
export function listening(body?: Json): { readonly fetch: typeof globalThis.fetch; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch: typeof globalThis.fetch = (url, init) => {
    const written = JSON.parse(init?.body as string) as Sent["body"];
    sent.push({ url: url as string, headers: new Headers(init?.headers), body: written });
    return Promise.resolve(Response.json(body ?? message));
  };
  return { fetch, sent };
}
