import { textPieces } from "./text.ts";
import type { Wire } from "./wire.ts";

const head = { id: "chatcmpl-1", created: 1_760_000_000, model: "gpt-4o-2024-08-06", system_fingerprint: "fp_1" };

/** OpenAI's chat completions. */
export const chat: Wire = {
  path: "/v1/chat/completions",
  whole(tokens) {
    const message = { role: "assistant", content: textPieces(tokens).join(""), refusal: null };
    const choices = [{ index: 0, message, logprobs: null, finish_reason: "stop" }];
    return JSON.stringify({ ...head, object: "chat.completion", choices, usage: usageOf(tokens) });
  },
  events: (tokens, varying) => [
    chunkOf([delta({ role: "assistant", content: "", refusal: null })]),
    ...textPieces(tokens).map((content, place) =>
      chunkOf([delta({ content })], varying ? { [varying]: place.toString(36) } : {}),
    ),
    chunkOf([delta({}, "stop")]),
    chunkOf([], { usage: usageOf(tokens) }),
    "data: [DONE]\n\n",
  ],
};

function chunkOf(choices: readonly object[], more: object = {}): string {
  return `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices, ...more })}\n\n`;
}

function delta(value: object, finish: string | null = null): object {
  return { index: 0, delta: value, logprobs: null, finish_reason: finish };
}

function usageOf(tokens: number): object {
  return {
    prompt_tokens: 12,
    completion_tokens: tokens,
    total_tokens: tokens + 12,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  };
}
