import type { Json, JsonObject, ModelResult, SourcePart } from "@plugboard/core";
import type { ServedProtocol } from "@plugboard/wire";
import { chatEventWriter } from "./event-writer.ts";
import { writeFinishReason } from "./finish-reasons.ts";
import { readChatRequest } from "./read-request.ts";
import {
  callForClient,
  usageMember,
  writeCitations,
  writeFile,
  writeLogprobs,
  writeOwn,
  writeSources,
} from "./write-answer.ts";
import { readBy } from "../shared/read-by.ts";
import { writeUsage } from "../shared/usage.ts";
import { writeError } from "../shared/write-error.ts";

/** Where what an answer does not know of itself comes from. */
export interface ChatCompletionsProtocolOptions {
  /** Milliseconds since the epoch, for answers without a time. @default Date.now */
  readonly now?: () => number;
  /** An id for answers without one. @default a random one */
  readonly newId?: () => string;
  /**
   * As whose clients want it. Mistral's want usage in every answer and at the end of every stream, asked for or not, and a call in one
   * piece. @default "openai"
   */
  readonly manner?: "openai" | "mistral";
}

/**
 * The chat-completions protocol as its clients see it: what they send, and what they expect back.
 *
 * What has no form there is left out: tools that a provider ran itself and their results, opaque items, signatures. Thoughts are in
 * `reasoning_content`, sources without a place in the text in `search_results`, images in `images`.
 *
 * @example
 * const protocol = chatCompletionsProtocol();
 * const asked = protocol.readRequest(JSON.parse(body));
 * const answer = protocol.writeResult(await model.generate(asked.request), asked);
 */
export function chatCompletionsProtocol({
  now = Date.now,
  newId = randomId,
  manner = "openai",
}: ChatCompletionsProtocolOptions = {}): ServedProtocol {
  function envelope({ id, created }: Pick<ModelResult, "id" | "created">): {
    readonly id: string;
    readonly created: number;
  } {
    return { id: id ?? newId(), created: Math.floor((created ?? now()) / 1000) };
  }

  return {
    name: "chat-completions",
    streamType: "text/event-stream",
    readBy,
    readRequest: readChatRequest,
    writeResult(result, { model }) {
      const sources = result.content.filter((part): part is SourcePart => part.type === "source");
      const finish = writeFinishReason(result.finishReason);
      return {
        ...envelope(result),
        object: "chat.completion",
        model: result.model || model,
        choices: [{ index: 0, message: writeMessage(result), ...writeLogprobs(result), finish_reason: finish }],
        ...(manner === "mistral" ? { usage: writeUsage(result.usage) } : usageMember(result.usage)),
        ...writeOwn(result),
        ...writeSources(sources),
      };
    },
    writer: (asked) => chatEventWriter(asked, envelope, manner),
    writeError,
  };
}

function writeMessage({ content, finishReason }: ModelResult): JsonObject {
  let text = "";
  let thoughts = "";
  const calls: Json[] = [];
  const annotations: Json[] = [];
  const images: Json[] = [];
  const others: Record<string, Json | undefined> = {};
  for (const part of content) {
    if (part.type === "text") {
      annotations.push(...writeCitations(part.citations ?? [], text.length));
      text += part.text;
    } else if (part.type === "reasoning") thoughts += part.text;
    else if (part.type === "tool-call" && !part.executed) calls.push(callForClient(part));
    else if (part.type === "file") {
      const member = writeFile(part);
      if (Array.isArray(member["images"])) images.push(...(member["images"] as Json[]));
      else Object.assign(others, member);
    }
  }
  const refusing = finishReason === "refusal";
  return {
    role: "assistant",
    content: refusing || text === "" ? null : text,
    refusal: refusing ? text : null,
    ...(thoughts !== "" && { reasoning_content: thoughts }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(annotations.length > 0 && { annotations }),
    ...(images.length > 0 && { images }),
    ...others,
  };
}

function randomId(): string {
  return `chatcmpl-${crypto.randomUUID().replaceAll("-", "")}`;
}
