import type { AssistantPart, Citation, Finish, Json, ModelEvent, Start } from "@plugboard/core";
import { grown } from "@plugboard/core";
import { failureInBand, fromBase64 } from "@plugboard/wire";
import { fileOf, joinBytes, sourceOf } from "../shared/answer-media.ts";
import { AnswerAccount } from "./answer-account.ts";
import type { WireAnnotation, WireChoice, WireChunk, WireDelta } from "./chunk.ts";
import type { ChatDialect } from "./dialect.ts";
import { isObject } from "../shared/fields.ts";
import { readFinishReason } from "./finish-reasons.ts";
import { joinDetails } from "./reasoning-details.ts";
import type { ThinkTags } from "./think-tags.ts";
import { ToolCallParts } from "./tool-call-parts.ts";

/** What must be known of the request to read its answer. */
export interface Decoding {
  readonly dialect: ChatDialect;
  /** The model that was asked, for answers that do not name one. */
  readonly model: string;
  /** The name of a tool as the application knows it. @default the one on the wire */
  readonly toolName?: (wire: string) => string;
  /** The media type of audio that was asked for. @default "audio/wav" */
  readonly audioType?: string;
}

export type AnswerStart = Pick<Start, "headers" | "warnings">;

/** Turns what one choice says, whole or in pieces, into events. Several choices: the first alone is read. */
export class AnswerReader {
  readonly #decoding: Decoding;
  readonly #answerStart: AnswerStart;
  readonly #tags: ThinkTags | undefined;
  readonly #account: AnswerAccount = new AnswerAccount();
  #calls: ToolCallParts | undefined;

  #id = "";
  #answering = "";
  #created = 0;
  #begun = false;

  // Text and reasoning: one part is open at a time, and closed by whatever comes next.
  #open: "text" | "reasoning" | undefined;
  #openIndex = 0;
  #openText = "";
  #citations: Citation[] | undefined;
  #nextIndex = 0;

  #details: Json[] | undefined;
  #audio: { id: string; bytes: Uint8Array[] } | undefined;
  #legacyCall: { name: string; arguments: string } | undefined;
  #refused = false;
  #called = false;
  #rawFinishReason: string | undefined;

  constructor(decoding: Decoding, answerStart: AnswerStart) {
    this.#decoding = decoding;
    this.#answerStart = answerStart;
    this.#tags = decoding.dialect.thinkTags?.();
  }

  /** Whether there was anything to tell. */
  get begun(): boolean {
    return this.#begun;
  }

