// What every subject is given: the bytes of a chat-completions answer, through a fetch that touches no network.

const words = ["The", " quick", " brown", " fox", " jumps", " over", " the", " lazy", " dog", " and", " rests", "."];
const head = { id: "chatcmpl-1", created: 1_760_000_000, model: "gpt-4o-2024-08-06", system_fingerprint: "fp_1" };
const encoder = new TextEncoder();

/** The text of an answer of so many tokens. */
export function textOfTokens(tokens: number): string {
  return Array.from({ length: tokens }, (_, place) => words[place % words.length]!).join("");
}

/** A fetch that answers with a whole body. */
export function wholeFetch(tokens: number): typeof fetch {
  const body = wholeBody(tokens);
  return async () => new Response(body, { headers: { "content-type": "application/json" } });
}

/** An answer in one body. */
export function wholeBody(tokens: number): string {
  return JSON.stringify({
    ...head,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: textOfTokens(tokens), refusal: null },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: usageOf(tokens),
  });
}

/** How a stream comes: in reads of one event each or of so many bytes; `varied`, with a member that is another in every chunk. */
export interface Delivery {
  readonly reads: "event" | number;
  readonly varied?: boolean;
}

/** A fetch that answers with a stream. */
export function streamFetch(tokens: number, { reads, varied = false }: Delivery): typeof fetch {
  const said = events(tokens, varied);
  const chunks = reads === "event" ? said : slices(said.join(""), reads);
  const bytes = chunks.map((chunk) => encoder.encode(chunk));
  return async () => {
    let next = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const chunk = bytes[next++];
          if (chunk) controller.enqueue(chunk);
          else controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
}

function events(tokens: number, varied: boolean): string[] {
  return [
    chunkOf([delta({ role: "assistant", content: "", refusal: null })]),
    ...Array.from({ length: tokens }, (_, place) =>
      chunkOf([delta({ content: words[place % words.length] })], varied ? { obfuscation: place.toString(36) } : {}),
    ),
    chunkOf([delta({}, "stop")]),
    chunkOf([], { usage: usageOf(tokens) }),
    "data: [DONE]\n\n",
  ];
}

function chunkOf(choices: readonly object[], more: object = {}): string {
  return `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices, ...more })}\n\n`;
}

function delta(value: object, finish: string | null = null): object {
  return { index: 0, delta: value, logprobs: null, finish_reason: finish };
}

function slices(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, place) =>
    text.slice(place * size, (place + 1) * size),
  );
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
