import type { AssistantPart, EventOf, Finish, FinishReason, Json, ModelEvent, ModelResult } from "@plugboard/core";
import type { EventWriter, ServedRequest } from "@plugboard/wire";
import type { Block } from "./messages.ts";
import { finishReasons } from "./finish.ts";
import { blockOf, owner } from "./messages.ts";
import { wireUsageOf } from "./usage.ts";
import { errorBodyOf } from "./write-error.ts";

const naming = { toolName: (name: string): string => name };

const reasons: Readonly<Record<FinishReason, string>> = {
  stop: "end_turn",
  length: "max_tokens",
  "tool-calls": "tool_use",
  refusal: "refusal",
  "content-filter": "refusal",
  budget: "max_tokens",
  other: "end_turn",
  unfinished: "end_turn",
};

/** The names in an answer that are not of its parts. */
export interface AnswerNames {
  readonly id: string;
  readonly model: string;
}

/** A whole answer as a message. */
export function writeMessage(result: ModelResult, names: AnswerNames): Json {
  return {
    ...names,
    type: "message",
    role: "assistant",
    content: result.content.flatMap((part) => answerBlockOf(part) ?? []),
    ...endingOf(result),
    usage: wireUsageOf(result.usage),
  };
}

interface OpenBlock {
  readonly wireIndex: number;
  readonly kind: "text" | "thinking" | "call";
}

/**
 * Writes an answer as the events of a stream. Calls of tools that are not the client's are held back until it is known that nobody else
 * runs them; and so is one that begins before another is whole, since clients read one block after the other.
 */
export function messageWriter(
  asked: ServedRequest,
  namesOf: (start: { id?: string; model: string }) => AnswerNames,
): EventWriter {
  const tools = asked.request.tools ?? [];
  // Who calls, the client or code that Anthropic runs, is known only with the whole call.
  const isByCode = tools.some((tool) => tool.type === "provider" && tool.id.startsWith("anthropic.code_execution"));
  const own = new Set(isByCode ? [] : tools.flatMap((tool) => (tool.type === "provider" ? [] : tool.name)));
  const open = new Map<number, OpenBlock>();
  let next = 0;

  function begin(index: number, kind: "text" | "thinking"): string {
    const opened = { wireIndex: next++, kind };
    open.set(index, opened);
    return blockStart(
      opened.wireIndex,
      kind === "text" ? { type: kind, text: "" } : { type: kind, thinking: "", signature: "" },
    );
  }

  function addText(index: number, kind: "text" | "thinking", text: string): string {
    const opening = open.has(index) ? "" : begin(index, kind);
    const type = kind === "text" ? "text_delta" : "thinking_delta";
    return opening + blockDelta(open.get(index)!.wireIndex, { type, [kind]: text });
  }

  function startCall({ index, id, name }: EventOf<"tool-call-start">): string {
    if (open.size > 0 || !own.has(name)) return "";
    const wireIndex = next++;
    open.set(index, { wireIndex, kind: "call" });
    return beginCall(wireIndex, { type: "tool_use", id, name, input: {} });
  }

  function addArguments(index: number, text: string): string {
    const opened = open.get(index);
    if (opened?.kind !== "call" || text === "") return "";
    return blockDelta(opened.wireIndex, { type: "input_json_delta", partial_json: text });
  }

  function end(index: number): string {
    const opened = open.get(index);
    open.delete(index);
    return opened ? blockStop(opened.wireIndex) : "";
  }

  function writePart(index: number, part: AssistantPart): string {
    const block = answerBlockOf(part);
    if (!block || open.get(index)?.kind === "call") return end(index);
    if (part.type === "text" || part.type === "reasoning") {
      const kind = part.type === "text" ? "text" : "thinking";
      let written = open.has(index) ? "" : begin(index, kind) + (part.text ? addText(index, kind, part.text) : "");
      const { wireIndex } = open.get(index)!;
      if (Array.isArray(block["citations"])) {
        for (const citation of block["citations"] as Json[])
          written += blockDelta(wireIndex, { type: "citations_delta", citation });
      }
      if (block["signature"])
        written += blockDelta(wireIndex, { type: "signature_delta", signature: block["signature"] });
      return written + end(index);
    }
    const wireIndex = next++;
    if (part.type !== "tool-call") return blockStart(wireIndex, block) + blockStop(wireIndex);
    const raw = part.raw ?? (typeof part.input === "string" ? part.input : JSON.stringify(part.input));
    let written = beginCall(wireIndex, { ...block, input: {} });
    if (raw !== "{}") written += blockDelta(wireIndex, { type: "input_json_delta", partial_json: raw });
    return written + blockStop(wireIndex);
  }

  return {
    write(event: ModelEvent): string {
      switch (event.type) {
        case "text-delta":
          return addText(event.index, "text", event.text);
        case "reasoning-delta":
          return addText(event.index, "thinking", event.text);
        case "tool-call-start":
          return startCall(event);
        case "tool-call-delta":
          return addArguments(event.index, event.text);
        case "part":
          return writePart(event.index, event.part);
        case "start": {
          const message = { type: "message", role: "assistant", content: [], stop_reason: null, stop_sequence: null };
          return frame("message_start", {
            message: { ...namesOf(event), ...message, usage: { input_tokens: 0, output_tokens: 0 } },
          });
        }
        case "finish": {
          let written = "";
          for (const index of open.keys()) written += end(index);
          written += frame("message_delta", { delta: endingOf(event), usage: wireUsageOf(event.usage) });
          return written + frame("message_stop", {});
        }
        default:
          return "";
      }
    },
    fail(error) {
      const { type: _, ...body } = errorBodyOf(error);
      return frame("error", body);
    },
  };
}

/** The block of a part, as an answer has it; `undefined` for what the protocol has no form for, or is not the client's to run. */
function answerBlockOf(part: AssistantPart): Block | undefined {
  const block = blockOf(part, naming);
  if (block?.["type"] === "web_search_tool_result" || block?.["type"] === "web_fetch_tool_result") {
    return { caller: { type: "direct" }, ...block };
  }
  if (block || part.type !== "reasoning") return block;
  return { type: "thinking", thinking: part.text, signature: "" };
}

/** How an answer ended, in the provider's own word where that was Anthropic's. */
function endingOf({ finishReason, rawFinishReason, providerData }: Finish): Block {
  const own = providerData?.[owner];
  const raw =
    rawFinishReason !== undefined && finishReasons[rawFinishReason] === finishReason ? rawFinishReason : undefined;
  return {
    stop_reason: raw ?? reasons[finishReason],
    stop_sequence: own?.["stop_sequence"] ?? null,
    stop_details: own?.["stop_details"] ?? null,
    container: own?.["container"] ?? null,
    ...(own?.["context_management"] !== undefined && { context_management: own["context_management"] }),
  };
}

function blockStart(index: number, block: Block): string {
  return frame("content_block_start", { index, content_block: block });
}

/** The first delta of a call is always empty; one without arguments has no other. */
function beginCall(index: number, block: Block): string {
  return blockStart(index, block) + blockDelta(index, { type: "input_json_delta", partial_json: "" });
}

function blockDelta(index: number, delta: Block): string {
  return frame("content_block_delta", { index, delta });
}

function blockStop(index: number): string {
  return frame("content_block_stop", { index });
}

function frame(type: string, members: Block): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}
