import type { AssistantPart, Json, JsonObject, ModelEvent, Start, Warning } from "@plugboard/core";
import type { Ending } from "./finish.ts";
import type { Grounding } from "./grounding.ts";
import type { PartContext } from "./messages.ts";
import { ModelError, grown } from "@plugboard/core";
import { failureInBand, listOf, objectOf, stringOf, without } from "@plugboard/wire";
import { blockReasonOf, finishOf, noteExtras } from "./finish.ts";
import { citationsWithin, groundingOf, queriesOf } from "./grounding.ts";
import { ownedBy, partOf } from "./messages.ts";
import { PartialArguments } from "./partial-arguments.ts";
import { addWireUsage, usageOf } from "./usage.ts";

/** What an answer is read with: what was known when the question was written. */
export interface DecodeContext {
  readonly provider: string;
  /** Named in errors, and the model of an answer that does not say. */
  readonly model: string;
  /** The application's name of a tool. */
  readonly toolName: (wireName: string) => string;
}

export type Head = Pick<Start, "headers" | "warnings">;

/** Text or thoughts that may go on in the next chunk. */
interface OpenText {
  readonly type: "text" | "reasoning";
  readonly index: number;
  /** Where it begins in all the text of the answer. */
  readonly from: number;
  text: string;
}

/** A call whose arguments come in pieces. */
interface OpenCall {
  readonly index: number;
  readonly id: string;
  readonly wireName: string;
  readonly part: JsonObject;
  readonly arguments: PartialArguments;
}

/** Reads the chunks of an answer; one in a single body is one chunk. Made anew for every answer. */
export class AnswerReader {
  readonly content: AssistantPart[] = [];
  readonly #head: Head;
  readonly #context: DecodeContext;
  readonly #parts: PartContext;
  readonly #usage: Record<string, Json> = {};
  readonly #extras: Record<string, Json> = {};
  readonly #warnings: Warning[] = [];
  #started = false;
  #next = 0;
  #ids = 0;
  #idBase = "";
  #text: OpenText | undefined;
  #call: OpenCall | undefined;
  /** All the text so far: grounding tells its places in it. */
  #said = "";
  #reason: string | undefined;
  #blocked: string | undefined;

  constructor(head: Head, context: DecodeContext) {
    this.#head = head;
    this.#context = context;
    const { toolName } = context;
    this.#parts = { toolName, newId: () => `call_${this.#idBase}_${this.#ids++}`, before: this.content };
  }

  /** Whether Google has said how the answer ended: more chunks may come, but need not. */
  get ended(): boolean {
    return this.#reason !== undefined || this.#blocked !== undefined;
  }

