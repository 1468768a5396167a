import type { Citation, Json, JsonObject, SourcePart } from "@plugboard/core";
import type { LanguageModelV4Citation, LanguageModelV4Source } from "@ai-sdk/provider";
import { objectOf } from "@plugboard/wire";
import { readMetadata, writeMetadata } from "./metadata.ts";

/** A source in their words: a page if it has a URL, else a document. Members that theirs cannot hold, or need, are noted in the metadata. */
export function writeSource(source: SourcePart): LanguageModelV4Source {
  const { id, url, title, mediaType, filename, providerData } = source;
  const exact =
    id !== undefined &&
    (url === undefined
      ? mediaType !== undefined && title !== undefined
      : mediaType === undefined && filename === undefined);
  const { type: _, providerData: __, ...members } = source;
  const providerMetadata = writeMetadata(providerData, exact ? {} : { source: members });
  const owned = providerMetadata && { providerMetadata };
  const base = { type: "source", id: id ?? url ?? filename ?? title ?? "source" } as const;
  if (url !== undefined) return { ...base, sourceType: "url", url, ...(title !== undefined && { title }), ...owned };
  return {
    ...base,
    sourceType: "document",
    mediaType: mediaType ?? "application/octet-stream",
    title: title ?? filename ?? base.id,
    ...(filename !== undefined && { filename }),
    ...owned,
  };
}

/** A source in our words. */
export function readSource(source: LanguageModelV4Source): SourcePart {
  const { owned, kept } = readMetadata(source.providerMetadata);
  const noted = objectOf(kept["source"]);
  if (noted) return { ...(noted as Omit<SourcePart, "type">), type: "source", ...owned };
  const { id, title } = source;
  const named = { type: "source", id, ...(title !== undefined && { title }), ...owned } as const;
  if (source.sourceType === "url") return { ...named, url: source.url };
  const { mediaType, filename } = source;
  return { ...named, mediaType, ...(filename !== undefined && { filename }) };
}

/** Citations in their words. */
export function writeCitations(citations: readonly Citation[]): LanguageModelV4Citation[] {
  return citations.map(({ source, start, end, quote }) => ({
    source: writeSource(source),
    ...(start !== undefined && { startIndex: start }),
    ...(end !== undefined && { endIndex: end }),
    ...(quote !== undefined && { citedText: quote }),
  }));
}

/** Citations in our words. Prompts of theirs have none: there they stand in the metadata, as they were. */
export function readCitations(
  citations: readonly LanguageModelV4Citation[] | undefined,
  kept: JsonObject,
): { readonly citations?: readonly Citation[] } {
  if (isCitations(kept["citations"])) return { citations: kept["citations"] };
  if (!citations) return {};
  return {
    citations: citations.map(({ source, startIndex, endIndex, citedText }) => ({
      source: readSource(source),
      ...(startIndex !== undefined && { start: startIndex }),
      ...(endIndex !== undefined && { end: endIndex }),
      ...(citedText !== undefined && { quote: citedText }),
    })),
  };
}

/** Only what was put there by us is read there. */
function isCitations(value: Json | undefined): value is Json & readonly Citation[] {
  return Array.isArray(value);
}
