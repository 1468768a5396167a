import type { Json, ModelEvent, ToolCallPart } from "@plugboard/core";
import { grown } from "@plugboard/core";
import { toolArguments } from "@plugboard/wire";
import type { WireToolCall } from "./chunk.ts";

interface OpenCall {
  /** The `index` on the wire, where there is one. */
  readonly key: unknown;
  /** Of the part. */
  readonly index: number;
  id: string;
  name: string;
  raw: string;
  started: boolean;
  custom: boolean;
  extra: Json | undefined;
}

export interface ToolCallsOptions {
  /** Whose `providerData` is written. */
  readonly provider: string;
  /** The name as the application knows it. */
  readonly nameOf: (wire: string) => string;
  /** An id for the call at a place, where the server gives none. */
  readonly idAt: (place: number) => string;
}

/** Gathers the tool calls of one answer, in all the forms in which servers send them. */
export class ToolCallParts {
  readonly #options: ToolCallsOptions;
  #calls: OpenCall[] = [];

  constructor(options: ToolCallsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#calls.length;
  }

  /** @param nextIndex - the index that a new part would have */
  take(piece: WireToolCall, nextIndex: number, out: ModelEvent[]): void {
    // Snowflake sends an empty `custom` beside every function.
    const custom = piece.custom && (piece.custom.name || !piece.function) ? piece.custom : undefined;
    const said = custom ?? piece.function;
    const name = typeof said?.name === "string" ? said.name : "";
    const call = this.#callOf(piece, name) ?? this.#begin(piece.index, nextIndex);
    if (call.id === "" && typeof piece.id === "string") call.id = piece.id;
    if (call.name === "") call.name = name;
    if (custom) call.custom = true;
    if (piece.extra_content) call.extra = piece.extra_content as Json;
    const text = argumentsOf(custom ? custom.input : piece.function?.arguments);

    if (!call.started && call.name !== "") this.#start(call, out);
    call.raw = grown(call.raw, text);
    if (text !== "" && call.started) out.push({ type: "tool-call-delta", index: call.index, text });
  }

  /** Pushes every call as a part. */
  close(out: ModelEvent[]): void {
    for (const call of this.#calls) {
      if (!call.started) this.#start(call, out);
      out.push({ type: "part", index: call.index, part: this.#partOf(call) });
    }
    this.#calls = [];
  }

  /**
   * The call that a piece belongs to. Some servers send no index, some the index 0 for every call, some repeat id and name on every
   * piece, some leave them empty: a piece begins a new call when it names one that differs.
   */
  #callOf({ index: key, id }: WireToolCall, name: string): OpenCall | undefined {
    for (let place = this.#calls.length - 1; place >= 0; place--) {
      const call = this.#calls[place]!;
      if (typeof key === "number" ? call.key !== key : id && call.id !== id) continue;
      if (id && call.id !== "" && call.id !== id && name !== "") return undefined;
      if (typeof key !== "number" && !id && name !== "" && call.name !== "") return undefined;
      return call;
    }
    return undefined;
  }

  #begin(key: unknown, index: number): OpenCall {
    const call = { key, index, id: "", name: "", raw: "", started: false, custom: false, extra: undefined };
    this.#calls.push(call);
    return call;
  }

  /** Says that it begins, and the arguments that came before its name did. */
  #start(call: OpenCall, out: ModelEvent[]): void {
    const { idAt, nameOf } = this.#options;
    call.started = true;
    if (call.id === "") call.id = idAt(this.#calls.indexOf(call));
    out.push({ type: "tool-call-start", index: call.index, id: call.id, name: nameOf(call.name) });
    if (call.raw !== "") out.push({ type: "tool-call-delta", index: call.index, text: call.raw });
  }

  #partOf({ id, name: wire, raw, custom, extra }: OpenCall): ToolCallPart {
    const { provider, nameOf } = this.#options;
    const name = nameOf(wire);
    if (custom) return { type: "tool-call", id, name, input: raw, providerData: { [provider]: { type: "custom" } } };
    const owned = extra !== undefined && { providerData: { [provider]: { extra_content: extra } } };
    return { type: "tool-call", id, name, ...toolArguments(raw), ...owned };
  }
}

/** Text as it is; a server that parsed the arguments already gets them written again. */
function argumentsOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}
