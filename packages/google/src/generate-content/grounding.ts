import type { Citation, Json, JsonObject, SourcePart } from "@plugboard/core";
import { listOf, objectOf, stringOf, without } from "@plugboard/wire";
import { owner } from "./messages.ts";

/** A passage of the answer, and what it rests on. */
interface Passage {
  readonly start: number;
  readonly end: number;
  readonly sources: readonly SourcePart[];
}

/** What an answer rests on, as the metadata beside it tell. */
export interface Grounding {
  /** Each once. */
  readonly sources: readonly SourcePart[];
  /** Where in the whole text: UTF-16 offsets. */
  readonly passages: readonly Passage[];
}

/**
 * Reads the metadata of searches, of pages that were looked at, and of texts that the answer repeats.
 *
 * @param text - all the text of the answer; Google counts its bytes
 */
export function groundingOf(extras: JsonObject, text: string): Grounding {
  const metadata = objectOf(extras["groundingMetadata"]);
  const chunks = listOf(metadata?.["groundingChunks"]).map((chunk) => sourceOf(objectOf(chunk) ?? {}));
  const sources: SourcePart[] = [];
  const passages: Passage[] = [];
  for (const source of chunks) addOnce(sources, source);

  for (const item of listOf(metadata?.["groundingSupports"])) {
    const support = objectOf(item);
    const place = placeOf(objectOf(support?.["segment"]) ?? {}, text);
    const of = listOf(support?.["groundingChunkIndices"]).flatMap((index) => chunks[Number(index)] ?? []);
    if (place && of.length > 0) passages.push({ ...place, sources: of });
  }
  for (const item of listOf(objectOf(extras["citationMetadata"])?.["citations"])) {
    const citation = objectOf(item) ?? {};
    const url = stringOf(citation["uri"]);
    if (url === undefined) continue; // often there is nothing in it
    const source = addOnce(sources, plainSource(url, stringOf(citation["title"]), citation));
    const place = citation["endIndex"] === undefined ? undefined : placeOf(citation, text);
    if (place) passages.push({ ...place, sources: [source] });
  }
  for (const item of listOf(objectOf(extras["urlContextMetadata"])?.["urlMetadata"])) {
    const page = objectOf(item) ?? {};
    const url = stringOf(page["retrievedUrl"]);
    if (url === undefined || page["urlRetrievalStatus"] !== "URL_RETRIEVAL_STATUS_SUCCESS") continue;
    addOnce(sources, plainSource(url, undefined, page));
  }
  return { sources, passages };
}

/** The citations of a piece of the text, with offsets into the piece. */
export function citationsWithin({ passages }: Grounding, from: number, length: number): Citation[] {
  return passages.flatMap(({ start, end, sources }) => {
    if (start < from) return [];
    return sources.map((source) => ({ source, start: start - from, end: Math.min(end - from, length) }));
  });
}

/** Searches that Google ran for the answer. */
export function queriesOf(extras: JsonObject): number {
  return listOf(objectOf(extras["groundingMetadata"])?.["webSearchQueries"]).length;
}

function addOnce(sources: SourcePart[], source: SourcePart): SourcePart {
  const same = sources.find(({ url, title }) => url !== undefined && url === source.url && title === source.title);
  if (!same) sources.push(source);
  return same ?? source;
}

/** A page of the web, a passage of a document, a place on the map or a picture. */
function sourceOf(chunk: JsonObject): SourcePart {
  const [found] = Object.values(chunk).map((value) => objectOf(value));
  const url = stringOf(found?.["uri"]) ?? stringOf(found?.["sourceUri"]);
  return plainSource(url, stringOf(found?.["title"]), chunk);
}

function plainSource(url: string | undefined, title: string | undefined, wire: JsonObject): SourcePart {
  return {
    type: "source",
    ...(url !== undefined && { url }),
    ...(title !== undefined && { title }),
    providerData: { [owner]: without(wire) },
  };
}

/** Where a segment stands in the text. Its own text, where it is told, has the last word. */
function placeOf(segment: JsonObject, text: string): { start: number; end: number } | undefined {
  const start = offsetOf(text, Number(segment["startIndex"] ?? 0));
  const end = offsetOf(text, Number(segment["endIndex"] ?? 0));
  const told: Json | undefined = segment["text"];
  if (typeof told !== "string" || text.slice(start, end) === told) return end > start ? { start, end } : undefined;
  const found = told === "" ? -1 : text.indexOf(told);
  return found < 0 ? undefined : { start: found, end: found + told.length };
}

/** The UTF-16 offset of a count of UTF-8 bytes. */
function offsetOf(text: string, bytes: number): number {
  let offset = 0;
  for (let read = 0; read < bytes && offset < text.length;) {
    const code = text.codePointAt(offset)!;
    read += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    offset += code < 0x10000 ? 1 : 2;
  }
  return offset;
}
