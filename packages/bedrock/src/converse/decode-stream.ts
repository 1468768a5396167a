import type {
  AssistantPart,
  Citation,
  Json,
  JsonObject,
  ModelEvent,
  ToolCallPart,
  Usage,
  Warning,
} from "@plugboard/core";
import { grown } from "@plugboard/core";
import type { StreamDecoder } from "@plugboard/wire";
import {
  answerText,
  cutCallWarning,
  exceptionOf,
  listOf,
  objectOf,
  parseEvent,
  stringOf,
  toolArguments,
  without,
} from "@plugboard/wire";
import { exceptionFailure } from "@plugboard/wire/aws";
import { provider } from "../provider.ts";
import type { DecodeContext, Head } from "./decode.ts";
import { failureContext, startOf, unreadable, withId } from "./decode.ts";
import { cutting, extrasOf, finishOf } from "./finish.ts";
import type { Block } from "./messages.ts";
import { citationOf, named, partOf, toolCallOf } from "./messages.ts";
import { usageOf } from "./usage.ts";

/** A block that has begun. */
interface OpenBlock {
  readonly index: number;
  kind: "unknown" | "text" | "reasoning" | "tool-call" | "output" | "other";
  /** What it began with, under its name on the wire. */
  readonly block: Block;
  /** Its text, thoughts or arguments so far. */
  text: string;
  signature: string;
  readonly citations: Citation[];
}

/** Reads a stream: made anew for every answer. */
export function converseDecoder(head: Head, context: DecodeContext): StreamDecoder {
  return new ConverseDecoder(head, context);
}

class ConverseDecoder implements StreamDecoder {
  readonly #head: Head;
  readonly #context: DecodeContext;
  readonly #open = new Map<number, OpenBlock>();
  readonly #content: AssistantPart[] = [];
  readonly #warnings: Warning[] = [];
  #started = false;
  #finished = false;
  #next = 0;
  #reason: string | undefined;
  #usage: Usage | undefined;
  #extras: Record<string, Json> = {};
  /** A call without sound arguments: only what comes next tells whether it was cut. */
  #held: OpenBlock | undefined;

  constructor(head: Head, context: DecodeContext) {
    this.#head = head;
    this.#context = context;
  }