  /** What a chunk says; `delta` is what its choice says, if it has one. */
  take(chunk: WireChunk, choice: WireChoice | undefined, delta: WireDelta | null | undefined, out: ModelEvent[]): void {
    if (!this.#begun) this.#identify(chunk);
    if (delta) {
      this.#takeThoughts(delta, out);
      const { content } = delta;
      if (typeof content === "string") this.text(content, out);
      else if (Array.isArray(content)) this.#takePieces(content, out);
      this.#takeRest(delta, out);
    }
    if (typeof choice?.finish_reason === "string" && choice.finish_reason !== "") {
      this.#takeFinish(choice.finish_reason, out);
    }
    if (this.#account.take(chunk, choice)) {
      if (!this.#begun) this.#begin(out);
      out.push({ type: "usage", usage: this.#account.usage });
    }
  }

  /** What a chunk says that brings no more than text. */
  text(content: string, out: ModelEvent[]): void {
    if (this.#tags) this.#tags.take(content, (text, thought) => this.#say(thought ? "reasoning" : "text", text, out));
    else if (content !== "") this.#say("text", content, out);
  }

  /**
   * Pushes the finish, if the server said that there is one.
   *
   * @param complete - it said that the answer is whole, even if not why
   */
  end(out: ModelEvent[], complete: boolean): void {
    if (this.#rawFinishReason === undefined && !complete) return;
    if (!this.#begun) this.#begin(out);
    this.#closeAll(out);
    for (const source of this.#account.sources) this.#add(source, out);
    out.push({
      type: "finish",
      finishReason: this.#ending(),
      ...(this.#rawFinishReason !== undefined && { rawFinishReason: this.#rawFinishReason }),
      ...this.#account.finish(this.#provider),
    });
  }

  get #provider(): string {
    return this.#decoding.dialect.provider;
  }

  #begin(out: ModelEvent[]): void {
    this.#begun = true;
    out.push({
      type: "start",
      model: this.#answering || this.#decoding.model,
      ...(this.#id && { id: this.#id }),
      ...(this.#created > 0 && { created: this.#created * 1000 }),
      ...this.#answerStart,
    });
  }

  #say(type: "text" | "reasoning", text: string, out: ModelEvent[]): void {
    if (text === "") return;
    if (this.#open !== type) {
      if (!this.#begun) this.#begin(out);
      this.#closeOpen(out);
      this.#open = type;
      this.#openIndex = this.#nextIndex++;
      this.#openText = "";
    }
    this.#openText = grown(this.#openText, text);
    out.push(
      type === "text"
        ? { type: "text-delta", index: this.#openIndex, text }
        : { type: "reasoning-delta", index: this.#openIndex, text },
    );
  }

  #closeOpen(out: ModelEvent[]): void {
    const [index, text] = [this.#openIndex, this.#openText];
    if (this.#open === "text") {
      const citations = this.#citations && { citations: this.#citations };
      out.push({ type: "part", index, part: { type: "text", text, ...citations } });
      this.#citations = undefined;
    } else if (this.#open === "reasoning") {
      const owned = this.#details && { providerData: this.#ownDetails(this.#details) };
      out.push({ type: "part", index, part: { type: "reasoning", text, ...owned } });
      this.#details = undefined;
    }
    this.#open = undefined;
  }

  #ownDetails(details: readonly Json[]): { [provider: string]: { reasoning_details: Json } } {
    return { [this.#provider]: { reasoning_details: joinDetails(details) } };
  }

  /** Pushes a part that comes whole. */
  #add(part: AssistantPart, out: ModelEvent[]): void {
    if (!this.#begun) this.#begin(out);
    this.#closeOpen(out);
    out.push({ type: "part", index: this.#nextIndex++, part });
  }

  /** Azure's first chunk has empty names; the start waits for the first event, and takes what is known by then. */
  #identify({ id, model, created }: WireChunk): void {
    if (typeof id === "string" && id !== "") this.#id = id;
    if (typeof model === "string" && model !== "") this.#answering = model;
    if (typeof created === "number" && created > 0) this.#created = created;
  }

  #takeThoughts(delta: WireDelta, out: ModelEvent[]): void {
    const thoughts = delta.reasoning_content ?? delta.reasoning;
    if (typeof thoughts === "string" && thoughts !== "") this.#say("reasoning", thoughts, out);
    if (!delta.reasoning_details) return;
    for (const detail of delta.reasoning_details as readonly Json[]) {
      if (!isObject(detail)) continue;
      (this.#details ??= []).push(detail);
      // The text of the details mostly stands beside them too.
      if (typeof thoughts !== "string" && this.#decoding.dialect.replay === "reasoning_details") {
        const text = detail["text"] ?? detail["summary"];
        if (typeof text === "string") this.#say("reasoning", text, out);
      }
    }
  }

  /** Mistral: content in pieces, thoughts among them. */
  #takePieces(pieces: readonly Json[], out: ModelEvent[]): void {
    for (const piece of pieces) {
      if (!isObject(piece)) continue;
      if (piece["type"] === "text" && typeof piece["text"] === "string") this.#say("text", piece["text"], out);
      if (piece["type"] !== "thinking" || !Array.isArray(piece["thinking"])) continue;
      for (const thought of piece["thinking"]) {
        if (isObject(thought) && typeof thought["text"] === "string") this.#say("reasoning", thought["text"], out);
      }
    }
  }

  #takeRest(delta: WireDelta, out: ModelEvent[]): void {
    if (typeof delta.refusal === "string" && delta.refusal !== "") {
      if (!this.#refused) this.#closeOpen(out);
      this.#refused = true;
      this.#say("text", delta.refusal, out);
    }
    if (delta.annotations) {
      for (const annotation of delta.annotations) if (annotation) this.#takeAnnotation(annotation, out);
    }
    if (delta.audio) this.#takeAudio(delta.audio, out);
    if (delta.images) {
      for (const image of delta.images) {
        const url = image?.image_url?.url;
        const file = typeof url === "string" ? fileOf(url) : undefined;
        if (file) this.#add(file, out);
      }
    }
    if (delta.tool_calls) this.#takeToolCalls(delta.tool_calls, out);
    if (delta.function_call && (this.#legacyCall || delta.function_call.name)) {
      const call = (this.#legacyCall ??= { name: "", arguments: "" });
      if (typeof delta.function_call.name === "string") call.name += delta.function_call.name;
      if (typeof delta.function_call.arguments === "string") call.arguments += delta.function_call.arguments;
    }
  }

  #takeToolCalls(pieces: NonNullable<WireDelta["tool_calls"]>, out: ModelEvent[]): void {
    for (const piece of pieces) {
      if (!piece) continue;
      if (!this.#begun) this.#begin(out);
      this.#closeOpen(out);
      this.#calls ??= new ToolCallParts({
        provider: this.#provider,
        nameOf: this.#decoding.toolName ?? ((name) => name),
        idAt: (place) => (this.#id ? `call_${place}_${this.#id.slice(-24)}` : `call_${place}`),
      });
      const { count } = this.#calls;
      this.#calls.take(piece, this.#nextIndex, out);
      if (this.#calls.count > count) this.#nextIndex++;
    }
  }

  #takeAnnotation({ url_citation: citation }: WireAnnotation, out: ModelEvent[]): void {
    const [source] = citation ? sourceOf(citation.url, citation.title) : [];
    if (!source) return;
    if (this.#open !== "text") return this.#add(source, out);
    const { start_index: start, end_index: end } = citation!;
    const place = { ...(typeof start === "number" && { start }), ...(typeof end === "number" && { end }) };
    (this.#citations ??= []).push({ source, ...place });
  }

  #takeAudio(piece: NonNullable<WireDelta["audio"]>, out: ModelEvent[]): void {
    if (!this.#audio && !piece.id && !piece.data) return;
    const audio = (this.#audio ??= { id: "", bytes: [] });
    if (typeof piece.id === "string" && piece.id !== "") audio.id = piece.id;
    if (typeof piece.transcript === "string") this.#say("text", piece.transcript, out);
    if (typeof piece.data === "string" && piece.data !== "") audio.bytes.push(fromBase64(piece.data));
  }

  #takeFinish(reason: string, out: ModelEvent[]): void {
    const { dialect, model } = this.#decoding;
    if (reason === "error") {
      throw failureInBand({}, { provider: dialect.provider, model, rules: dialect.failures });
    }
    this.#rawFinishReason = reason;
    if (!this.#begun) this.#begin(out);
    this.#closeAll(out);
  }

  #closeAll(out: ModelEvent[]): void {
    this.#tags?.end((text, thought) => this.#say(thought ? "reasoning" : "text", text, out));
    this.#closeOpen(out);
    if (this.#calls) {
      this.#called ||= this.#calls.count > 0;
      this.#calls.close(out);
    }
    if (this.#details) {
      this.#add({ type: "opaque", kind: "reasoning_details", providerData: this.#ownDetails(this.#details) }, out);
      this.#details = undefined;
    }
    if (this.#legacyCall) {
      const providerData = { [this.#provider]: { function_call: { ...this.#legacyCall } } };
      this.#add({ type: "opaque", kind: "function_call", providerData }, out);
      this.#legacyCall = undefined;
    }
    if (this.#audio) {
      const { id, bytes } = this.#audio;
      const owned = id !== "" && { providerData: { [this.#provider]: { audio: { id } } } };
      const mediaType = this.#decoding.audioType ?? "audio/wav";
      this.#add({ type: "file", mediaType, data: joinBytes(bytes), ...owned }, out);
      this.#audio = undefined;
    }
  }

  /** A server may say `stop` although it calls tools, and has no word for a refusal. */
  #ending(): Finish["finishReason"] {
    if (this.#rawFinishReason === undefined) return "other";
    const reason = readFinishReason(this.#rawFinishReason, this.#decoding.dialect.finishReasons);
    if (reason !== "stop") return reason;
    if (this.#called) return "tool-calls";
    return this.#refused ? "refusal" : "stop";
  }
}
