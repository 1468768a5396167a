import { textPieces } from "./text.ts";
import type { Wire } from "./wire.ts";

const head = { id: "msg_1", type: "message", role: "assistant", model: "claude-sonnet-4-5-20250929" };

/** Anthropic's messages. */
export const messages: Wire = {
  path: "/v1/messages",
  whole(tokens) {
    const content = [{ type: "text", text: textPieces(tokens).join("") }];
    return JSON.stringify({ ...head, content, stop_reason: "end_turn", stop_sequence: null, usage: usageOf(tokens) });
  },
  events: (tokens) => [
    event({
      type: "message_start",
      message: { ...head, content: [], stop_reason: null, stop_sequence: null, usage: usageOf(1) },
    }),
    event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
    event({ type: "ping" }),
    ...textPieces(tokens).map((text) =>
      event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }),
    ),
    event({ type: "content_block_stop", index: 0 }),
    event({
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: { output_tokens: tokens },
    }),
    event({ type: "message_stop" }),
  ],
};

function event(data: { readonly type: string; readonly [member: string]: unknown }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

function usageOf(tokens: number): object {
  return {
    input_tokens: 12,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: tokens,
    service_tier: "standard",
  };
}
