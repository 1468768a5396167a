import type { Finish, JsonObject, ModelResult } from "@plugboard/core";
import type { UsageMetadata } from "@langchain/core/messages";
import { AIMessage } from "@langchain/core/messages";
import { toPlain } from "../plain.ts";
import { readAnswer } from "./read-message.ts";
import { writeUsage } from "./usage.ts";
import { writeAnswer } from "./write-message.ts";

/** What stands on the end of an answer besides its content. */
export interface WrittenEnding {
  readonly usage_metadata?: UsageMetadata;
  readonly response_metadata: Record<string, unknown>;
}

/** A whole answer as LangChain has it. */
export function writeResult(result: ModelResult): AIMessage {
  const { content, id } = result;
  const { usage_metadata, response_metadata } = writeEnding(result);
  const message = new AIMessage({ ...writeAnswer(content), response_metadata, ...(id !== undefined && { id }) });
  if (usage_metadata) Object.assign(message, { usage_metadata });
  message.additional_kwargs = keptOf(result, message);
  return message;
}

/** How an answer ended; what LangChain has no word for (cost, attempts, warnings) stands under `plugboard`. */
export function writeEnding({
  model,
  headers,
  ...result
}: Pick<ModelResult, "model" | "headers"> & Finish): WrittenEnding {
  const { usage, finishReason, rawFinishReason, warnings, cached, cost, attempts, providerData } = result;
  const usage_metadata = writeUsage(usage);
  const kept = toPlain({
    usage,
    finishReason,
    ...(rawFinishReason !== undefined && { rawFinishReason }),
    ...(warnings && warnings.length > 0 && { warnings }),
    ...(cached && { cached }),
    ...(cost && { cost }),
    ...(attempts && { attempts }),
    ...(providerData && { providerData }),
  });
  return {
    ...(usage_metadata && { usage_metadata }),
    response_metadata: {
      model_name: model,
      finish_reason: reasons[finishReason] ?? finishReason,
      ...(headers && { headers: { ...headers } }),
      plugboard: kept,
    },
  };
}

/** The content as it was, where the message does not say all of it. */
export function keptOf({ content }: Pick<ModelResult, "content">, message: AIMessage): { plugboard?: JsonObject } {
  const back = readAnswer(message, "message");
  const exact = toPlain(content);
  return JSON.stringify(toPlain(back)) === JSON.stringify(exact)
    ? {}
    : { plugboard: { role: "assistant", content: exact } };
}

/** The words that LangChain's own integrations of OpenAI have, which others look for. */
const reasons: Readonly<Record<string, string>> = { "tool-calls": "tool_calls", "content-filter": "content_filter" };
