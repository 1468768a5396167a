import type { Json, JsonObject } from "@plugboard/core";
import { isRun } from "./items.ts";

/** A piece of text of a message. */
export interface Piece {
  readonly index: number;
  readonly refusal: boolean;
  text: string;
  annotations: Json[] | undefined;
}

/** An item of the output while it is being said; known by its place, since its id may change before it is done. */
export interface OpenItem {
  readonly kind: "message" | "reasoning" | "call" | "run" | "other";
  /** As it was when it began. */
  readonly item: JsonObject;
  /** Of its part; a message has one for each piece. */
  index: number;
  /** Of a call. */
  readonly id: string;
  /** Arguments or thoughts so far. */
  text: string;
  /** Which paragraph of the thoughts was said last. */
  section: number;
  readonly pieces: Map<number, Piece>;
}

/** Whether nothing of it is told until it is done. */
export function worksInSilence({ kind }: OpenItem): boolean {
  return kind !== "message" && kind !== "call";
}

/** What an item is, by its type on the wire. */
export function kindOf(type: string): OpenItem["kind"] {
  if (type === "message" || type === "reasoning") return type;
  if (type === "function_call" || type === "custom_tool_call") return "call";
  return isRun(type) ? "run" : "other";
}

/** What of a whole text its deltas have not said; nothing where they said something else, since deltas cannot be taken back. */
export function restOf(whole: Json | undefined, said = ""): string {
  if (typeof whole !== "string") return "";
  return whole.startsWith(said) ? whole.slice(said.length) : "";
}
