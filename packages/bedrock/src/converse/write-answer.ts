import type { AssistantPart, FilePart, Json, JsonObject, ModelResult } from "@plugboard/core";
import type { ServedRequest } from "@plugboard/wire";
import { toBase64 } from "@plugboard/wire";
import { provider } from "../provider.ts";
import { extrasOf, writeStopReason } from "./finish.ts";
import type { Block } from "./messages.ts";
import { blockOf } from "./messages.ts";
import { writeUsage } from "./usage.ts";

const naming = { toolName: (name: string): string => name };

/** The body of an answer in one piece. */
export function writeResult(result: ModelResult, _asked: ServedRequest): JsonObject {
  return {
    output: { message: { role: "assistant", content: result.content.flatMap((part) => answerBlock(part) ?? []) } },
    stopReason: writeStopReason(result),
    usage: writeUsage(result.usage),
    metrics: { latencyMs: 0 }, // of the model alone, which is not known here
    ...ownExtras(result),
  };
}

/** What Bedrock said beside the contract. */
export function ownExtras({ providerData }: Pick<ModelResult, "providerData">): Record<string, Json> {
  return extrasOf(providerData?.[provider] ?? {});
}

/** The block of a part of an answer; `undefined` for what Bedrock has no place for. */
export function answerBlock(part: AssistantPart): Block | undefined {
  if (part.type === "text" && part.text === "" && !part.citations?.length) return undefined;
  if (part.type === "file") return imageBlock(part);
  if (part.type === "tool-call" && part.executed && part.providerData?.[provider]?.["type"] === undefined) {
    return undefined;
  }
  const block = blockOf(part, naming, { signed: true });
  if (block || part.type !== "reasoning" || part.text === "") return block;
  return { reasoningContent: { reasoningText: { text: part.text } } };
}

/** An answer holds images, as bytes. */
function imageBlock({ mediaType, data }: FilePart): Block | undefined {
  const format = /^image\/(png|jpeg|gif|webp)$/.exec(mediaType)?.[1];
  return format === undefined || data instanceof URL
    ? undefined
    : { image: { format, source: { bytes: toBase64(data) } } };
}
