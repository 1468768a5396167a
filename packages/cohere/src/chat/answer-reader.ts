import type { AssistantPart, Json, JsonObject, ModelError, ModelEvent, Warning } from "@plugboard/core";
import type { Decoding, Head } from "./decode.ts";
import { failureInBand, objectOf, stringOf, toolArguments } from "@plugboard/wire";
import { citationsOf, citedPart, sourcesOf } from "./citations.ts";
import { failures } from "../failures.ts";
import { finishReasonOf } from "./finish-reasons.ts";
import { usageOf } from "./usage.ts";
import { owner } from "../account.ts";

/** A tool call that one of these ended may be cut in the middle, and must not be run. */
const cutting: ReadonlySet<string> = new Set(["MAX_TOKENS", "ERROR", "ERROR_TOXIC", "TIMEOUT"]);

interface OpenCall {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  text: string;
}

/**
 * Makes events of what an answer says, piece by piece or whole. A part is given out when the next one begins, since citations of a text
 * may come after its end.
 */
export class AnswerReader {
  readonly #head: Head;
  readonly #decoding: Decoding;
  readonly #warnings: Warning[] = [];
  #begun = false;
  #nextIndex = 0;
  #kind: "text" | "reasoning" | undefined;
  #index = 0;
  #text = "";
  /** Of the part that is open. */
  #citations: JsonObject[] = [];
  #plan = "";
  #planCitations: JsonObject[] = [];
  #call: OpenCall | undefined;
  #calls = 0;
  /** A call without arguments, or with broken ones: only what comes next tells whether it was cut. */
  #held: OpenCall | undefined;

  constructor(head: Head, decoding: Decoding) {
    this.#head = head;
    this.#decoding = decoding;
  }

  begin(id: string | undefined, out: ModelEvent[]): void {
    if (this.#begun) return;
    this.#begun = true;
    const { headers, warnings } = this.#head;
    out.push({
      type: "start",
      model: this.#decoding.model,
      ...(id !== undefined && { id }),
      ...(headers && { headers }),
      ...(warnings && warnings.length > 0 && { warnings }),
    });
  }

  say(kind: "text" | "reasoning", piece: string, out: ModelEvent[]): void {
    if (piece === "") return;
    if (this.#kind !== kind) this.#openPart(kind, out);
    this.#text += piece;
    out.push({ type: kind === "text" ? "text-delta" : "reasoning-delta", index: this.#index, text: piece });
  }

  /** What the model means to do with its tools: no text of the answer, kept to be sent back. */
  plan(piece: string, out: ModelEvent[]): void {
    if (piece === "") return;
    this.closePart(out);
    this.#plan += piece;
  }

  cite(citation: JsonObject, out: ModelEvent[]): void {
    const part = citedPart(citation);
    if (part === "plan") this.#planCitations.push(citation);
    else if (part === this.#kind) this.#citations.push(citation);
    else for (const source of sourcesOf(citation)) this.#add(source, out); // of a part that is closed, or never came
  }

  beginCall(wire: JsonObject, out: ModelEvent[]): void {
    this.#closeAll(false, out);
    const called = objectOf(wire["function"]);
    const index = this.#nextIndex++;
    const id = stringOf(wire["id"]) || `call_${this.#calls}`;
    const name = this.#decoding.toolName(stringOf(called?.["name"]) ?? "");
    this.#calls++;
    this.#call = { index, id, name, text: "" };
    this.begin(undefined, out);
    out.push({ type: "tool-call-start", index, id, name });
    this.addArguments(stringOf(called?.["arguments"]) ?? "", out);
  }

  addArguments(text: string, out: ModelEvent[]): void {
    if (text === "" || !this.#call) return;
    this.#call.text += text;
    out.push({ type: "tool-call-delta", index: this.#call.index, text });
  }

  endCall(out: ModelEvent[]): void {
    const call = this.#call;
    this.#call = undefined;
    if (!call) return;
    if (call.text === "" || toolArguments(call.text).invalid) this.#held = call;
    else this.#giveCall(call, out);
  }

  /**
   * @param wire - what holds `finish_reason` and `usage`
   * @throws {ModelError} the error that the answer ended with
   */
  end(wire: JsonObject, out: ModelEvent[]): void {
    const reason = stringOf(wire["finish_reason"]);
    const usage = usageOf(wire["usage"]);
    const billed = objectOf(wire["usage"])?.["billed_units"];
    this.#closeAll(cutting.has(reason ?? ""), out);
    this.begin(undefined, out);
    out.push({ type: "usage", usage });
    if (reason === "ERROR" || reason === "TIMEOUT") throw this.#failure(reason, wire["error"]);

    const ending = finishReasonOf(reason);
    out.push({
      type: "finish",
      finishReason: ending === "stop" && this.#calls > 0 ? "tool-calls" : ending,
      ...(reason !== undefined && { rawFinishReason: reason }),
      usage,
      ...(this.#warnings.length > 0 && { warnings: this.#warnings }),
      ...(billed != null && { providerData: { [owner]: { billed_units: billed } } }),
    });
  }

  closePart(out: ModelEvent[]): void {
    const kind = this.#kind;
    if (!kind) return;
    const text = this.#text;
    const cited = this.#citations;
    this.#kind = undefined;
    this.#citations = [];
    if (kind === "text") {
      const citations = cited.flatMap((citation) => citationsOf(citation, text));
      out.push({
        type: "part",
        index: this.#index,
        part: { type: "text", text, ...(citations.length > 0 && { citations }) },
      });
    } else {
      const owned = cited.length > 0 && { providerData: { [owner]: { citations: cited } } };
      out.push({ type: "part", index: this.#index, part: { type: "reasoning", text, ...owned } });
    }
  }

  #openPart(kind: "text" | "reasoning", out: ModelEvent[]): void {
    this.#closeAll(false, out);
    this.begin(undefined, out);
    this.#kind = kind;
    this.#index = this.#nextIndex++;
    this.#text = "";
  }

  #closeAll(cut: boolean, out: ModelEvent[]): void {
    this.closePart(out);
    if (this.#plan !== "") {
      const told: Record<string, Json> = { tool_plan: this.#plan };
      if (this.#planCitations.length > 0) told["citations"] = this.#planCitations;
      this.#plan = "";
      this.#planCitations = [];
      this.#add({ type: "opaque", kind: "tool_plan", providerData: { [owner]: told } }, out);
    }
    this.endCall(out);
    const held = this.#held;
    this.#held = undefined;
    if (!held) return;
    if (!cut) return this.#giveCall(held, out);
    const message = `A call of the tool \`${held.name}\` was cut off in the middle and is left out.`;
    this.#warnings.push({ code: "dropped", message });
  }

  #giveCall({ index, id, name, text }: OpenCall, out: ModelEvent[]): void {
    out.push({ type: "part", index, part: { type: "tool-call", id, name, ...toolArguments(text) } });
  }

  /** Pushes a part that comes whole; a text that is open goes on beside it. */
  #add(part: AssistantPart, out: ModelEvent[]): void {
    this.begin(undefined, out);
    out.push({ type: "part", index: this.#nextIndex++, part });
  }

  #failure(reason: "ERROR" | "TIMEOUT", error: Json | undefined): ModelError {
    const said = stringOf(error);
    return failureInBand(
      { ...(said !== undefined && { message: said }), ...(reason === "TIMEOUT" && { type: "timeout_error" }) },
      { provider: owner, model: this.#decoding.model, rules: failures },
    );
  }
}
