import type { Json } from "@plugboard/core";
import type { Loss, ReadConversation } from "../format.ts";
import { pathText } from "./json-path.ts";
import { untold, watched } from "./watched.ts";

/** Reads a value, and tells all of it that the reader has not asked for: for readers that ask for all that they take. */
export function readWatched(json: Json, read: (json: Json) => ReadConversation): ReadConversation {
  const { json: view, unread } = watched(json);
  const { conversation, losses } = read(view);
  const marks = untold(unread(), losses).map((path): Loss => ({
    path: pathText(path),
    what: String(path.at(-1)),
    why: "A conversation has no place for it.",
  }));
  return { conversation, losses: [...losses, ...marks] };
}
