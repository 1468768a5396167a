import type { AssistantPart, Json, JsonObject, ModelEvent, ModelResult, Start, Warning } from "@plugboard/core";
import type { StreamDecoder } from "@plugboard/wire";
import type { Naming } from "./messages.ts";
import type { WireUsage } from "./usage.ts";
import { ModelError } from "@plugboard/core";
import { failureInBand, listOf, objectOf, parseJson, stringOf, toolArguments, without } from "@plugboard/wire";
import { failures } from "./failures.ts";
import { cutting, extrasOf, finishOf } from "./finish.ts";
import { partOf } from "./messages.ts";
import { addWireUsage, usageOf } from "./usage.ts";

/** What an answer is read with: what was known when the question was written. */
export interface DecodeContext extends Naming {
  readonly provider: string;
  /** Named in errors, and the model of an answer that does not say. */
  readonly model: string;
  /** The tool that stands for the answer, where the model cannot be given a schema for it. */
  readonly outputTool?: OutputTool | undefined;
}

/** A tool whose input is the answer. */
export interface OutputTool {
  readonly name: string;
  /** The answer is the member `value`: the schema asks for something else than an object. */
  readonly wrapped: boolean;
}

type Head = Pick<Start, "headers" | "warnings">;

/**
 * An answer in one body.
 *
 * @throws {ModelError} the error that the body is, or `parse` when it is not a message
 */
export function decodeMessage(body: Json, head: Head, context: DecodeContext): ModelResult {
  const message = objectOf(body);
  if (message?.["type"] === "error") throw errorOf(message, context);
  if (!message || !Array.isArray(message["content"])) {
    throw unreadable("The body has no `content`.", context);
  }
  const reason = stringOf(message["stop_reason"]);
  const blocks = listOf(message["content"]).map((block) => objectOf(block) ?? {});
  const content: AssistantPart[] = [];
  const warnings: Warning[] = [];
  blocks.forEach((block, place) => {
    const isCall = block["type"] === "tool_use";
    if (context.outputTool && isCall && block["name"] === context.outputTool.name) {
      content.push({ type: "text", text: JSON.stringify(answerOf(block["input"] ?? null, context.outputTool)) });
    } else if (isCall && place === blocks.length - 1 && cutting.has(reason ?? ""))
      warnings.push(cutCall(block, context));
    else content.push(named(partOf(block, context), content));
  });

  const usage: WireUsage = {};
  addWireUsage(usage, message["usage"]);
  return {
    ...startOf(message, head, context),
    content,
    ...finishOf(reason, content, extrasOf(message, usage), usage, context.outputTool !== undefined),
    warnings: [...(head.warnings ?? []), ...warnings],
  };
}

/** A block that has begun. */
interface OpenBlock {
  readonly index: number;
  readonly wireIndex: number;
  readonly kind: "text" | "reasoning" | "tool-call" | "output" | "other";
  readonly block: Record<string, Json>;
  /** Its text, thoughts or arguments so far. */
  text: string;
}

