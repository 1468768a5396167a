import type { Citation, Json, JsonObject, SourcePart } from "@plugboard/core";
import { countOf, listOf, objectOf, stringOf, without } from "@plugboard/wire";
import { owner } from "../account.ts";

/** The part of an answer that a citation belongs to. */
export type CitedPart = "text" | "reasoning" | "plan";

/** Which part a citation is of; text where it does not say. */
export function citedPart(citation: JsonObject): CitedPart {
  if (citation["type"] === "PLAN") return "plan";
  return citation["type"] === "THINKING_CONTENT" ? "reasoning" : "text";
}

/** What a citation says of a text, once for each of its sources: a document, or what a tool gave back. */
export function citationsOf(citation: JsonObject, text: string): Citation[] {
  const { start, end } = placeOf(citation, text);
  return sourcesOf(citation).map((source) =>
    start === undefined || end === undefined ? { source } : { source, start, end },
  );
}

/** The sources of a citation. */
export function sourcesOf(citation: JsonObject): SourcePart[] {
  return listOf(citation["sources"]).flatMap(sourceOf);
}

function sourceOf(value: Json): SourcePart[] {
  const wire = objectOf(value);
  if (!wire) return [];
  const about = objectOf(wire["document"]) ?? objectOf(wire["tool_output"]);
  const id = stringOf(wire["id"]);
  const url = stringOf(about?.["url"]);
  const title = stringOf(about?.["title"]);
  return [
    {
      type: "source",
      ...(id !== undefined && { id }),
      ...(url !== undefined && { url }),
      ...(title !== undefined && { title }),
      providerData: { [owner]: without(wire) },
    },
  ];
}

/** Cohere counts characters; the contract counts UTF-16 units. They differ behind an emoji, and the cited text tells which it is. */
function placeOf(citation: JsonObject, text: string): Pick<Citation, "start" | "end"> {
  const start = countOf(citation["start"]);
  const end = countOf(citation["end"]);
  if (start === undefined || end === undefined) return {};
  if (text.slice(start, end) === citation["text"]) return { start, end };
  const characters = Array.from(text);
  const before = characters.slice(0, start).join("").length;
  return { start: before, end: before + characters.slice(start, end).join("").length };
}
