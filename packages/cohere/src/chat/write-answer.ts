import type {
  AssistantPart,
  Citation,
  Json,
  JsonObject,
  ModelResult,
  TextPart,
  ToolCallPart,
  Usage,
} from "@plugboard/core";
import type { ServedRequest } from "@plugboard/wire";
import { callArguments, listOf, objectOf, stringOf } from "@plugboard/wire";
import { owner } from "../account.ts";
import { writeEnding } from "./finish-reasons.ts";

/** The body of an answer in one piece. What a provider ran itself is not told: Cohere has no place for it. */
export function writeResult(result: ModelResult, _asked: ServedRequest): JsonObject {
  const content: JsonObject[] = [];
  const citations: JsonObject[] = [];
  const toolCalls: JsonObject[] = [];
  let plan = "";
  for (const part of result.content) {
    const { length } = content;
    if (part.type === "text" && part.text !== "") content.push({ type: "text", text: part.text });
    else if (part.type === "reasoning" && part.text !== "") content.push({ type: "thinking", thinking: part.text });
    else if (part.type === "tool-call" && !part.executed) toolCalls.push(writeCall(part));
    else plan += planOf(part);
    citations.push(...writeCitations(part, length));
  }
  return {
    id: result.id ?? "",
    ...writeEnding(result),
    message: {
      role: "assistant",
      ...(content.length > 0 && { content }),
      ...(plan !== "" && { tool_plan: plan }),
      ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
      ...(citations.length > 0 && { citations }),
    },
    usage: writeUsage(result),
  };
}

/** What the model means to do with its tools; nothing for a part that is no plan. */
export function planOf(part: AssistantPart): string {
  return (part.type === "opaque" && stringOf(part.providerData[owner]?.["tool_plan"])) || "";
}

export function writeCall(part: ToolCallPart): JsonObject {
  return { id: part.id, type: "function", function: { name: part.name, arguments: callArguments(part) } };
}

/** What a part rests on. Cohere's own citations of thoughts and plans go back as they came. */
export function writeCitations(part: AssistantPart, contentIndex: number): JsonObject[] {
  if (part.type === "text")
    return (part.citations ?? []).map((citation) => writeCitation(citation, part, contentIndex));
  if (part.type !== "reasoning" && part.type !== "opaque") return [];
  const own = listOf(part.providerData?.[owner]?.["citations"]).map(objectOf);
  return own.flatMap((citation) =>
    citation ? [{ ...citation, ...(part.type === "reasoning" && { content_index: contentIndex }) }] : [],
  );
}

function writeCitation({ source, start, end }: Citation, { text }: TextPart, contentIndex: number): JsonObject {
  const { id, url, title } = source;
  const about = { ...(url !== undefined && { url }), ...(title !== undefined && { title }) };
  const told = source.providerData?.[owner] ?? { type: "document", id: id ?? url ?? "", document: about };
  return {
    ...(start !== undefined &&
      end !== undefined && {
        start: charactersIn(text.slice(0, start)),
        end: charactersIn(text.slice(0, end)),
        text: text.slice(start, end),
      }),
    sources: [told],
    content_index: contentIndex,
    type: "TEXT_CONTENT",
  };
}

/** Cohere counts characters; the contract counts UTF-16 units. */
function charactersIn(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The counts in Cohere's words; what was billed, where Cohere said it. */
export function writeUsage({ usage, providerData }: Pick<ModelResult, "usage" | "providerData">): JsonObject {
  const { cachedInput } = usage;
  const billed = providerData?.[owner]?.["billed_units"];
  return {
    ...(billed !== undefined && { billed_units: billed }),
    tokens: tokensOf(usage),
    ...(cachedInput !== undefined && { cached_tokens: cachedInput }),
  };
}

function tokensOf({ input, output, reasoning }: Usage): Record<string, Json> {
  return {
    ...(input !== undefined && { input_tokens: input }),
    ...(output !== undefined && { output_tokens: output }),
    ...(reasoning !== undefined && { reasoning_tokens: reasoning }),
  };
}
