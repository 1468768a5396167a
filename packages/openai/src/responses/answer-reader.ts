import type { Finish, Json, JsonObject, ModelEvent, Start, TextPart } from "@plugboard/core";
import { ModelError, grown } from "@plugboard/core";
import { failureInBand } from "@plugboard/wire";
import { isList, isObject } from "../shared/fields.ts";
import type { ResponsesDialect } from "./dialect.ts";
import { failureRules } from "./failures.ts";
import { billedAs, callPart, citationsOf, nameOfRun, runParts, textOf, thoughtsOf } from "./items.ts";
import type { Naming } from "./items.ts";
import { kindOf, restOf, worksInSilence } from "./open-item.ts";
import type { OpenItem, Piece } from "./open-item.ts";
import { usageOf } from "./usage.ts";

/** What must be known of the request to read its answer. */
export interface Decoding extends Omit<Naming, "provider"> {
  readonly dialect: ResponsesDialect;
  /** The model that was asked, for answers that do not name one. */
  readonly model: string;
}

export type AnswerStart = Pick<Start, "headers" | "warnings">;

/** Where an item stands in the output; its id where a server does not say. Ids alone may repeat: xAI makes them of the answer's. */
type Place = number | string;

const unsaid = -1;

/** Turns what an answer says, in events or in one body, into our events. */
export class AnswerReader {
  readonly #decoding: Decoding;
  readonly #answerStart: AnswerStart;
  readonly #naming: Naming;

  #begun = false;
  #nextIndex = 0;
  readonly #open = new Map<Place, OpenItem>();
  readonly #closed = new Set<Place>();

  // The piece that the last delta was of: nearly every delta is of the same.
  #place: Place = unsaid;
  #pieceNumber = unsaid;
  #piece: Piece | undefined;

  /** Parts without a word in them, until something is said or the answer ends: they are no reason to settle. */
  #held: ModelEvent[] = [];
  #said = false;
  #working = 0;
  #refused = false;
  #called = false;
  readonly #tools: Record<string, number> = {};
  #logprobs: Json[] | undefined;

  constructor(decoding: Decoding, answerStart: AnswerStart) {
    this.#decoding = decoding;
    this.#answerStart = answerStart;
    const { dialect, toolName, providerToolName } = decoding;
    this.#naming = { provider: dialect.provider, toolName, providerToolName };
  }

  /** Whether the model thinks, or waits for a tool of the provider's, without telling. */
  get busy(): boolean {
    return this.#working > 0;
  }

