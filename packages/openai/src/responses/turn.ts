import type { AssistantMessage, AssistantPart, Json, JsonObject, TextPart, ToolCallPart } from "@plugboard/core";
import { callArguments } from "@plugboard/wire";
import { isObject } from "../shared/fields.ts";
import { callId } from "../shared/call-ids.ts";
import { ownData, warn } from "../shared/writing.ts";
import { longestId } from "./results.ts";
import type { ResponsesWriting } from "./writing.ts";
import { isCustom, itemOf } from "./writing.ts";

/** What an answer was, as items. */
export interface Turn {
  readonly items: readonly JsonObject[];
  /** Those that want a result. */
  readonly calls: readonly ToolCallPart[];
}

/** A turn of the assistant. Items that this provider made go back as they came; of others, what can be told. */
export function writeTurn(message: AssistantMessage, path: string, writing: ResponsesWriting): Turn {
  const { content } = message;
  if (ownData(message, path, writing)) warn(writing, "dropped", path, "Data of a turn has no place among its items.");
  if (typeof content === "string") return { items: content === "" ? [] : [{ role: "assistant", content }], calls: [] };

  const turn = new TurnWriter(content, writing);
  content.forEach((part, place) => turn.take(part, `${path}.content[${place}]`));
  turn.end();
  return turn;
}

class TurnWriter implements Turn {
  readonly items: JsonObject[] = [];
  readonly calls: ToolCallPart[] = [];
  readonly #writing: ResponsesWriting;
  /** The API refuses an item by its id when the thoughts before it are missing; then ids are left out, and what needs one. */
  readonly #bare: boolean;
  /** Calls that went back with their results in them. */
  readonly #run = new Set<string>();
  /** The content of the message that is open, and what it came from. */
  #pieces: JsonObject[] | undefined;
  #messageId: Json | undefined;
  /** Where the thoughts are that nothing has followed yet. */
  #thoughts: string[] = [];

  constructor(content: readonly AssistantPart[], writing: ResponsesWriting) {
    this.#writing = writing;
    this.#bare = content.some((part) => {
      const item = part.type === "reasoning" ? itemOf(part, writing) : undefined;
      return item !== undefined && !this.#goesBack(item);
    });
  }

  take(part: AssistantPart, path: string): void {
    switch (part.type) {
      case "text":
        return this.#takeText(part, path);
      case "reasoning": {
        const item = itemOf(part, this.#writing);
        if (item && this.#goesBack(item)) {
          const before = this.#thoughts;
          this.#push(item);
          this.#thoughts = [...before, path];
        } else this.#drop(path, item ? "Thoughts without encrypted content cannot be sent back." : foreignThoughts);
        return;
      }
      case "tool-call":
        if (part.executed) this.#takeItem(part, path, "A call that its provider ran itself cannot be told.");
        else this.#takeCall(part, path);
        return;
      case "tool-result":
        if (!this.#run.has(part.id))
          this.#drop(path, "The result of a call that its provider ran itself cannot be told.");
        return;
      case "opaque":
        return this.#takeItem(part, path, `An item of kind ${part.kind} means nothing to ${this.#provider}.`);
      case "file":
        return this.#drop(path, "A file in an answer cannot be sent back.");
      case "source":
        return this.#drop(path, "A source cannot be sent back.");
    }
  }

  /** Thoughts that led to nothing are refused. */
  end(): void {
    this.items.length -= this.#thoughts.length;
    for (const path of this.#thoughts) this.#drop(path, "Thoughts that nothing follows cannot be sent back.");
  }

  get #provider(): string {
    return this.#writing.dialect.provider;
  }

  #goesBack(item: JsonObject): boolean {
    const { stored, dialect } = this.#writing;
    return stored || dialect.encrypts === "none" || typeof item["encrypted_content"] === "string";
  }

  #drop(path: string, message: string): void {
    warn(this.#writing, "dropped", path, message);
  }

  #push(item: JsonObject): void {
    this.items.push(item);
    this.#pieces = undefined;
    this.#thoughts = [];
  }

  /** Pieces of one message stay together. */
  #takeText(part: TextPart, path: string): void {
    const own = ownData(part, path, this.#writing);
    const item = itemOf(part, this.#writing) ?? {};
    if (part.text === "" && Object.keys(item).length === 0) return;
    const { id, ...rest } = item;
    if (!this.#pieces || id !== this.#messageId) {
      const pieces: JsonObject[] = [];
      const named = id !== undefined && !this.#bare && { id };
      this.#push({ ...named, ...rest, type: "message", role: "assistant", content: pieces });
      this.#pieces = pieces;
      this.#messageId = id;
    }
    const annotations = annotationsOf(part, this.#provider);
    this.#pieces.push(
      own?.["refusal"] === true
        ? { type: "refusal", refusal: part.text }
        : { type: "output_text", text: part.text, ...(annotations.length > 0 && { annotations }) },
    );
  }

  /** The call as its model wrote it, byte for byte. */
  #takeCall(call: ToolCallPart, path: string): void {
    ownData(call, path, this.#writing);
    this.calls.push(call);
    const { id, type: _, ...rest } = itemOf(call, this.#writing) ?? {};
    const custom = isCustom(call, this.#writing);
    const text = custom && typeof call.input === "string" ? call.input : callArguments(call);
    this.#push({
      ...(id !== undefined && !this.#bare && { id }),
      ...rest,
      type: custom ? "custom_tool_call" : "function_call",
      call_id: callId(call.id, longestId),
      name: this.#writing.names.toWire(call.name),
      ...(custom ? { input: text } : { arguments: text }),
    });
  }

  /** An item that goes back whole or not at all. */
  #takeItem(part: Extract<AssistantPart, { type: "tool-call" | "opaque" }>, path: string, otherwise: string): void {
    const item = itemOf(part, this.#writing);
    if (!item) return this.#drop(path, otherwise);
    if (this.#bare) return this.#drop(path, "The item cannot be sent back without the thoughts before it.");
    if (part.type === "tool-call") this.#run.add(part.id);
    this.#push(item);
  }
}

const foreignThoughts = "Thoughts go back only to the provider that had them.";

function annotationsOf({ citations = [] }: TextPart, provider: string): JsonObject[] {
  return citations.flatMap(({ source }) => {
    const annotation = source.providerData?.[provider]?.["annotation"];
    return isObject(annotation) ? [annotation] : [];
  });
}
