import { textPieces } from "./text.ts";
import type { Wire } from "./wire.ts";

const head = {
  id: "resp_1",
  object: "response",
  created_at: 1_760_000_000,
  model: "gpt-4o-2024-08-06",
  error: null,
  incomplete_details: null,
  instructions: null,
  parallel_tool_calls: true,
  tool_choice: "auto",
  tools: [],
  metadata: {},
};

/** OpenAI's responses. */
export const responses: Wire = {
  path: "/v1/responses",
  whole: (tokens) => JSON.stringify(completed(tokens)),
  events(tokens) {
    let sequence = 0;
    const event = (type: string, data: object): string =>
      `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...data })}\n\n`;
    const at = { item_id: "msg_1", output_index: 0, content_index: 0 };
    const text = textPieces(tokens).join("");
    const started = { response: { ...head, status: "in_progress", output: [], usage: null } };
    const item = { id: "msg_1", type: "message", status: "in_progress", role: "assistant", content: [] };
    return [
      event("response.created", started),
      event("response.in_progress", started),
      event("response.output_item.added", { output_index: 0, item }),
      event("response.content_part.added", { ...at, part: { type: "output_text", text: "", annotations: [] } }),
      ...textPieces(tokens).map((delta) => event("response.output_text.delta", { ...at, delta, logprobs: [] })),
      event("response.output_text.done", { ...at, text, logprobs: [] }),
      event("response.content_part.done", { ...at, part: { type: "output_text", text, annotations: [] } }),
      event("response.output_item.done", { output_index: 0, item: messageOf(text) }),
      event("response.completed", { response: completed(tokens) }),
    ];
  },
};

function completed(tokens: number): object {
  return {
    ...head,
    status: "completed",
    output: [messageOf(textPieces(tokens).join(""))],
    usage: {
      input_tokens: 12,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: tokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: tokens + 12,
    },
  };
}

function messageOf(text: string): object {
  const content = [{ type: "output_text", text, annotations: [], logprobs: [] }];
  return { id: "msg_1", type: "message", status: "completed", role: "assistant", content };
}