/** Reads a stream: made anew for every answer. */
export function messageDecoder(head: Head, context: DecodeContext): StreamDecoder {
  const { outputTool } = context;
  const open = new Map<number, OpenBlock>();
  const usage: WireUsage = {};
  const content: AssistantPart[] = [];
  let extras: Record<string, Json> = {};
  let current: OpenBlock | undefined; // nearly every event is of the block of the last one
  let held: OpenBlock | undefined; // a call without arguments, or with broken ones: only what comes next tells whether it was cut
  let started = false;
  let finished = false;
  let next = 0;
  let reason: string | undefined;
  let ended = false;
  const warnings: Warning[] = [];

  function emit(block: OpenBlock, made: AssistantPart, out: ModelEvent[]): void {
    const part = named(made, content);
    content.push(part);
    out.push({ type: "part", index: block.index, part });
  }

  function begin(message: JsonObject, out: ModelEvent[]): void {
    if (started) return;
    started = true;
    out.push({ type: "start", ...startOf(message, head, context) });
  }

  function openBlock(wireIndex: number, block: JsonObject, out: ModelEvent[]): void {
    release(false, out);
    const kind = kindOf(block, outputTool);
    const index = next++;
    const text = kind === "text" ? stringOf(block["text"]) : kind === "reasoning" ? stringOf(block["thinking"]) : "";
    const opened: OpenBlock = { index, wireIndex, kind, block: without(block), text: text ?? "" };
    open.set(wireIndex, opened);
    current = opened;
    if (kind === "tool-call") {
      const name = context.toolName(stringOf(block["name"]) ?? "");
      out.push({ type: "tool-call-start", index, id: stringOf(block["id"]) ?? "", name });
    } else if (text) out.push({ type: kind === "text" ? "text-delta" : "reasoning-delta", index, text });
  }

  function addDelta(opened: OpenBlock, delta: JsonObject, out: ModelEvent[]): void {
    const { block, index } = opened;
    switch (delta["type"]) {
      case "text_delta": {
        const text = stringOf(delta["text"]);
        if (!text) return;
        opened.text += text;
        if (opened.kind === "text") out.push({ type: "text-delta", index, text });
        return;
      }
      case "input_json_delta": {
        const text = stringOf(delta["partial_json"]);
        if (!text) return; // the first is always empty
        opened.text += text;
        if (opened.kind === "tool-call") out.push({ type: "tool-call-delta", index, text });
        else if (opened.kind === "output" && !outputTool?.wrapped) out.push({ type: "text-delta", index, text });
        return;
      }
      case "thinking_delta": {
        const text = stringOf(delta["thinking"]);
        if (!text) return;
        opened.text += text;
        if (opened.kind === "reasoning") out.push({ type: "reasoning-delta", index, text });
        return;
      }
      case "signature_delta":
        block["signature"] = `${stringOf(block["signature"]) ?? ""}${stringOf(delta["signature"]) ?? ""}`;
        return;
      case "citations_delta":
        block["citations"] = [...listOf(block["citations"]), delta["citation"] ?? null];
        return;
      default:
        addUnknown(block, delta);
    }
  }

  function closeBlock(opened: OpenBlock, out: ModelEvent[]): void {
    open.delete(opened.wireIndex);
    if (current === opened) current = undefined;
    const { kind, block, text } = opened;
    if (kind === "text") emit(opened, partOf({ ...block, text }, context), out);
    else if (kind === "reasoning") emit(opened, partOf({ ...block, thinking: text }, context), out);
    else if (kind === "other") {
      emit(opened, partOf(text ? { ...block, input: toolArguments(text).input } : block, context), out);
    } else if (kind === "output") {
      const answer = outputTool?.wrapped ? unwrapped(text) : text || JSON.stringify(block["input"] ?? {});
      if (outputTool?.wrapped || !text) out.push({ type: "text-delta", index: opened.index, text: answer });
      emit(opened, { type: "text", text: answer }, out);
    } else if (text && !toolArguments(text).invalid) emit(opened, callOf(opened), out);
    else held = opened;
  }

  function callOf({ block, text }: OpenBlock): AssistantPart {
    const part = partOf(block, context);
    return text ? { ...part, ...toolArguments(text) } : part;
  }

  /** Gives out the call that was held, or leaves it out when it was cut. */
  function release(cut: boolean, out: ModelEvent[]): void {
    if (!held) return;
    if (cut) warnings.push(cutCall(held.block, context));
    else emit(held, callOf(held), out);
    held = undefined;
  }

  function finish(out: ModelEvent[]): void {
    if (finished) return;
    finished = true;
    for (const block of open.values()) closeBlock(block, out);
    release(cutting.has(reason ?? ""), out);
    const finish = finishOf(reason, content, extras, usage, outputTool !== undefined);
    out.push({ type: "finish", ...finish, ...(warnings.length > 0 && { warnings }) });
  }

  return {
    push(data, _name, out) {
      const event = parseEvent(data, context);
      switch (event["type"]) {
        case "content_block_delta": {
          const wireIndex = Number(event["index"] ?? 0);
          const opened = current?.wireIndex === wireIndex ? current : open.get(wireIndex);
          const delta = objectOf(event["delta"]);
          if (!opened || !delta) return;
          current = opened;
          addDelta(opened, delta, out);
          return;
        }
        case "content_block_start": {
          begin({}, out);
          openBlock(Number(event["index"] ?? 0), objectOf(event["content_block"]) ?? {}, out);
          return;
        }
        case "content_block_stop": {
          const opened = open.get(Number(event["index"] ?? 0));
          if (opened) closeBlock(opened, out);
          return;
        }
        case "message_start": {
          const message = objectOf(event["message"]) ?? {};
          begin(message, out); // some proxies send it twice
          addWireUsage(usage, message["usage"]);
          out.push({ type: "usage", usage: usageOf(usage) });
          return;
        }
        case "message_delta": {
          begin({}, out);
          const delta = objectOf(event["delta"]) ?? {};
          addWireUsage(usage, event["usage"]);
          extras = { ...extras, ...extrasOf({ ...event, ...delta }, usage) };
          reason = stringOf(delta["stop_reason"]) ?? reason;
          if (reason !== undefined) ended = true;
          out.push({ type: "usage", usage: usageOf(usage) });
          return;
        }
        case "message_stop":
          begin({}, out);
          finish(out);
          return;
        case "error":
          throw errorOf(event, context);
        default: // a ping, or a type that is younger than this adapter
      }
    },
    end(out) {
      if (ended) finish(out);
    },
  };
}

