import type { AssistantPart, FilePart, JsonObject, ModelRequest, ProviderData, Tool } from "@plugboard/core";
import { requestsWith } from "@plugboard/recordings";
import fc from "fast-check";

const text = fc.string({ minLength: 1, unit: "binary" });

// Ids and names of other providers, with characters and lengths that OpenAI refuses.
const id = fc.oneof(fc.constantFrom("call_1", "toolu_2", "", "é", "fc_1|call", "x".repeat(70)), fc.string());
const name = fc.constantFrom("weather", "time.of.day", "a very long name ".repeat(12), "wetter_für_heute", "_");

/** Items as answers of the responses protocol have them. */
const reasoning = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAA" };
const bare = { type: "reasoning", id: "rs_2", summary: [] };
const search = { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "a" } };
const compaction = { type: "compaction", id: "c", encrypted_content: "y" };

function data(...items: readonly JsonObject[]): fc.Arbitrary<{ readonly providerData?: ProviderData }> {
  return fc.constantFrom({}, ...items.map((item) => ({ providerData: { openai: { item } } })));
}

/** Parts as OpenAI's answers have them. */
const parts: fc.Arbitrary<readonly AssistantPart[]> = fc.oneof(
  fc
    .tuple(text, data({ type: "message", id: "msg_1", phase: "final_answer" }))
    .map(([said, own]) => [{ type: "text" as const, text: said, ...own }]),
  fc
    .tuple(text, data(reasoning, bare))
    .map(([thought, own]) => [{ type: "reasoning" as const, text: thought, ...own }]),
  fc
    .tuple(fc.record({ id, name }), data({ type: "function_call", id: "fc_1" }))
    .map(([call, own]) => [{ type: "tool-call" as const, ...call, input: {}, ...own }]),
  fc.record({ id, name, input: text }).map((call) => [
    {
      type: "tool-call" as const,
      ...call,
      providerData: { openai: { type: "custom", item: { type: "custom_tool_call", id: "ctc_1" } } },
    },
  ]),
  fc.tuple(fc.record({ id, name }), text, data(search)).map(([call, output, own]) => [
    { type: "tool-call" as const, ...call, input: {}, executed: true as const, ...own },
    { type: "tool-result" as const, ...call, output, executed: true as const },
  ]),
  fc.constant<AssistantPart[]>([
    { type: "opaque", kind: "compaction", providerData: { openai: { item: compaction } } },
  ]),
);

const tools: fc.Arbitrary<Tool> = fc.constantFrom<Tool>(
  { type: "provider", id: "openai.custom", name: "free.text" },
  { type: "provider", id: "openai.web_search", options: { search_context_size: "low" } },
  { type: "provider", id: "anthropic.web_search_20260318" },
);

/** What the contract allows to be asked, with files of some types, after histories of any provider, OpenAI's among them. */
export function openaiRequests(mediaTypes: readonly string[]): fc.Arbitrary<ModelRequest> {
  const bytes = fc.uint8Array({ maxLength: 6 });
  const files: fc.Arbitrary<FilePart> = fc.oneof(
    fc.record({ type: fc.constant("file" as const), mediaType: fc.constantFrom(...mediaTypes), data: bytes }),
    fc.webUrl().map((url): FilePart => ({ type: "file", mediaType: "image/*", data: new URL(url) })),
  );
  return requestsWith({ files, parts, tools });
}
