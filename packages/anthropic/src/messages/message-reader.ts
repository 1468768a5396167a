import type { AssistantPart, Json, JsonObject, ModelEvent, Start, Warning } from "@plugboard/core";
import type { OutputTool } from "@plugboard/wire";
import type { Naming } from "./messages.ts";
import type { WireUsage } from "./usage.ts";
import { ModelError, grown } from "@plugboard/core";
import { answerText, cutCallWarning, listOf, objectOf, stringOf, toolArguments, without } from "@plugboard/wire";
import { cutting, extrasOf, finishOf } from "./finish.ts";
import { named, partOf } from "./messages.ts";
import { addWireUsage, usageOf } from "./usage.ts";

/** What a stream is read with. */
interface ReaderContext extends Naming {
  readonly provider: string;
  readonly model: string;
  readonly outputTool?: OutputTool | undefined;
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

/** A text that a delta brought, and the member that it stood in. */
interface SaidText {
  readonly member: string;
  readonly text: string;
}

/** Deltas that bring text: where it stands, and what blocks it belongs to. Blocks younger than this adapter may have any. */
const textDeltas: ReadonlyMap<string, { readonly member: string; readonly kinds: readonly OpenBlock["kind"][] }> =
  new Map([
    ["text_delta", { member: "text", kinds: ["text", "other"] }],
    ["thinking_delta", { member: "thinking", kinds: ["reasoning", "other"] }],
    ["input_json_delta", { member: "partial_json", kinds: ["tool-call", "output", "other"] }],
  ]);

/** Reads the events of a streamed message. Made anew for every answer. */
export class MessageReader {
  readonly #context: ReaderContext;
  readonly #startOf: (message: JsonObject) => Start;
  readonly #open = new Map<number, OpenBlock>();
  readonly #usage: WireUsage = {};
  readonly #content: AssistantPart[] = [];
  readonly #warnings: Warning[] = [];
  #extras: Record<string, Json> = {};
  /** Nearly every event is of the block of the last one. */
  #current: OpenBlock | undefined;
  /** A call without arguments, or with broken ones: only what comes next tells whether it was cut. */
  #held: OpenBlock | undefined;
  #started = false;
  #finished = false;
  #next = 0;
  #reason: string | undefined;

  /** @param startOf - what the first event tells, or nothing does */
  constructor(context: ReaderContext, startOf: (message: JsonObject) => Start) {
    this.#context = context;
    this.#startOf = startOf;
  }

  /** Whether it was said how the answer ended. */
  get ended(): boolean {
    return this.#reason !== undefined;
  }

  /** Reads an event that is no error. Gives the text that it brought, if it brought no more than that. */
  read(event: JsonObject, out: ModelEvent[]): SaidText | undefined {
    if (event["type"] !== "content_block_delta") {
      this.#readRest(event, out);
      return undefined;
    }
    const wireIndex = wireIndexOf(event);
    const opened = this.#current?.wireIndex === wireIndex ? this.#current : this.#open.get(wireIndex);
    const delta = objectOf(event["delta"]);
    if (!opened || !delta) return undefined;
    this.#current = opened;
    return this.#addDelta(opened, delta, out);
  }

  /** Reads an event that is as the one before, which brought text, but for the text. */
  readMore(text: string, out: ModelEvent[]): void {
    if (text !== "") this.#say(this.#current!, text, out);
  }

  #readRest(event: JsonObject, out: ModelEvent[]): void {
    switch (event["type"]) {
      case "content_block_start":
        this.#begin({}, out);
        return this.#openBlock(wireIndexOf(event), objectOf(event["content_block"]) ?? {}, out);
      case "content_block_stop": {
        const opened = this.#open.get(wireIndexOf(event));
        if (opened) this.#closeBlock(opened, out);
        return;
      }
      case "message_start": {
        const message = objectOf(event["message"]) ?? {};
        this.#begin(message, out); // some proxies send it twice
        return this.#addUsage(message["usage"], out);
      }
      case "message_delta": {
        this.#begin({}, out);
        const delta = objectOf(event["delta"]) ?? {};
        this.#addUsage(event["usage"], out);
        this.#extras = { ...this.#extras, ...extrasOf({ ...event, ...delta }, this.#usage) };
        this.#reason = stringOf(delta["stop_reason"]) ?? this.#reason;
        return;
      }
      case "message_stop":
        this.#begin({}, out);
        return this.finish(out);
      default: // a ping, or a type that is younger than this adapter
    }
  }