function kindOf(block: JsonObject, outputTool: OutputTool | undefined): OpenBlock["kind"] {
  if (block["type"] === "text") return "text";
  if (block["type"] === "thinking") return "reasoning";
  if (block["type"] !== "tool_use") return "other";
  return outputTool && block["name"] === outputTool.name ? "output" : "tool-call";
}

/** A result tells its call's id alone: its tool is that of the call before it, if there is one. */
function named(part: AssistantPart, before: readonly AssistantPart[]): AssistantPart {
  if (part.type !== "tool-result") return part;
  const call = before.find((earlier) => earlier.type === "tool-call" && earlier.id === part.id);
  return call?.type === "tool-call" ? { ...part, name: call.name } : part;
}

/** A delta of a type that we do not know: texts grow, the rest is replaced. */
function addUnknown(block: Record<string, Json>, delta: JsonObject): void {
  for (const [name, value] of Object.entries(delta)) {
    if (name === "type" || value === undefined) continue;
    const before = block[name];
    block[name] = typeof before === "string" && typeof value === "string" ? before + value : value;
  }
}

function startOf(message: JsonObject, { headers, warnings }: Head, context: DecodeContext): Start {
  const id = stringOf(message["id"]);
  return {
    model: stringOf(message["model"]) || context.model,
    ...(id !== undefined && { id }),
    ...(headers && { headers }),
    ...(warnings && warnings.length > 0 && { warnings }),
  };
}

function answerOf(input: Json, { wrapped }: OutputTool): Json {
  return wrapped ? (objectOf(input)?.["value"] ?? null) : input;
}

function unwrapped(raw: string): string {
  const { input, invalid } = toolArguments(raw);
  return invalid ? raw : JSON.stringify(answerOf(input, { name: "", wrapped: true }));
}

function cutCall(block: JsonObject, { toolName }: DecodeContext): Warning {
  const name = toolName(stringOf(block["name"]) ?? "");
  return { code: "dropped", message: `A call of the tool \`${name}\` was cut off in the middle and is left out.` };
}

function parseEvent(data: string, context: DecodeContext): JsonObject {
  let event: JsonObject | undefined;
  try {
    event = objectOf(parseJson(data));
  } catch (cause) {
    throw unreadable("An event of the stream is not JSON.", context, cause);
  }
  if (!event) throw unreadable("An event of the stream is not an object.", context);
  return event;
}

function errorOf(body: JsonObject, { provider, model }: DecodeContext): ModelError {
  return failureInBand(body, { provider, model, rules: failures });
}

function unreadable(message: string, { provider, model }: DecodeContext, cause?: unknown): ModelError {
  return new ModelError(message, { code: "parse", provider, model, ...(cause !== undefined && { cause }) });
}
