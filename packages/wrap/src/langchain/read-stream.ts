import type { AssistantPart, ModelEvent, ReplySource, Start, Warning } from "@plugboard/core";
import type { AIMessageChunk, ContentBlock, ToolCallChunk } from "@langchain/core/messages";
import type { OutputTool } from "@plugboard/wire";
import type { Whose } from "./errors.ts";
import { ModelError } from "@plugboard/core";
import { answerText, toolArguments } from "@plugboard/wire";
import { readError } from "./errors.ts";
import { modelOf, readEnding, readParts } from "./read-answer.ts";

interface OpenText {
  readonly index: number;
  readonly type: "text" | "reasoning";
  text: string;
}

interface OpenCall {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  text: string;
}

/** A stream of LangChain's chunks as the source of a reply. Text and thoughts are given as they come; the rest once it is whole. */
export class StreamReader implements ReplySource {
  readonly #reader: ReadableStreamDefaultReader<AIMessageChunk>;
  readonly #whose: Whose;
  readonly #output: OutputTool | undefined;
  readonly #warnings: readonly Warning[];
  /** All that was said, added up as LangChain does: its providers say some of it in pieces of their own. */
  #whole: AIMessageChunk | undefined;
  #started = false;
  #ended = false;
  #next = 0;
  #text: OpenText | undefined;
  /** What was given as deltas, by index. */
  readonly #given = new Map<number, OpenText>();
  readonly #calls = new Map<number | string, OpenCall>();

  constructor(
    stream: ReadableStream<AIMessageChunk>,
    whose: Whose,
    output: OutputTool | undefined,
    warnings: readonly Warning[],
  ) {
    this.#reader = stream.getReader();
    this.#whose = whose;
    this.#output = output;
    this.#warnings = warnings;
  }

  async pull(): Promise<readonly ModelEvent[] | undefined> {
    if (this.#ended) return undefined;
    let step;
    try {
      step = await this.#reader.read();
    } catch (error) {
      throw readError(error, this.#whose);
    }
    const out: ModelEvent[] = [];
    if (!step.done) this.#take(step.value, out);
    else {
      this.#ended = true;
      if (!this.#whole) return undefined;
      this.#finish(this.#whole, out);
    }
    return out;
  }

  cancel(): void {
    void this.#reader.cancel().then(undefined, () => {});
  }

  #take(chunk: AIMessageChunk, out: ModelEvent[]): void {
    this.#whole = this.#whole ? this.#whole.concat(chunk) : chunk;
    const { content, additional_kwargs: beside, response_metadata: metadata } = chunk;
    if (typeof content === "string") {
      if (typeof beside["reasoning_content"] === "string") this.#say("reasoning", beside["reasoning_content"], out);
      this.#say("text", content, out);
    } else if (metadata["output"] === undefined) {
      // The last chunk of OpenAI's Responses says all of the answer again.
      for (const block of chunk.contentBlocks as readonly ContentBlock.Standard[]) {
        if (block.type === "text") this.#say("text", block.text, out);
        else if (block.type === "reasoning") this.#say("reasoning", block.reasoning, out);
        else if (block.type === "refusal") this.#say("text", block.refusal, out);
      }
    }
    for (const piece of chunk.tool_call_chunks ?? []) this.#callPiece(piece, out);
  }

  #say(type: OpenText["type"], text: string | undefined, out: ModelEvent[]): void {
    if (!text) return;
    if (this.#text?.type !== type) {
      this.#text = { index: this.#next++, type, text: "" };
      this.#given.set(this.#text.index, this.#text);
    }
    this.#text.text += text;
    this.#give({ type: `${type}-delta`, index: this.#text.index, text }, out);
  }

  #callPiece({ index, id, name, args = "" }: ToolCallChunk, out: ModelEvent[]): void {
    const key = index ?? id ?? "";
    let call = this.#calls.get(key);
    if (!call) {
      this.#text = undefined;
      call = { index: this.#next++, id: id ?? "", name: name ?? "", text: "" };
      this.#calls.set(key, call);
      // A call that is the answer is given as the text that it becomes, once that is known.
      if (!this.#isAnswer(call))
        this.#give({ type: "tool-call-start", index: call.index, id: call.id, name: call.name }, out);
    }
    call.text += args;
    if (args !== "" && !this.#isAnswer(call))
      this.#give({ type: "tool-call-delta", index: call.index, text: args }, out);
    else if (args !== "" && !this.#output?.wrapped)
      this.#give({ type: "text-delta", index: call.index, text: args }, out);
  }

  #isAnswer({ name }: OpenCall): boolean {
    return this.#output?.name === name;
  }

  #give(event: ModelEvent, out: ModelEvent[]): void {
    if (!this.#started) {
      this.#started = true;
      const { id } = this.#whole!;
      const start: Start = {
        model: modelOf(this.#whole!) ?? this.#whose.model,
        ...(id !== undefined && !id.startsWith("run-") && { id }),
        ...(this.#warnings.length > 0 && { warnings: this.#warnings }),
      };
      out.push({ type: "start", ...start });
    }
    out.push(event);
  }

  #finish(whole: AIMessageChunk, out: ModelEvent[]): void {
    const parts = readParts(whole, this.#output);
    const left = new Set(parts);
    for (const { index, type, text } of this.#given.values()) {
      const same = parts.find((part) => left.has(part) && part.type === type && part.text === text);
      if (same) left.delete(same);
      this.#give({ type: "part", index, part: same ?? { type, text } }, out);
    }
    const content: AssistantPart[] = [];
    for (const call of this.#calls.values()) {
      const same = parts.find((part) => left.has(part) && part.type === "tool-call" && part.id === call.id);
      if (same) left.delete(same);
      const part: AssistantPart = this.#isAnswer(call)
        ? { type: "text", text: answerText(call.text, this.#output!) }
        : { type: "tool-call", id: call.id, name: call.name, ...toolArguments(call.text), ...withoutArguments(same) };
      content.push(part);
      const isSaid = part.type !== "text" || part.text === call.text;
      if (!isSaid && part.type === "text") this.#give({ type: "text-delta", index: call.index, text: part.text }, out);
      this.#give({ type: "part", index: call.index, part }, out);
    }
    // Text, thoughts and calls have been given; the message says them again where it adds them up otherwise.
    for (const part of left) {
      if (part.type !== "text" && part.type !== "reasoning" && (part.type !== "tool-call" || part.executed)) {
        content.push(part);
        this.#give({ type: "part", index: this.#next++, part }, out);
      }
    }
    const finish = readEnding(whole, content);
    if (
      finish.rawFinishReason === undefined &&
      finish.finishReason === "tool-calls" &&
      whole.response_metadata["plugboard"] === undefined
    ) {
      // A stream that was cut ends without a word; its calls may be halves that happen to be JSON.
      const { provider, model } = this.#whose;
      throw new ModelError(`The answer of ${provider} called tools and ended without saying why.`, {
        code: "truncated",
        provider,
        model,
      });
    }
    this.#give({ type: "finish", ...finish }, out);
  }
}

/** What a call has besides its arguments. */
function withoutArguments(part: AssistantPart | undefined): Pick<AssistantPart, "providerData"> {
  return part?.providerData ? { providerData: part.providerData } : {};
}
