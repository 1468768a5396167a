import type { Json, ModelEvent, ToolCallPart } from "@plugboard/core";
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
export interface ToolCalls {
  readonly count: number;
  /** @param nextIndex - the index that a new part would have */
  take(piece: WireToolCall, nextIndex: number, out: ModelEvent[]): void;
  /** Pushes every call as a part. */
  close(out: ModelEvent[]): void;
}

export function gatherToolCalls({ provider, nameOf, idAt }: ToolCallsOptions): ToolCalls {
  const calls: OpenCall[] = [];

  /**
   * The call that a piece belongs to. Some servers send no index, some the index 0 for every call, some repeat id and name on every
   * piece, some leave them empty: a piece begins a new call when it names one that differs.
   */
  function callOf(piece: WireToolCall, name: string): OpenCall | undefined {
    const { index: key, id } = piece;
    for (let place = calls.length - 1; place >= 0; place--) {
      const call = calls[place]!;
      if (typeof key === "number" ? call.key !== key : id && call.id !== id) continue;
      if (id && call.id !== "" && call.id !== id && name !== "") return undefined;
      if (typeof key !== "number" && !id && name !== "" && call.name !== "") return undefined;
      return call;
    }
    return undefined;
  }

  function take(piece: WireToolCall, nextIndex: number, out: ModelEvent[]): void {
    // Snowflake sends an empty `custom` beside every function.
    const custom = piece.custom && (piece.custom.name || !piece.function) ? piece.custom : undefined;
    const said = custom ?? piece.function;
    const name = typeof said?.name === "string" ? said.name : "";
    let call = callOf(piece, name);
    if (!call) {
      call = {
        key: piece.index,
        index: nextIndex,
        id: "",
        name: "",
        raw: "",
        started: false,
        custom: false,
        extra: undefined,
      };
      calls.push(call);
    }
    if (call.id === "" && typeof piece.id === "string") call.id = piece.id;
    if (call.name === "") call.name = name;
    if (custom) call.custom = true;
    if (piece.extra_content) call.extra = piece.extra_content as Json;
    const text = argumentsOf(custom ? custom.input : piece.function?.arguments);

    if (!call.started && call.name !== "") {
      start(call, out);
      if (call.raw !== "") out.push({ type: "tool-call-delta", index: call.index, text: call.raw });
    }
    call.raw += text;
    if (text !== "" && call.started) out.push({ type: "tool-call-delta", index: call.index, text });
  }

  function start(call: OpenCall, out: ModelEvent[]): void {
    call.started = true;
    if (call.id === "") call.id = idAt(calls.indexOf(call));
    out.push({ type: "tool-call-start", index: call.index, id: call.id, name: nameOf(call.name) });
  }

  function close(out: ModelEvent[]): void {
    for (const call of calls) {
      if (!call.started) {
        start(call, out);
        if (call.raw !== "") out.push({ type: "tool-call-delta", index: call.index, text: call.raw });
      }
      out.push({ type: "part", index: call.index, part: partOf(call) });
    }
    calls.length = 0;
  }

  function partOf(call: OpenCall): ToolCallPart {
    const { id, raw } = call;
    const name = nameOf(call.name);
    if (call.custom)
      return { type: "tool-call", id, name, input: raw, providerData: { [provider]: { type: "custom" } } };
    const owned = call.extra !== undefined && { providerData: { [provider]: { extra_content: call.extra } } };
    return { type: "tool-call", id, name, ...toolArguments(raw), ...owned };
  }

  return {
    get count() {
      return calls.length;
    },
    take,
    close,
  };
}

/** Text as it is; a server that parsed the arguments already gets them written again. */
function argumentsOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}