  /**
   * Reads a chunk.
   *
   * @throws {ModelError} the error that Google sent in its place
   */
  read(chunk: JsonObject, out: ModelEvent[]): void {
    if (chunk["error"] !== undefined && chunk["error"] !== null) {
      throw failureInBand(chunk, { provider: this.#context.provider, model: this.#context.model });
    }
    if (!this.#started) this.#begin(chunk, out);

    const candidate = firstCandidate(chunk["candidates"]);
    noteExtras(chunk, candidate, this.#extras);
    this.#noteStatus(chunk);
    const parts = objectOf(candidate?.["content"])?.["parts"];
    for (const part of listOf(parts)) this.#part(objectOf(part) ?? {}, out);
    this.#reason = stringOf(candidate?.["finishReason"]) ?? this.#reason;
    this.#blocked = blockReasonOf(chunk) ?? this.#blocked;

    const told = objectOf(chunk["usageMetadata"]);
    if (!told) return;
    addWireUsage(this.#usage, told);
    out.push({ type: "usage", usage: usageOf(this.#usage, queriesOf(this.#extras)) });
  }

  /**
   * The answer is whole: gives out what is still open, the sources, and the finish.
   *
   * @throws {ModelError} `truncated` where Google says that all went well, and a call is still open
   */
  end(out: ModelEvent[]): void {
    this.#closeText(out);
    // A call that is still open was cut in the middle: it is not one to run.
    if (this.#call) {
      if (this.#reason === "STOP" && this.#blocked === undefined) throw this.#halfCall(this.#call);
      const message = `The call of ${this.#parts.toolName(this.#call.wireName)} was cut in the middle, and is left out.`;
      this.#warnings.push({ code: "dropped", message });
    }
    for (const source of this.#grounding?.sources ?? []) this.#emit(this.#next++, source, out);
    const ending: Ending = { reason: this.#reason, blocked: this.#blocked, extras: this.#extras };
    const finish = finishOf(ending, this.content, usageOf(this.#usage, queriesOf(this.#extras)));
    out.push({ type: "finish", ...finish, ...(this.#warnings.length > 0 && { warnings: this.#warnings }) });
  }

  #halfCall({ wireName }: OpenCall): ModelError {
    const { provider, model } = this.#context;
    const message = `The answer of ${provider} ends in the middle of a call of ${this.#parts.toolName(wireName)}.`;
    return new ModelError(message, { code: "truncated", provider, model });
  }

  #begin(chunk: JsonObject, out: ModelEvent[]): void {
    this.#started = true;
    const id = stringOf(chunk["responseId"]);
    const created = Date.parse(stringOf(chunk["createTime"]) ?? "");
    const { headers, warnings } = this.#head;
    // Ids that are made must differ from those of other answers of a conversation.
    this.#idBase = id?.replaceAll(/[^a-zA-Z0-9_-]/g, "") || hashOf(JSON.stringify(chunk));
    out.push({
      type: "start",
      model: stringOf(chunk["modelVersion"]) || this.#context.model,
      ...(id !== undefined && { id }),
      ...(!Number.isNaN(created) && { created }),
      ...(headers && { headers }),
      ...(warnings && warnings.length > 0 && { warnings }),
    });
  }

  #part(part: JsonObject, out: ModelEvent[]): void {
    const text = part["text"];
    if (typeof text === "string" || isBareSignature(part)) return this.#saying(part, text as string | undefined, out);
    const call = objectOf(part["functionCall"]);
    if (call) return this.#calling(part, call, out);
    this.#closeText(out);
    this.#emit(this.#next++, partOf(part, this.#parts), out);
  }

  /** Text or thoughts. What has a signature is a part of its own: signatures stand where they stood, or are refused. */
  #saying(part: JsonObject, text = "", out: ModelEvent[]): void {
    const type = part["thought"] === true ? "reasoning" : "text";
    const rest = without(part, "text", "thought");
    const signed = Object.keys(rest).length > 0;
    if (text === "" && !signed) return;
    if (this.#text && (signed || this.#text.type !== type)) this.#closeText(out);

    let open = this.#text;
    if (!open) {
      open = { type, index: this.#next++, from: this.#said.length, text: "" };
      this.#text = open;
    }
    open.text = grown(open.text, text);
    if (type === "text") this.#said = grown(this.#said, text);
    if (text !== "") out.push({ type: type === "text" ? "text-delta" : "reasoning-delta", index: open.index, text });
    if (signed) this.#closeText(out, rest);
  }

  #closeText(out: ModelEvent[], rest: Record<string, Json> = {}): void {
    const open = this.#text;
    if (!open) return;
    this.#text = undefined;
    const { type, text, index, from } = open;
    if (type === "reasoning") return this.#emit(index, { type, text, ...ownedBy({ thought: true, ...rest }) }, out);
    const grounding = this.#grounding;
    const citations = grounding ? citationsWithin(grounding, from, text.length) : [];
    this.#emit(index, { type, text, ...(citations.length > 0 && { citations }), ...ownedBy(rest) }, out);
  }

  /** A call in one piece, or a piece of one: the first has its name, the last says nothing. */
  #calling(part: JsonObject, call: JsonObject, out: ModelEvent[]): void {
    const wireName = stringOf(call["name"]);
    if (!wireName) {
      if (!this.#call) return;
      this.#call.arguments.add(call["partialArgs"]);
      if (call["willContinue"] !== true) this.#closeCall(out);
      return;
    }
    this.#closeText(out);
    this.#closeCall(out);
    if (call["willContinue"] !== true && call["partialArgs"] === undefined) {
      const index = this.#next++;
      const whole = partOf(part, this.#parts);
      if (whole.type === "tool-call") {
        out.push({ type: "tool-call-start", index, id: whole.id, name: whole.name });
        out.push({ type: "tool-call-delta", index, text: JSON.stringify(whole.input) });
      }
      return this.#emit(index, whole, out);
    }
    const id = stringOf(call["id"]) || this.#parts.newId();
    const index = this.#next++;
    this.#call = { index, id, wireName, part, arguments: new PartialArguments() };
    this.#call.arguments.add(call["partialArgs"]);
    out.push({ type: "tool-call-start", index, id, name: this.#parts.toolName(wireName) });
    if (call["willContinue"] !== true) this.#closeCall(out);
  }

  #closeCall(out: ModelEvent[]): void {
    const open = this.#call;
    if (!open) return;
    this.#call = undefined;
    const { index, id, wireName, part } = open;
    const input = open.arguments.value;
    const given = objectOf(part["functionCall"])?.["id"];
    const rest = { ...(given !== undefined && { id: given }), ...without(part, "functionCall") };
    out.push({ type: "tool-call-delta", index, text: JSON.stringify(input) });
    this.#emit(index, { type: "tool-call", id, name: this.#parts.toolName(wireName), input, ...ownedBy(rest) }, out);
  }

  #emit(index: number, part: AssistantPart, out: ModelEvent[]): void {
    this.content.push(part);
    out.push({ type: "part", index, part });
  }

  get #grounding(): Grounding | undefined {
    const { groundingMetadata, citationMetadata, urlContextMetadata } = this.#extras;
    return (groundingMetadata ?? citationMetadata ?? urlContextMetadata)
      ? groundingOf(this.#extras, this.#said)
      : undefined;
  }

  #noteStatus(chunk: JsonObject): void {
    const status = objectOf(chunk["modelStatus"]);
    const stage = stringOf(status?.["modelStage"]) ?? "";
    if (
      !["LEGACY", "DEPRECATED", "RETIRED"].includes(stage) ||
      this.#warnings.some(({ code }) => code === "deprecated")
    ) {
      return;
    }
    const message = stringOf(status?.["message"]) || `${this.#context.model} is ${stage.toLowerCase()}.`;
    this.#warnings.push({ code: "deprecated", message });
  }
}

/** Of several answers the first is ours; an index of 0 may be left out. */
function firstCandidate(candidates: Json | undefined): JsonObject | undefined {
  for (const item of listOf(candidates)) {
    const candidate = objectOf(item);
    if (candidate && (candidate["index"] ?? 0) === 0) return candidate;
  }
  return undefined;
}

/** A signature that stands alone means the same as one on an empty text, which is how it is documented. */
function isBareSignature(part: JsonObject): boolean {
  return (
    part["thoughtSignature"] !== undefined &&
    Object.keys(part).every((name) => name === "thoughtSignature" || name === "thought")
  );
}

/** FNV-1a. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
