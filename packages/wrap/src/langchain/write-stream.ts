import type { AssistantPart, EventOf, ModelEvent, Start } from "@plugboard/core";
import type { ToolCallChunk } from "@langchain/core/messages";
import { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { writeBlock } from "./blocks.ts";
import { keptOf, writeEnding } from "./write-answer.ts";
import { writeAnswer } from "./write-message.ts";

/**
 * Turns events of ours into chunks of LangChain's, which add up to the message. Text is plain text until something else is said; from
 * then on it goes in blocks with an index, as LangChain adds blocks up by it.
 */
export class StreamWriter {
  readonly #start: Start;
  /** Names of the application's tools: only of their calls it is sure, before they are whole, that nobody else runs them. */
  readonly #declared: ReadonlySet<string>;
  readonly #parts: AssistantPart[] = [];
  /** Indexes that deltas have been given of. */
  readonly #begun = new Set<number>();
  #inBlocks = false;

  constructor(start: Start, declared: ReadonlySet<string>) {
    this.#start = start;
    this.#declared = declared;
  }

  /** The chunk that says what an event says; none where it says nothing yet. */
  write(event: ModelEvent): AIMessageChunk | undefined {
    switch (event.type) {
      case "text-delta":
        return this.#text(event);
      case "reasoning-delta":
        this.#begun.add(event.index);
        this.#inBlocks = true;
        return this.#chunk([{ type: "reasoning", reasoning: event.text, index: event.index }]);
      case "tool-call-start":
        if (!this.#declared.has(event.name)) return undefined;
        this.#begun.add(event.index);
        return this.#call({ index: event.index, id: event.id, name: event.name, args: "" });
      case "tool-call-delta":
        return this.#begun.has(event.index) ? this.#call({ index: event.index, args: event.text }) : undefined;
      case "part":
        return this.#part(event);
      case "finish":
        return this.#finish(event);
      default:
        return undefined;
    }
  }

  #text({ index, text }: EventOf<"text-delta">): AIMessageChunk {
    this.#begun.add(index);
    return this.#chunk(this.#inBlocks ? [{ type: "text", text, index }] : text);
  }

  #part({ index, part }: EventOf<"part">): AIMessageChunk | undefined {
    this.#parts[index] = part;
    const begun = this.#begun.has(index);
    switch (part.type) {
      case "text": {
        if (begun && !part.citations) return undefined;
        if (!begun && part.text === "") return undefined;
        const { annotations } = writeBlock(part) as { annotations?: unknown[] };
        const text = begun ? "" : part.text;
        if (!annotations) return this.#text({ type: "text-delta", index, text });
        this.#inBlocks = true;
        return this.#chunk([{ type: "text", text, index, annotations }]);
      }
      case "reasoning":
        return begun ? undefined : this.write({ type: "reasoning-delta", index, text: part.text });
      case "tool-call":
        if (part.executed) break;
        return begun
          ? undefined
          : this.#call({ index, id: part.id, name: part.name, args: part.raw ?? JSON.stringify(part.input) });
      default:
    }
    this.#inBlocks = true;
    return this.#chunk([{ ...writeBlock(part), index }]);
  }

  #finish(event: EventOf<"finish">): AIMessageChunk {
    const { type: _, ...finish } = event;
    const content = this.#parts.filter((part) => part !== undefined);
    const warnings = [...(this.#start.warnings ?? []), ...(finish.warnings ?? [])];
    const { model, headers } = this.#start;
    const ending = writeEnding({ model, ...(headers && { headers }), ...finish, warnings });
    const whole = new AIMessage({ ...writeAnswer(content) });
    return this.#chunk("", { ...ending, additional_kwargs: keptOf({ content }, whole) });
  }

  #call(call: ToolCallChunk): AIMessageChunk {
    return this.#chunk("", { tool_call_chunks: [{ type: "tool_call_chunk", ...call }] });
  }

  #chunk(content: string | readonly object[], more: object = {}): AIMessageChunk {
    const { id } = this.#start;
    return new AIMessageChunk({ content: content as string, ...(id !== undefined && { id }), ...more });
  }
}
