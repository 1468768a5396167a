/* oxlint-disable oxc/no-map-spread -- the map is fast-check's, not an array's */
import type { FilePart, ModelRequest, Tool } from "@plugboard/core";
import { requestsWith } from "@plugboard/recordings";
import fc from "fast-check";
import { redacted, searched, signedReasoning, textPart, toolCall } from "./arbitrary-parts.ts";

const bytes = fc.uint8Array({ minLength: 1, maxLength: 8 });
const kept = { google: { partMetadata: { note: "kept" } } };
const files: fc.Arbitrary<FilePart> = fc
  .oneof(
    fc.record({ mediaType: fc.constantFrom("image/png", "audio/wav", "application/pdf", "text/csv"), data: bytes }),
    fc.record({
      mediaType: fc.constantFrom("image/webp", "image/*", "application/pdf"),
      data: fc.webUrl().map((url) => new URL(url)),
      providerData: fc.constant(kept),
    }),
  )
  .map((part) => ({ type: "file", ...part }));

const tools = fc.constantFrom<Tool>(
  { name: "marked", input: { type: "object" }, providerData: { anthropic: { cacheControl: {} } } },
  { type: "provider", id: "google.google_search" },
  { type: "provider", id: "google.code_execution", name: "python" },
  { type: "provider", id: "google.file_search", options: { fileSearchStoreNames: ["fileSearchStores/a"] } },
);

/** Requests that the contract allows, with histories of any provider, and what Google has of its own. */
export const anyRequest: fc.Arbitrary<ModelRequest> = fc
  .record({
    request: requestsWith({
      files,
      tools,
      parts: fc.oneof(
        fc.oneof(textPart, signedReasoning, redacted, toolCall).map((part) => [part]),
        searched,
      ),
    }),
    providerOptions: fc.constantFrom(
      undefined,
      { google: { cachedContent: "cachedContents/a" } },
      { google: { generationConfig: { responseModalities: ["TEXT", "IMAGE"] } } },
      { openai: { user: "u" } },
    ),
  })
  .map(({ request, providerOptions }) => ({ ...request, ...(providerOptions && { providerOptions }) }));

export const anyModel: fc.Arbitrary<string> = fc.constantFrom(
  "gemma-3-27b-it",
  "gemini-1.5-pro-002",
  "gemini-2.0-flash",
  "gemini-2.5-flash",
  "gemini-2.5-flash-image",
  "gemini-2.5-flash-lite",
  "gemini-2.5-pro",
  "gemini-3-pro-preview",
  "gemini-3-pro-image-preview",
  "gemini-3.1-flash-image",
  "gemini-3.1-pro-preview",
  "gemini-3.5-flash",
  "endpoints/123",
);
