/* oxlint-disable oxc/no-map-spread -- the map is fast-check's, not an array's */
import type {
  AssistantPart,
  Citation,
  OpaquePart,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from "@plugboard/core";
import { anyObject, anyWords } from "@plugboard/recordings";
import fc from "fast-check";

const citation: fc.Arbitrary<Citation> = fc
  .record({ url: fc.webUrl(), title: anyWords, quote: anyWords })
  .map(({ url, title, quote }) => ({
    source: {
      type: "source",
      url,
      title,
      providerData: {
        anthropic: { type: "web_search_result_location", url, title, cited_text: quote, encrypted_index: "abc" },
      },
    },
    quote,
  }));

/** Text as Anthropic's answers have it. */
export const textPart: fc.Arbitrary<TextPart> = fc.oneof(
  anyWords.map((text): TextPart => ({ type: "text", text })),
  fc
    .record({ text: anyWords, citations: fc.array(citation, { minLength: 1, maxLength: 2 }) })
    .map((part): TextPart => ({ type: "text", ...part })),
);

/** Thoughts that Anthropic signed. */
export const signedReasoning: fc.Arbitrary<ReasoningPart> = fc
  .tuple(anyWords, fc.base64String({ minLength: 4, maxLength: 12 }))
  .map(([text, signature]) => ({ type: "reasoning", text, providerData: { anthropic: { signature } } }));

export const redacted: fc.Arbitrary<OpaquePart> = fc
  .base64String({ minLength: 4, maxLength: 12 })
  .map((data) => ({ type: "opaque", kind: "redacted_thinking", providerData: { anthropic: { data } } }));

/** Ids as Anthropic makes them. */
export const callId: fc.Arbitrary<string> = fc.stringMatching(/^toolu_[a-zA-Z0-9]{4,8}$/);

export const toolName: fc.Arbitrary<string> = fc.constantFrom("weather", "time_of_day", "look-up");

/** A call for the application to run. */
export const toolCall: fc.Arbitrary<ToolCallPart> = fc.oneof(
  fc
    .record({ id: callId, name: toolName, input: anyObject() })
    .map((part): ToolCallPart => ({ type: "tool-call", ...part })),
  fc
    .record({ id: callId, name: toolName, input: fc.constantFrom('{"a": ', "not json", '["') })
    .map((part): ToolCallPart => ({ type: "tool-call", ...part, raw: part.input, invalid: true })),
);

/** A search that Anthropic ran, and its result. */
export const searched: fc.Arbitrary<readonly AssistantPart[]> = fc
  .record({
    id: fc.stringMatching(/^srvtoolu_[a-z0-9]{4}$/),
    query: anyWords,
    alone: fc.boolean(),
    failed: fc.boolean(),
  })
  .map(({ id, query, alone, failed }) => {
    const call: ToolCallPart = {
      type: "tool-call",
      id,
      name: "web_search",
      input: { query },
      executed: true,
      providerData: { anthropic: { type: "server_tool_use" } },
    };
    const found = {
      type: "web_search_result",
      url: "https://a.example",
      title: "A",
      encrypted_content: "x",
      page_age: null,
    };
    const failure = { type: "web_search_tool_result_error", error_code: "unavailable" };
    const result: ToolResultPart = {
      type: "tool-result",
      id,
      name: "web_search",
      output: [{ type: "json", value: failed ? failure : [found] }],
      ...(failed && { isError: true }),
      executed: true,
      providerData: { anthropic: { type: "web_search_tool_result", caller: { type: "direct" } } },
    };
    return alone ? [result] : [call, result];
  });
