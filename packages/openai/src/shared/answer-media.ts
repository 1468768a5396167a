import type { AssistantPart, SourcePart } from "@plugboard/core";
import { fromBase64 } from "@plugboard/wire";

/** A source with a URL; none where there is no URL. */
export function sourceOf(url: unknown, title: unknown): SourcePart[] {
  if (typeof url !== "string" || url === "") return [];
  return [{ type: "source", url, ...(typeof title === "string" && title !== "" && { title }) }];
}

/** What a URL of an image is: its bytes where it holds them. */
export function fileOf(url: string): AssistantPart | undefined {
  const inline = /^data:([^;,]+)(?:;[^;,]+)*;base64,/.exec(url);
  if (inline) return { type: "file", mediaType: inline[1]!, data: fromBase64(url.slice(inline[0].length)) };
  return URL.canParse(url) ? { type: "file", mediaType: "image/*", data: new URL(url) } : undefined;
}

/** The pieces of a file as one. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let place = 0;
  for (const piece of pieces) {
    whole.set(piece, place);
    place += piece.length;
  }
  return whole;
}
