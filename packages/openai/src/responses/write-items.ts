import type {
  AssistantPart,
  Citation,
  FilePart,
  JsonObject,
  OpaquePart,
  ReasoningPart,
  TextPart,
  ToolCallPart,
} from "@plugboard/core";
import { callArguments, toBase64 } from "@plugboard/wire";
import { isObject } from "../shared/fields.ts";

/** Whether an item is whole. */
export type ItemStatus = "in_progress" | "completed" | "incomplete";

/**
 * What a part of an answer is for a client; nothing for what has no form in the protocol: tools that others ran and their results,
 * opaque items of others, sources without a place in the text, files that are no images.
 *
 * @param id - for an item that has none of its own
 */
export function itemForClient(part: AssistantPart, id: string, refusing: boolean): JsonObject | undefined {
  switch (part.type) {
    case "text":
      return messageItem(`msg_${id}`, "completed", pieceForClient(part, refusing), phaseOf(part));
    case "reasoning":
      return reasoningItem(part, id);
    case "tool-call":
      return part.executed ? ownItem(part) : callItem(part, id, "completed");
    case "file":
      return imageItem(part, id);
    case "opaque":
      return ownItem(part);
    default: // a result is in the item of its call, a source beside the text
      return undefined;
  }
}

export function messageItem(
  id: string,
  status: ItemStatus,
  piece: JsonObject | undefined,
  phase: JsonObject = {},
): JsonObject {
  return { id, type: "message", status, role: "assistant", content: piece ? [piece] : [], ...phase };
}

/** The piece of a message that a text is. */
export function pieceForClient(part: TextPart, refusing: boolean): JsonObject {
  return refusing || part.providerData?.["openai"]?.["refusal"] === true
    ? { type: "refusal", refusal: part.text }
    : { type: "output_text", text: part.text, annotations: annotationsForClient(part), logprobs: [] };
}

export function phaseOf(part: TextPart): JsonObject {
  const phase = ownItem(part)?.["phase"];
  return phase === undefined ? {} : { phase };
}

/** Where a text comes from. OpenAI's own annotations as they were, of others those with an address. */
export function annotationsForClient({ citations = [] }: TextPart): JsonObject[] {
  return citations.flatMap(annotationOf);
}

function annotationOf({ source, start = 0, end = start }: Citation): JsonObject[] {
  const annotation = source.providerData?.["openai"]?.["annotation"];
  if (isObject(annotation)) return [annotation];
  const { url, title = "" } = source;
  return url === undefined ? [] : [{ type: "url_citation", url, title, start_index: start, end_index: end }];
}

export function reasoningItem(part: ReasoningPart, id: string): JsonObject {
  const summary = part.text === "" ? [] : [{ type: "summary_text", text: part.text }];
  return ownItem(part) ?? { id: `rs_${id}`, type: "reasoning", summary };
}

export function callItem(call: ToolCallPart, id: string, status: ItemStatus): JsonObject {
  const { id: call_id, name, input, providerData } = call;
  if (providerData?.["openai"]?.["type"] === "custom") {
    const text = typeof input === "string" ? input : JSON.stringify(input);
    return { id: `ctc_${id}`, type: "custom_tool_call", status, call_id, name, input: text };
  }
  return { id: `fc_${id}`, type: "function_call", status, call_id, name, arguments: callArguments(call) };
}

function imageItem({ mediaType, data }: FilePart, id: string): JsonObject | undefined {
  if (!mediaType.startsWith("image/") || data instanceof URL) return undefined;
  return { id: `ig_${id}`, type: "image_generation_call", status: "completed", result: toBase64(data) };
}

function ownItem({ providerData }: TextPart | ReasoningPart | ToolCallPart | OpaquePart): JsonObject | undefined {
  const item = providerData?.["openai"]?.["item"];
  return isObject(item) ? item : undefined;
}