  /** Ends the answer, once. */
  finish(out: ModelEvent[]): void {
    if (this.#finished) return;
    this.#finished = true;
    for (const block of this.#open.values()) {
      this.#release(false, out);
      this.#closeBlock(block, out);
    }
    this.#release(cutting.has(this.#reason ?? ""), out);
    const callsAnswer = this.#context.outputTool !== undefined;
    const finish = finishOf(this.#reason, this.#content, this.#extras, this.#usage, callsAnswer);
    out.push({ type: "finish", ...finish, ...(this.#warnings.length > 0 && { warnings: this.#warnings }) });
  }

  #begin(message: JsonObject, out: ModelEvent[]): void {
    if (this.#started) return;
    this.#started = true;
    out.push({ type: "start", ...this.#startOf(message) });
  }

  #addUsage(told: Json | undefined, out: ModelEvent[]): void {
    addWireUsage(this.#usage, told);
    out.push({ type: "usage", usage: usageOf(this.#usage) });
  }

  #openBlock(wireIndex: number, given: JsonObject, out: ModelEvent[]): void {
    this.#release(false, out);
    const kind = kindOf(given, this.#context.outputTool);
    const before = this.#open.get(wireIndex);
    if (before) {
      // Proxies that connect anew say the beginning again; nothing was said yet that it could contradict.
      if (before.kind === kind && kind !== "tool-call" && before.text === "") return;
      throw contradiction("A block begins before the one in its place has ended.", this.#context);
    }
    const index = this.#next++;
    const block = withCallId(given, index);
    const text = kind === "text" ? stringOf(block["text"]) : kind === "reasoning" ? stringOf(block["thinking"]) : "";
    const opened: OpenBlock = { index, wireIndex, kind, block: without(block), text: text ?? "" };
    this.#open.set(wireIndex, opened);
    this.#current = opened;
    if (kind === "tool-call") {
      const name = this.#context.toolName(stringOf(block["name"]) ?? "");
      out.push({ type: "tool-call-start", index, id: stringOf(block["id"])!, name });
    } else if (text) out.push({ type: kind === "text" ? "text-delta" : "reasoning-delta", index, text });
  }

  #addDelta(opened: OpenBlock, delta: JsonObject, out: ModelEvent[]): SaidText | undefined {
    const { block, kind } = opened;
    const type = stringOf(delta["type"]) ?? "";
    const brings = textDeltas.get(type);
    if (brings) {
      const text = stringOf(delta[brings.member]);
      if (!text) return undefined; // the first of a tool's input is always empty
      if (!brings.kinds.includes(kind))
        throw contradiction("A block goes on as something else than it began as.", this.#context);
      this.#say(opened, text, out);
      return { member: brings.member, text };
    }
    if (type === "signature_delta") {
      block["signature"] = `${stringOf(block["signature"]) ?? ""}${stringOf(delta["signature"]) ?? ""}`;
    } else if (type === "citations_delta") {
      block["citations"] = [...listOf(block["citations"]), delta["citation"] ?? null];
    } else addUnknown(block, delta);
    return undefined;
  }

  #say(opened: OpenBlock, text: string, out: ModelEvent[]): void {
    const { index, kind } = opened;
    opened.text = grown(opened.text, text);
    if (kind === "text") out.push({ type: "text-delta", index, text });
    else if (kind === "reasoning") out.push({ type: "reasoning-delta", index, text });
    else if (kind === "tool-call") out.push({ type: "tool-call-delta", index, text });
    else if (kind === "output" && !this.#context.outputTool?.wrapped) out.push({ type: "text-delta", index, text });
  }

  #closeBlock(opened: OpenBlock, out: ModelEvent[]): void {
    this.#open.delete(opened.wireIndex);
    if (this.#current === opened) this.#current = undefined;
    const { kind, block, text } = opened;
    const context = this.#context;
    switch (kind) {
      case "text":
        return this.#emit(opened, partOf({ ...block, text }, context), out);
      case "reasoning":
        return this.#emit(opened, partOf({ ...block, thinking: text }, context), out);
      case "output":
        return this.#emitAnswer(opened, out);
      case "tool-call":
        if (text && !toolArguments(text).invalid) this.#emit(opened, this.#callOf(opened), out);
        else this.#held = opened;
        return;
      default:
        this.#emit(opened, partOf(text ? { ...block, input: toolArguments(text).input } : block, context), out);
    }
  }

  /** The answer that a tool's input is: told when it is whole, where it is wrapped or came at once. */
  #emitAnswer({ index, block, text }: OpenBlock, out: ModelEvent[]): void {
    const tool = this.#context.outputTool!;
    const answer = answerText(text || JSON.stringify(block["input"] ?? {}), tool);
    if (tool.wrapped || !text) out.push({ type: "text-delta", index, text: answer });
    this.#push(index, { type: "text", text: answer }, out);
  }

  #callOf({ block, text }: OpenBlock): AssistantPart {
    const part = partOf(block, this.#context);
    return text ? { ...part, ...toolArguments(text) } : part;
  }

  /** Gives out the call that was held, or leaves it out when it was cut. */
  #release(cut: boolean, out: ModelEvent[]): void {
    const held = this.#held;
    if (!held) return;
    this.#held = undefined;
    if (!cut) this.#emit(held, this.#callOf(held), out);
    else this.#warnings.push(cutCallWarning(this.#context.toolName(stringOf(held.block["name"]) ?? "")));
  }

  #emit({ index }: OpenBlock, made: AssistantPart, out: ModelEvent[]): void {
    this.#push(index, named(made, this.#content), out);
  }

  #push(index: number, part: AssistantPart, out: ModelEvent[]): void {
    this.#content.push(part);
    out.push({ type: "part", index, part });
  }
}

/** A block whose call, if it is one, has an id to answer it by: some proxies leave it out. */
export function withCallId(block: JsonObject, place: number): JsonObject {
  const isCall = stringOf(block["type"])?.endsWith("tool_use") ?? false;
  return isCall && !stringOf(block["id"]) ? { ...block, id: `call_${place}` } : block;
}

function contradiction(message: string, { provider, model }: Pick<ReaderContext, "provider" | "model">): ModelError {
  return new ModelError(message, { code: "parse", provider, model });
}

function wireIndexOf(event: JsonObject): number {
  return Number(event["index"] ?? 0);
}

function kindOf(block: JsonObject, outputTool: OutputTool | undefined): OpenBlock["kind"] {
  if (block["type"] === "text") return "text";
  if (block["type"] === "thinking") return "reasoning";
  if (block["type"] !== "tool_use") return "other";
  return outputTool && block["name"] === outputTool.name ? "output" : "tool-call";
}

/** A delta of a type that we do not know: texts grow, the rest is replaced. */
function addUnknown(block: Record<string, Json>, delta: JsonObject): void {
  for (const [name, value] of Object.entries(delta)) {
    if (name === "type" || value === undefined) continue;
    const before = block[name];
    block[name] = typeof before === "string" && typeof value === "string" ? before + value : value;
  }
}