  /** The head of the answer; `response` says who answers. */
  begin(response: JsonObject, out: ModelEvent[]): void {
    if (this.#begun) return;
    this.#begun = true;
    const { id, model, created_at: created } = response;
    out.push({
      type: "start",
      model: textOf(model) || this.#decoding.model,
      ...(typeof id === "string" && id !== "" && { id }),
      ...(typeof created === "number" && created > 0 && { created: created * 1000 }),
      ...this.#answerStart,
    });
  }

  itemAdded(place: Place, item: JsonObject, out: ModelEvent[]): void {
    if (this.#open.has(place) || this.#closed.has(place)) return;
    this.begin({}, out);
    const kind = kindOf(textOf(item["type"]));
    const id =
      textOf(kind === "call" ? item["call_id"] : item["id"]) || textOf(item["id"]) || `call_${this.#nextIndex}`;
    const open: OpenItem = { kind, item, index: unsaid, id, text: "", section: unsaid, pieces: new Map() };
    this.#open.set(place, open);
    if (kind !== "message") open.index = this.#nextIndex++;
    if (kind === "run") this.#nextIndex++; // the result comes right after the call
    if (worksInSilence(open)) this.#working++;
    if (kind === "call")
      this.#startCall(open, this.#naming.toolName?.(textOf(item["name"])) ?? textOf(item["name"]), out);
    if (kind === "run") this.#startCall(open, nameOfRun(item, this.#naming), out);
  }

  textDelta(place: Place, number: number, text: string, out: ModelEvent[]): void {
    if (text === "") return;
    const same = place === this.#place && number === this.#pieceNumber;
    const piece = same ? this.#piece! : this.#pieceAt(place, number, false, out);
    piece.text = grown(piece.text, text);
    out.push({ type: "text-delta", index: piece.index, text });
  }

  refusalDelta(place: Place, number: number, text: string, out: ModelEvent[]): void {
    if (text === "") return;
    const piece = this.#pieceAt(place, number, true, out);
    piece.text = grown(piece.text, text);
    out.push({ type: "text-delta", index: piece.index, text });
  }

  /** @param section - tells the paragraphs apart */
  thoughtDelta(place: Place, section: number, text: string, out: ModelEvent[]): void {
    if (text === "") return;
    const open = this.#itemAt(place, "reasoning", out);
    if (open?.kind !== "reasoning") return;
    const said = open.text !== "" && open.section !== section ? `\n\n${text}` : text;
    open.section = section;
    open.text = grown(open.text, said);
    this.#tell({ type: "reasoning-delta", index: open.index, text: said }, out);
  }

  argumentsDelta(place: Place, text: string, out: ModelEvent[]): void {
    const open = this.#open.get(place);
    if (open?.kind !== "call" || text === "") return;
    open.text = grown(open.text, text);
    out.push({ type: "tool-call-delta", index: open.index, text });
  }

  annotation(place: Place, number: number, annotation: Json): void {
    const piece = this.#open.get(place)?.pieces.get(number);
    if (piece) (piece.annotations ??= []).push(annotation);
  }

  /** The item is whole; what its deltas did not say is said now. */
  itemDone(place: Place, item: JsonObject, out: ModelEvent[]): void {
    if (this.#closed.has(place)) return;
    this.itemAdded(place, item, out);
    const open = this.#open.get(place)!;
    const [was, is] = [textOf(open.item["type"]), textOf(item["type"])];
    if (kindOf(is) !== open.kind) throw this.unreadable(`begins an item as ${was} and ends it as ${is}`);
    const [called, calls] = [textOf(open.item["name"]), textOf(item["name"])];
    if (open.kind === "call" && called !== calls)
      throw this.unreadable(`begins a call of ${called} and ends it as one of ${calls}`);
    this.#closeItem(place, open, item, out);
    this.#open.delete(place);
    this.#closed.add(place);
    if (place === this.#place) this.#place = unsaid;
    if (worksInSilence(open)) this.#working--;
  }

  /**
   * Pushes the finish.
   *
   * @throws {ModelError} the error that the answer ended with; `unsupported` for one that goes on in the background
   */
  end(response: JsonObject, out: ModelEvent[]): void {
    const { status, error, output, usage, incomplete_details: cut } = response;
    const failed = error !== undefined && error !== null && !isList(output);
    if (status === "failed" || failed) throw this.failure(failed ? response : { error: error ?? null });
    this.begin(response, out);
    if (isList(output)) {
      output.forEach((item, place) => {
        if (!isObject(item)) return;
        const id = textOf(item["id"]);
        this.itemDone(this.#open.has(id) || this.#closed.has(id) ? id : place, item, out);
      });
    }
    // An item that is never said to be done is what its deltas made it.
    const cutShort = status === "incomplete" && { status };
    for (const [place, { item }] of this.#open) this.itemDone(place, { ...item, ...cutShort }, out);
    this.#release(out);

    const reason = isObject(cut) ? textOf(cut["reason"]) : "";
    out.push({
      type: "finish",
      finishReason: this.#ending(status, reason),
      rawFinishReason: reason || textOf(status) || "completed",
      usage: usageOf(usage, this.#tools),
      ...this.#account(response),
    });
  }

  /** What an error event, or the error of an answer, means. */
  failure(error: Json): ModelError {
    const { dialect, model } = this.#decoding;
    return failureInBand(error, { provider: dialect.provider, model, rules: failureRules(dialect) });
  }

  unreadable(what: string): ModelError {
    const { dialect, model } = this.#decoding;
    const { provider } = dialect;
    return new ModelError(`The answer of ${provider} ${what}.`, { code: "parse", provider, model });
  }

  #ending(status: Json | undefined, reason: string): Finish["finishReason"] {
    if (status === "queued" || status === "in_progress" || status === "cancelled") {
      const { dialect, model } = this.#decoding;
      const { provider } = dialect;
      throw status === "cancelled"
        ? new ModelError(`The answer was cancelled at ${provider}.`, { code: "aborted", provider, model })
        : new ModelError(`The answer is ${status} at ${provider}: answers made in the background are not waited for.`, {
            code: "unsupported",
            provider,
            model,
          });
    }
    if (status === "incomplete" || reason !== "") return endings[reason] ?? "other";
    if (this.#called) return "tool-calls";
    return this.#refused ? "refusal" : "stop";
  }

  #account({ service_tier: tier, usage }: JsonObject): Pick<Finish, "providerData"> {
    const told: Record<string, Json> = {};
    if (typeof tier === "string") told["service_tier"] = tier;
    if (isObject(usage) && typeof usage["cost_in_usd_ticks"] === "number")
      told["cost_in_usd_ticks"] = usage["cost_in_usd_ticks"];
    if (this.#logprobs) told["logprobs"] = this.#logprobs;
    return Object.keys(told).length > 0 ? { providerData: this.#own(told) } : {};
  }

  #own(data: JsonObject): { readonly [provider: string]: JsonObject } {
    return { [this.#naming.provider]: data };
  }

  #startCall({ index, id }: OpenItem, name: string, out: ModelEvent[]): void {
    this.#tell({ type: "tool-call-start", index, id, name }, out);
  }

  /** The item at a place; one that nobody announced begins now. */
  #itemAt(place: Place, type: "message" | "reasoning", out: ModelEvent[]): OpenItem | undefined {
    const known = this.#open.get(place);
    if (known || this.#closed.has(place)) return known;
    this.itemAdded(place, { type }, out);
    return this.#open.get(place);
  }

  #pieceAt(place: Place, number: number, refusal: boolean, out: ModelEvent[]): Piece {
    const open = this.#itemAt(place, "message", out);
    if (open?.kind !== "message") throw this.unreadable("has text in an item that is no message");
    let piece = open.pieces.get(number);
    if (!piece) {
      piece = { index: this.#nextIndex++, refusal, text: "", annotations: undefined };
      open.pieces.set(number, piece);
      this.#refused ||= refusal;
    }
    this.#release(out);
    this.#said = true;
    [this.#place, this.#pieceNumber, this.#piece] = refusal ? [unsaid, unsaid, undefined] : [place, number, piece];
    return piece;
  }

  #closeItem(place: Place, open: OpenItem, item: JsonObject, out: ModelEvent[]): void {
    const { index, kind, id } = open;
    switch (kind) {
      case "message":
        return this.#closeMessage(place, open, item, out);
      case "reasoning":
        return this.#closeReasoning(place, open, item, out);
      case "call":
        return this.#closeCall(place, open, item, out);
      case "run": {
        const [call, result] = runParts(item, id, this.#naming);
        const billed = billedAs(textOf(item["type"]));
        if (billed !== undefined) this.#tools[billed] = (this.#tools[billed] ?? 0) + 1;
        out.push({ type: "part", index, part: call }, { type: "part", index: index + 1, part: result });
        return;
      }
      case "other": {
        const part = { type: "opaque", kind: textOf(item["type"]), providerData: this.#own({ item }) } as const;
        this.#hold({ type: "part", index, part }, out);
        return;
      }
    }
  }

  #closeMessage(place: Place, open: OpenItem, { content, status: _, ...item }: JsonObject, out: ModelEvent[]): void {
    const pieces = isList(content) ? content : [];
    pieces.forEach((piece, number) => {
      if (!isObject(piece)) return;
      const { type, text, refusal, logprobs } = piece;
      if (type === "refusal") this.refusalDelta(place, number, restOf(refusal, open.pieces.get(number)?.text), out);
      if (type === "output_text") this.textDelta(place, number, restOf(text, open.pieces.get(number)?.text), out);
      if (isList(logprobs) && logprobs.length > 0) (this.#logprobs ??= []).push(...logprobs);
    });
    for (const [number, { index, text, refusal, annotations }] of open.pieces) {
      const last = pieces[number];
      const told = isObject(last) && isList(last["annotations"]) && last["annotations"].length > 0;
      const citations = citationsOf(told ? last["annotations"] : annotations, this.#naming.provider);
      const part: TextPart = {
        type: "text",
        text,
        ...(citations.length > 0 && { citations }),
        providerData: this.#own({ item, ...(refusal && { refusal }) }),
      };
      out.push({ type: "part", index, part });
    }
  }

  #closeReasoning(place: Place, open: OpenItem, item: JsonObject, out: ModelEvent[]): void {
    this.thoughtDelta(place, open.section, restOf(thoughtsOf(item), open.text), out);
    const part = { type: "reasoning", text: open.text, providerData: this.#own({ item }) } as const;
    const event: ModelEvent = { type: "part", index: open.index, part };
    if (open.text === "") this.#hold(event, out);
    else out.push(event);
  }

  #closeCall(place: Place, open: OpenItem, item: JsonObject, out: ModelEvent[]): void {
    const custom = item["type"] === "custom_tool_call";
    this.argumentsDelta(place, restOf(item[custom ? "input" : "arguments"], open.text), out);
    // One that was cut short is not one to run.
    if (item["status"] === "incomplete") return;
    this.#called = true;
    out.push({ type: "part", index: open.index, part: callPart(item, open.id, open.text, this.#naming) });
  }

  /** Pushes what is worth settling for. */
  #tell(event: ModelEvent, out: ModelEvent[]): void {
    this.#release(out);
    this.#said = true;
    out.push(event);
  }

  #hold(event: ModelEvent, out: ModelEvent[]): void {
    if (this.#said) out.push(event);
    else this.#held.push(event);
  }

  #release(out: ModelEvent[]): void {
    if (this.#held.length === 0) return;
    out.push(...this.#held);
    this.#held = [];
  }
}

const endings: Readonly<Record<string, Finish["finishReason"]>> = {
  max_output_tokens: "length",
  max_tokens: "length",
  content_filter: "content-filter",
};