  push(data: string, name: string, out: ModelEvent[]): void {
    const exception = exceptionOf(name);
    if (exception !== undefined) throw exceptionFailure(data, exception, failureContext(this.#context));
    if (this.#finished) return;
    switch (name) {
      case "contentBlockDelta": {
        const event = parseEvent(data, { provider, model: this.#context.model });
        const delta = objectOf(event["delta"]);
        if (delta) this.#delta(this.#blockAt(event, out), delta, out);
        return;
      }
      case "contentBlockStart": {
        const event = parseEvent(data, { provider, model: this.#context.model });
        this.#begin(this.#blockAt(event, out), objectOf(event["start"]) ?? {}, out);
        return;
      }
      case "contentBlockStop": {
        const index = Number(parseEvent(data, { provider, model: this.#context.model })["contentBlockIndex"] ?? 0);
        const block = this.#open.get(index);
        this.#open.delete(index);
        if (block) this.#close(block, out);
        return;
      }
      case "messageStart":
        this.#start(out);
        return;
      case "messageStop": {
        const event = parseEvent(data, { provider, model: this.#context.model });
        this.#start(out);
        this.#reason = stringOf(event["stopReason"]) ?? "";
        this.#extras = { ...this.#extras, ...extrasOf(event) };
        if (this.#usage) this.#finish(this.#reason, out); // mostly the counts come after it
        return;
      }
      case "metadata": {
        const event = parseEvent(data, { provider, model: this.#context.model });
        this.#start(out);
        this.#usage = usageOf(event["usage"]);
        this.#extras = { ...this.#extras, ...extrasOf(event) };
        out.push({ type: "usage", usage: this.#usage });
        if (this.#reason !== undefined) this.#finish(this.#reason, out);
        return;
      }
      default: // a type that is younger than this adapter
    }
  }

  end(out: ModelEvent[]): void {
    if (this.#reason !== undefined) this.#finish(this.#reason, out);
  }

  #start(out: ModelEvent[]): void {
    if (this.#started) return;
    this.#started = true;
    out.push({ type: "start", ...startOf(this.#head, this.#context) });
  }

  /** Text has no beginning of its own: its first delta opens it. */
  #blockAt(event: JsonObject, out: ModelEvent[]): OpenBlock {
    const index = Number(event["contentBlockIndex"] ?? 0);
    const known = this.#open.get(index);
    if (known) return known;
    this.#start(out);
    this.#release(false, out);
    const opened: OpenBlock = {
      index: this.#next++,
      kind: "unknown",
      block: {},
      text: "",
      signature: "",
      citations: [],
    };
    this.#open.set(index, opened);
    return opened;
  }

  #begin(opened: OpenBlock, start: JsonObject, out: ModelEvent[]): void {
    if (opened.kind !== "unknown")
      throw unreadable("A block begins before the one in its place has ended.", this.#context);
    const call = objectOf(start["toolUse"]);
    Object.assign(opened.block, without(start));
    if (!call) {
      if (Object.keys(opened.block).length > 0) opened.kind = "other";
      return;
    }
    const part = withId(toolCallOf(call, this.#context), this.#context);
    if (part.executed) opened.kind = "other";
    else if (this.#context.outputTool?.name === call["name"]) opened.kind = "output";
    else {
      opened.kind = "tool-call";
      out.push({ type: "tool-call-start", index: opened.index, id: part.id, name: part.name });
    }
  }

  #delta(opened: OpenBlock, delta: JsonObject, out: ModelEvent[]): void {
    const { index } = opened;
    const text = stringOf(delta["text"]);
    if (text !== undefined) {
      if (opened.kind === "unknown") opened.kind = "text";
      this.#mustBe(opened, "text");
      opened.text = grown(opened.text, text);
      if (text !== "") out.push({ type: "text-delta", index, text });
      return;
    }
    const reasoning = objectOf(delta["reasoningContent"]);
    if (reasoning) return this.#thought(opened, reasoning, out);
    const input = stringOf(objectOf(delta["toolUse"])?.["input"]);
    if (input !== undefined) {
      this.#mustBe(opened, "tool-call", "output", "other");
      opened.text += input;
      if (input === "") return;
      if (opened.kind === "tool-call") out.push({ type: "tool-call-delta", index, text: input });
      else if (opened.kind === "output" && !this.#context.outputTool?.wrapped) {
        out.push({ type: "text-delta", index, text: input });
      }
      return;
    }
    if (delta["citation"] !== undefined) {
      if (opened.kind === "unknown") opened.kind = "text";
      opened.citations.push(...citationOf(delta["citation"]));
      return;
    }
    addUnknown(opened, delta);
  }

  /** @throws {ModelError} `parse` where a delta is not of the kind that its block is */
  #mustBe({ kind }: OpenBlock, ...kinds: readonly OpenBlock["kind"][]): void {
    if (!kinds.includes(kind)) throw unreadable("A block goes on as something else than it began as.", this.#context);
  }

  #thought(opened: OpenBlock, reasoning: JsonObject, out: ModelEvent[]): void {
    const redacted = stringOf(reasoning["redactedContent"]);
    if (redacted !== undefined) {
      if (opened.kind === "unknown") opened.kind = "other";
      this.#mustBe(opened, "other");
      const before = stringOf(objectOf(opened.block["reasoningContent"])?.["redactedContent"]) ?? "";
      opened.block["reasoningContent"] = { redactedContent: before + redacted };
      return;
    }
    if (opened.kind === "unknown") opened.kind = "reasoning";
    this.#mustBe(opened, "reasoning");
    opened.signature += stringOf(reasoning["signature"]) ?? "";
    const text = stringOf(reasoning["text"]) ?? "";
    opened.text = grown(opened.text, text);
    if (text !== "") out.push({ type: "reasoning-delta", index: opened.index, text });
  }

  #close(opened: OpenBlock, out: ModelEvent[]): void {
    const { kind, text, index, block, citations } = opened;
    switch (kind) {
      case "unknown": // began and ended, and said nothing
        return;
      case "text":
        if (text !== "" || citations.length > 0) {
          this.#emit(index, { type: "text", text, ...(citations.length > 0 && { citations }) }, out);
        }
        return;
      case "reasoning": {
        const reasoningText = { text, ...(opened.signature !== "" && { signature: opened.signature }) };
        this.#emit(index, partOf({ reasoningContent: { reasoningText } }, this.#context), out);
        return;
      }
      case "output": {
        const outputTool = this.#context.outputTool!;
        const answer = answerText(text, outputTool);
        if (outputTool.wrapped || text === "") out.push({ type: "text-delta", index, text: answer });
        this.#emit(index, { type: "text", text: answer }, out);
        return;
      }
      case "tool-call":
        if (text !== "" && !toolArguments(text).invalid) this.#emit(index, this.#callOf(opened), out);
        else this.#held = opened;
        return;
      default: {
        const call = objectOf(block["toolUse"]);
        const whole = call ? { toolUse: { ...call, input: toolArguments(text).input } } : block;
        this.#emit(index, partOf(whole, this.#context), out);
      }
    }
  }

  #callOf({ block, text }: OpenBlock): ToolCallPart {
    return { ...toolCallOf(objectOf(block["toolUse"]) ?? {}, this.#context), ...toolArguments(text) };
  }

  /** Gives out the call that was held, or leaves it out when it was cut. */
  #release(cut: boolean, out: ModelEvent[]): void {
    const held = this.#held;
    if (!held) return;
    this.#held = undefined;
    const call = this.#callOf(held);
    if (!cut) this.#emit(held.index, call, out);
    else this.#warnings.push(cutCallWarning(call.name));
  }

  #emit(index: number, made: AssistantPart, out: ModelEvent[]): void {
    const part = named(made, this.#content);
    this.#content.push(part);
    out.push({ type: "part", index, part });
  }

  #finish(reason: string, out: ModelEvent[]): void {
    if (this.#finished) return;
    this.#finished = true;
    for (const block of this.#open.values()) {
      this.#close(block, out);
      this.#release(cutting.has(reason), out);
    }
    this.#release(cutting.has(reason), out);
    const callsAnswer = this.#context.outputTool !== undefined;
    const finish = finishOf(reason || undefined, this.#content, this.#extras, this.#usage ?? {}, callsAnswer);
    out.push({ type: "finish", ...finish, ...(this.#warnings.length > 0 && { warnings: this.#warnings }) });
  }
}

/** A delta of a type that has no place of its own: lists and texts grow, the rest is replaced. */
function addUnknown(opened: OpenBlock, delta: JsonObject): void {
  // Beside text, thoughts or arguments, what is not known is nothing to keep.
  if ((opened.kind !== "unknown" && opened.kind !== "other") || Object.keys(delta).length === 0) return;
  opened.kind = "other";
  for (const [name, value] of Object.entries(without(delta))) {
    const before = objectOf(opened.block[name]) ?? {};
    if (Array.isArray(value)) {
      opened.block[name] = { ...before, content: [...listOf(before["content"]), ...(value as readonly Json[])] };
    } else opened.block[name] = { ...before, ...objectOf(value) };
  }
}
