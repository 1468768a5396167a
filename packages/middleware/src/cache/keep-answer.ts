import { toolCallsOf } from "@plugboard/core";
import type { CallOptions, EmbeddingResult, ModelResult, RerankResult } from "@plugboard/core";
import { isReply } from "../is-reply.ts";
import type { Answer } from "./cache-entry.ts";

/** What becomes of the answer to a call. */
export interface Keeping {
  /** Whether an answer of a chat model is one for others, too. */
  readonly mayKeep: (result: ModelResult) => boolean;
  readonly write: (answer: Answer) => Promise<void>;
  /** There is no answer to keep. */
  readonly lose: (() => void) | undefined;
  /** Whoever shares the answer among its callers waits for the writing instead. */
  readonly keep: ((until: Promise<void>) => void) | undefined;
}

/**
 * Makes a call and keeps its answer. The end of the answer waits for that, so that the next call finds it, and so that a process which
 * is done with the answer may end.
 */
export async function keepAnswer<Request extends CallOptions, Reply>(
  call: (request: Request) => Promise<Reply>,
  request: Request,
  { mayKeep, write, lose, keep }: Keeping,
): Promise<Reply> {
  let reply: Reply;
  try {
    reply = await call(request);
  } catch (error) {
    lose?.();
    throw error;
  }
  if (isReply(reply)) {
    reply.onEnd((outcome) => {
      if (outcome.status !== "finished" || !mayKeep(outcome.result)) return lose?.();
      const writing = write(outcome.result);
      if (!keep) return writing;
      keep(writing);
    });
  } else if (isWhole(reply)) await write(reply);
  else lose?.();
  return reply;
}

/** Whether an answer came to its end, and is good for another caller as well. One that asks for tools has them run once more. */
export function isKeepable(result: ModelResult, toolCalls: boolean): boolean {
  const { finishReason } = result;
  if (finishReason !== "stop" && finishReason !== "tool-calls") return false;
  return toolCalls || (finishReason === "stop" && toolCallsOf(result).length === 0);
}

/** Vectors, or an order. */
function isWhole(value: unknown): value is EmbeddingResult | RerankResult {
  return typeof value === "object" && value !== null && ("embeddings" in value || "ranking" in value);
}
