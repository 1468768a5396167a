import type { ModelError, ModelEvent, ReplySource, Start, Warning } from "@plugboard/core";
import type {
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
  SharedV4ProviderMetadata,
} from "@ai-sdk/provider";
import { keptHeaders } from "@plugboard/wire";
import { readContent, readReasoning, readToolCall } from "./content.ts";
import { readError } from "./errors.ts";
import type { Whose } from "./errors.ts";
import { failureOfFinish, readFinish } from "./finish.ts";
import { readMetadata } from "./metadata.ts";
import { readCitations } from "./source.ts";
import { readUsage } from "./usage.ts";
import { readWarning } from "./warnings.ts";

type Of<Type extends LanguageModelV4StreamPart["type"]> = Extract<LanguageModelV4StreamPart, { type: Type }>;

/** Text or thoughts that have begun. */
interface Open {
  readonly index: number;
  readonly type: "text" | "reasoning";
  text: string;
  metadata: SharedV4ProviderMetadata | undefined;
}

/** A stream of theirs as the source of a reply. */
export class StreamReader implements ReplySource {
  readonly #reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart>;
  readonly #whose: Whose;
  /** Known so far; said with the first thing that is content. */
  #start: Start | undefined;
  #warnings: Warning[];
  /** What broke off, once what was said before has been given. */
  #failure: ModelError | undefined;
  #next = 0;
  readonly #open = new Map<string, Open>();
  /** Indexes of calls that have begun, by their id. */
  readonly #calls = new Map<string, number>();
  /** Whether a tool of the application has been called. */
  #called = false;

  /** @param warnings - of the request */
  constructor({ stream, response }: LanguageModelV4StreamResult, whose: Whose, warnings: readonly Warning[]) {
    this.#reader = stream.getReader();
    this.#whose = whose;
    this.#warnings = [...warnings];
    this.#start = { model: whose.model, ...(response?.headers && { headers: keptHeaders(response.headers) }) };
  }

  async pull(): Promise<readonly ModelEvent[] | undefined> {
    if (this.#failure) throw this.#failure;
    let step;
    try {
      step = await this.#reader.read();
    } catch (error) {
      throw readError(error, this.#whose);
    }
    if (step.done) return undefined;
    const out: ModelEvent[] = [];
    this.#take(step.value, out);
    return out;
  }

  cancel(): void {
    void this.#reader.cancel().then(undefined, () => {});
  }

  #take(part: LanguageModelV4StreamPart, out: ModelEvent[]): void {
    switch (part.type) {
      case "text-delta":
        return this.#delta("text", part, out);
      case "reasoning-delta":
        return this.#delta("reasoning", part, out);
      case "text-start":
        return void this.#begin("text", part);
      case "reasoning-start":
        return void this.#begin("reasoning", part);
      case "text-end":
      case "reasoning-end":
        return this.#end(part, out);
      case "tool-input-start":
        return this.#startCall(part.id, part.toolName, out);
      case "tool-input-delta": {
        const index = this.#calls.get(part.id);
        if (index !== undefined && part.delta !== "") out.push({ type: "tool-call-delta", index, text: part.delta });
        return;
      }
      case "tool-call":
        return this.#call(part, out);
      case "stream-start":
        this.#warnings.push(...part.warnings.map(readWarning));
        return;
      case "response-metadata":
        return this.#known(part);
      case "finish":
        return this.#finish(part, out);
      case "error":
        throw readError(part.error, this.#whose);
      case "tool-input-end":
      case "ping":
      case "raw":
        return;
      default: {
        const ours = readContent(part);
        if (ours) this.#give({ type: "part", index: this.#next++, part: ours }, out);
      }
    }
  }

  /** The first event is said after all that is known of the answer. */
  #give(event: ModelEvent, out: ModelEvent[]): void {
    if (this.#start) {
      out.push({ type: "start", ...this.#start, ...(this.#warnings.length > 0 && { warnings: this.#warnings }) });
      this.#start = undefined;
    }
    out.push(event);
  }

  #known({ id, modelId, timestamp }: Of<"response-metadata">): void {
    if (!this.#start) return;
    this.#start = {
      ...this.#start,
      ...(modelId !== undefined && { model: modelId }),
      ...(id !== undefined && { id }),
      ...(timestamp && { created: timestamp.getTime() }),
    };
  }

  #begin(type: Open["type"], { id, providerMetadata }: Of<"text-start" | "reasoning-start">): Open {
    const open: Open = { index: this.#next++, type, text: "", metadata: providerMetadata };
    this.#open.set(`${type} ${id}`, open);
    return open;
  }

  #delta(type: Open["type"], part: Of<"text-delta" | "reasoning-delta">, out: ModelEvent[]): void {
    const open = this.#open.get(`${type} ${part.id}`) ?? this.#begin(type, { ...part, type: `${type}-start` });
    open.text += part.delta;
    open.metadata = part.providerMetadata ?? open.metadata;
    if (part.delta !== "") this.#give({ type: `${type}-delta`, index: open.index, text: part.delta }, out);
  }

  #end(part: Of<"text-end" | "reasoning-end">, out: ModelEvent[]): void {
    const key = `${part.type === "text-end" ? "text" : "reasoning"} ${part.id}`;
    const open = this.#open.get(key);
    if (!open) return;
    this.#open.delete(key);
    open.metadata = part.providerMetadata ?? open.metadata;
    this.#close(open, part.type === "text-end" ? part.citations : undefined, out);
  }

  #close(open: Open, citations: Of<"text-end">["citations"], out: ModelEvent[]): void {
    const { index, type, text, metadata } = open;
    // An empty part that carries nothing is a provider's way to begin.
    if (text === "" && metadata === undefined) return;
    if (type === "reasoning") return this.#give({ type: "part", index, part: readReasoning(text, metadata) }, out);
    const { owned, kept } = readMetadata(metadata);
    const part = { type: "text", text, ...readCitations(citations, kept), ...owned } as const;
    this.#give({ type: "part", index, part }, out);
  }

  #startCall(id: string, name: string, out: ModelEvent[]): void {
    const index = this.#next++;
    this.#calls.set(id, index);
    this.#give({ type: "tool-call-start", index, id, name }, out);
  }

  #call(part: Of<"tool-call">, out: ModelEvent[]): void {
    if (!this.#calls.has(part.toolCallId)) {
      this.#startCall(part.toolCallId, part.toolName, out);
      if (part.input !== "") out.push({ type: "tool-call-delta", index: this.#next - 1, text: part.input });
    }
    const index = this.#calls.get(part.toolCallId)!;
    this.#calls.delete(part.toolCallId);
    this.#called ||= !part.providerExecuted;
    this.#give({ type: "part", index, part: readToolCall(part) }, out);
  }

  #finish(part: Of<"finish">, out: ModelEvent[]): void {
    const failure = failureOfFinish(part.finishReason, this.#whose);
    if (failure) {
      // What was read and written is billed all the same.
      this.#give({ type: "usage", usage: readUsage(part.usage) }, out);
      this.#failure = failure;
      return;
    }
    for (const open of this.#open.values()) this.#close(open, undefined, out);
    this.#give({ type: "finish", ...readFinish(part, this.#called) }, out);
  }
}
