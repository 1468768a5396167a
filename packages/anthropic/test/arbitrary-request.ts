/* oxlint-disable oxc/no-map-spread -- the map is fast-check's, not an array's */
import type { FilePart, Message, ModelRequest, Owned, ProviderData, Tool } from "@plugboard/core";
import { requestsWith } from "@plugboard/recordings";
import fc from "fast-check";
import { redacted, searched, signedReasoning, textPart, toolCall } from "./arbitrary-parts.ts";

const bytes = fc.uint8Array({ minLength: 1, maxLength: 8 });
const files: fc.Arbitrary<FilePart> = fc
  .oneof(
    fc.record({ mediaType: fc.constantFrom("image/png", "image/jpeg", "application/pdf", "text/csv"), data: bytes }),
    fc.record({
      mediaType: fc.constantFrom("image/webp", "image/*", "application/pdf"),
      data: fc.webUrl().map((url) => new URL(url)),
    }),
  )
  .map((part) => ({ type: "file", ...part }));

const mark: ProviderData = { anthropic: { cacheControl: { type: "ephemeral" } } };

const tools = fc.constantFrom<Tool>(
  { name: "marked", input: { type: "object" }, providerData: mark },
  { type: "provider", id: "anthropic.web_search_20260318", options: { max_uses: 2 } },
  { type: "provider", id: "anthropic.text_editor_20250728", name: "editor" },
  { type: "provider", id: "anthropic.computer_toolset_20260801" },
);

const requests = requestsWith({
  files,
  tools,
  parts: fc.oneof(
    fc.oneof(textPart, signedReasoning, redacted, toolCall).map((part) => [part]),
    searched,
    // Of Claude by Converse.
    fc.constantFrom(
      [{ type: "opaque" as const, kind: "redactedContent", providerData: { bedrock: { value: "eA==" } } }],
      [{ type: "reasoning" as const, text: "Hm", providerData: { bedrock: { signature: "c2ln" } } }],
      [{ type: "text" as const, text: "Hm", providerData: { bedrock: { cachePoint: { ttl: "1h" } } } }],
    ),
  ),
});

/** A signature is of thoughts; what stands elsewhere in Anthropic's name is a mark to cache. */
function marked<Item extends Owned>(item: Item): Item {
  return item.providerData?.["anthropic"]?.["signature"] === undefined ? item : { ...item, providerData: mark };
}

function markedMessage(message: Message): Message {
  if (typeof message.content === "string") return marked(message);
  const content = message.content.map((part) => {
    if (part.type === "reasoning" || part.type === "opaque") return part;
    if (part.type !== "tool-result" || typeof part.output === "string") return marked(part);
    return { ...part, output: part.output.map((item) => (item.type === "json" ? item : marked(item))) };
  });
  return marked({ ...message, content } as Message);
}

/** Requests that the contract allows, with histories of any provider, and what Anthropic has of its own. */
export const anyRequest: fc.Arbitrary<ModelRequest> = fc
  .record({
    request: requests,
    providerOptions: fc.constantFrom(
      undefined,
      { anthropic: { metadata: { user_id: "u" } } },
      { anthropic: { service_tier: "auto" } },
      { openai: { user: "u" } },
    ),
  })
  .map(({ request, providerOptions }) => ({
    ...request,
    messages: request.messages.map(markedMessage),
    ...(providerOptions && { providerOptions }),
  }));

export const anyModel: fc.Arbitrary<string> = fc.constantFrom(
  "claude-3-haiku-20240307",
  "claude-3-5-sonnet-20241022",
  "claude-3-7-sonnet-20250219",
  "claude-opus-4-20250514",
  "claude-opus-4-1",
  "claude-sonnet-4-5",
  "claude-opus-4-6",
  "claude-opus-4-7",
  "claude-opus-4-8",
  "claude-sonnet-5",
  "claude-fable-5",
  "claude-haiku-5-5",
  "some-other-model",
);
