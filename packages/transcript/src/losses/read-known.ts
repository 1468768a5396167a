import { ModelError } from "@plugboard/core";
import type { Json } from "@plugboard/core";
import type { Loss, ReadConversation } from "../format.ts";
import { pathIn, pathText, valueAt, withoutPath } from "./json-path.ts";
import type { JsonPath } from "./json-path.ts";

/** How a value is read, and which of its pieces may be left out. */
export interface KnownReader {
  readonly title: string;
  /** What a value that is a list by itself is called. */
  readonly list: string | undefined;
  readonly read: (json: Json) => ReadConversation | Promise<ReadConversation>;
  /** Whether a piece that was refused is of a kind that its format did not have yet, and is not a broken one. */
  readonly isUnknown: (piece: Json, refused: string | number) => boolean;
}

/**
 * Reads what can be read of a value: a piece of a kind that nobody here knows yet is left out and told, so that it costs itself alone and
 * not the conversation. What is broken is refused as ever.
 *
 * @throws {ModelError} `invalid-request` that names the field
 */
export async function readKnown(json: Json, { title, list, read, isUnknown }: KnownReader): Promise<ReadConversation> {
  const left: { readonly path: JsonPath; readonly kind: string }[] = [];
  let rest = json;
  for (;;) {
    try {
      const { conversation, losses } = await read(rest);
      return { conversation, losses: [...left.map(({ path, kind }) => lossOf(path, kind)), ...losses] };
    } catch (error) {
      const path = error instanceof ModelError ? pieceRefused(rest, error.message) : undefined;
      if (!path) throw error;
      left.push({ path: placeBefore(path, left), kind: kindOf(valueAt(rest, path)) });
      rest = withoutPath(rest, path);
    }
  }

  /** The item of a list that is refused for its kind. */
  function pieceRefused(value: Json, message: string): JsonPath | undefined {
    const [, field = ""] = /`([^`]+)`/.exec(message) ?? [];
    const refused = pathIn(value, field);
    if (!refused) return undefined;
    const depth = refused.findLastIndex((name) => typeof name === "number");
    const path = refused.slice(0, depth + 1);
    const piece = valueAt(value, path);
    if (depth < 0 || piece === undefined) return undefined;
    return isUnknown(piece, refused[depth + 1] ?? "") ? path : undefined;
  }

  function lossOf(path: JsonPath, kind: string): Loss {
    return { path: pathText(path, list), what: kind, why: `${title} had no such thing when its reader was written.` };
  }
}

function kindOf(piece: Json | undefined): string {
  const told = valueAt(piece, ["type"]);
  if (typeof told === "string") return told;
  const [name] = typeof piece === "object" && piece !== null ? Object.keys(piece) : [];
  return name ?? "piece";
}

/** Where it stood before those were taken away that stood before it in its list. */
function placeBefore(path: JsonPath, left: readonly { readonly path: JsonPath }[]): JsonPath {
  const before = [...path];
  for (let depth = 0; depth < before.length; depth++) {
    if (typeof before[depth] !== "number") continue;
    const removed = left
      .filter(
        (each) => each.path.length === depth + 1 && each.path.slice(0, depth).every((name, at) => name === before[at]),
      )
      .map((each) => each.path[depth] as number)
      .toSorted((a, b) => a - b);
    for (const place of removed) if (place <= (before[depth] as number)) before[depth] = (before[depth] as number) + 1;
  }
  return before;
}
