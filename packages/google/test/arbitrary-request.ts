/* oxlint-disable oxc/no-map-spread -- the map is fast-check's, not an array's */
import type {
  AssistantPart,
  Message,
  ModelRequest,
  Tool,
  ToolMessage,
  ToolResultPart,
  UserMessage,
} from "@plugboard/core";
import fc from "fast-check";
import { argumentsObject, redacted, searched, signedReasoning, textPart, toolCall, words } from "./arbitrary-parts.ts";

const bytes = fc.uint8Array({ minLength: 1, maxLength: 8 });
const cacheMark = { google: { partMetadata: { note: "kept" } } };
const marks = fc.constantFrom({}, {}, {}, { providerData: cacheMark });

const file = fc.oneof(
  fc.record({ mediaType: fc.constantFrom("image/png", "image/jpeg", "application/pdf", "text/csv"), data: bytes }),
  fc.record({
    mediaType: fc.constantFrom("image/webp", "image/*", "application/pdf"),
    data: fc.webUrl().map((url) => new URL(url)),
  }),
);

const userPart = fc.oneof(
  fc.tuple(words, marks).map(([text, mark]) => ({ type: "text" as const, text, ...mark })),
  fc.tuple(file, marks).map(([part, mark]) => ({ type: "file" as const, ...part, ...mark })),
);

// Ids and names of other providers, with characters and lengths that Anthropic refuses.
const anyId = fc.oneof(fc.constantFrom("toolu_1", "call:2", "a.b", "", "é", "fc_1|call"), fc.string({ maxLength: 70 }));
const anyName = fc.constantFrom("weather", "time.of.day", "a very long name ".repeat(12), "wetter_für_heute", "_");

const foreignParts: fc.Arbitrary<readonly AssistantPart[]> = fc.oneof(
  fc
    .tuple(words, fc.constantFrom({}, { providerData: { openai: { encrypted: "x" } } }))
    .map(([text, data]) => [{ type: "reasoning" as const, text, ...data }]),
  fc
    .record({ id: anyId, name: anyName, input: argumentsObject })
    .map((part) => [{ type: "tool-call" as const, ...part }]),
  fc.record({ id: anyId, name: anyName }).map((part) => [{ type: "tool-call" as const, ...part, input: ["a list"] }]),
  fc.record({ id: anyId, name: anyName, input: argumentsObject, output: words }).map(({ output, ...part }) => [
    { type: "tool-call" as const, ...part, executed: true as const },
    { type: "tool-result" as const, id: part.id, name: part.name, output, executed: true as const },
  ]),
  fc.constant([{ type: "source" as const, url: "https://a.example" }]),
  fc.constant([{ type: "file" as const, mediaType: "image/png", data: new Uint8Array([1]) }]),
  fc.constant([{ type: "opaque" as const, kind: "web_search_call", providerData: { openai: { id: "ws_1" } } }]),
);

const ownParts: fc.Arbitrary<readonly AssistantPart[]> = fc.oneof(
  textPart.map((part) => [part]),
  signedReasoning.map((part) => [part]),
  redacted.map((part) => [part]),
  toolCall.map((part) => [part]),
  searched,
);

const result: fc.Arbitrary<ToolResultPart> = fc
  .record({
    id: anyId,
    name: anyName,
    output: fc.oneof(
      words,
      fc.array(
        fc.oneof(
          words.map((text) => ({ type: "text" as const, text })),
          argumentsObject.map((value) => ({ type: "json" as const, value })),
          file.map((part) => ({ type: "file" as const, ...part })),
        ),
        { maxLength: 3 },
      ),
    ),
    isError: fc.boolean(),
  })
  .map((part) => ({ type: "tool-result", ...part }));

const message: fc.Arbitrary<Message> = fc.oneof(
  fc.tuple(words, marks).map(([content, mark]) => ({ role: "system" as const, content, ...mark })),
  fc
    .tuple(fc.oneof(words, fc.array(userPart, { maxLength: 3 })), marks)
    .map(([content, mark]): UserMessage => ({ role: "user", content, ...mark })),
  fc
    .tuple(fc.array(fc.oneof(ownParts, foreignParts), { maxLength: 4 }), marks)
    .map(([parts, mark]) => ({ role: "assistant" as const, content: parts.flat(), ...mark })),
  words.map((content) => ({ role: "assistant" as const, content })),
  fc.array(result, { maxLength: 3 }).map((content): ToolMessage => ({ role: "tool", content })),
);

/** Answers to some of the calls before, so that not all of them are orphans. */
function answered(messages: readonly Message[], pick: readonly boolean[]): Message[] {
  return messages.flatMap((message, place): Message[] => {
    if (message.role !== "assistant" || typeof message.content === "string" || !pick[place]) return [message];
    const content = message.content.flatMap((part): ToolResultPart[] =>
      part.type === "tool-call" && !part.executed
        ? [{ type: "tool-result", id: part.id, name: part.name, output: "done" }]
        : [],
    );
    return content.length > 0 ? [message, { role: "tool", content }] : [message];
  });
}

const schema = fc.constantFrom(
  {
    type: "object",
    properties: { city: { type: "string", minLength: 1 } },
    required: ["city"],
    additionalProperties: false,
  },
  { type: "object", properties: { n: { type: "integer", minimum: 0 } } },
  { type: "object" },
  { type: "object", additionalProperties: { type: "number" } },
  {
    $defs: { node: { type: "object", properties: { next: { $ref: "#/$defs/node" } } } },
    type: "object",
    properties: { root: { $ref: "#/$defs/node" } },
  },
);

const tool: fc.Arbitrary<Tool> = fc.oneof(
  fc
    .record(
      {
        name: anyName,
        description: words,
        input: schema,
        strict: fc.boolean(),
        providerData: fc.constant({ anthropic: { cacheControl: {} } }),
      },
      { requiredKeys: ["name", "input"] },
    )
    .map((tool) => tool),
  fc.constantFrom<Tool>(
    { type: "provider", id: "google.google_search" },
    { type: "provider", id: "google.code_execution", name: "python" },
    { type: "provider", id: "google.file_search", options: { fileSearchStoreNames: ["fileSearchStores/a"] } },
    { type: "provider", id: "openai.web_search" },
  ),
);

const outputSchema = fc.oneof(schema, fc.constantFrom({ type: "array", items: { type: "string" } }, {}));

/** Requests that the contract allows, with histories of any provider. */
export const anyRequest: fc.Arbitrary<ModelRequest> = fc
  .record({
    messages: fc.array(message, { maxLength: 7 }),
    last: fc.constantFrom<Message>(
      { role: "user", content: "And now?" },
      { role: "user", content: [{ type: "text", text: "Go on." }] },
    ),
    pick: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
    rest: fc.record(
      {
        tools: fc.uniqueArray(tool, {
          maxLength: 4,
          selector: (tool) => (tool.type === "provider" ? tool.id : tool.name),
        }),
        toolChoice: fc.constantFrom("auto" as const, "none" as const, "required" as const),
        output: fc.record(
          { schema: outputSchema, name: fc.constantFrom("answer", "weather"), description: words },
          { requiredKeys: [] },
        ),
        maxOutputTokens: fc.integer({ min: 1, max: 40_000 }),
        temperature: fc.double({ min: 0, max: 2, noNaN: true }),
        topP: fc.double({ min: 0, max: 1, noNaN: true }),
        topK: fc.integer({ min: 0, max: 100 }),
        seed: fc.integer(),
        presencePenalty: fc.double({ min: -2, max: 2, noNaN: true }),
        stop: fc.array(fc.constantFrom("END", "\n\n.", "```"), { maxLength: 3 }),
        reasoning: fc.oneof(
          fc.constantFrom(
            "none" as const,
            "minimal" as const,
            "low" as const,
            "medium" as const,
            "high" as const,
            "max" as const,
          ),
          fc.record({ budgetTokens: fc.integer({ min: 0, max: 60_000 }) }),
        ),
        providerOptions: fc.constantFrom(
          { google: { cachedContent: "cachedContents/a" } },
          { google: { generationConfig: { responseModalities: ["TEXT", "IMAGE"] } } },
          { openai: { user: "u" } },
        ),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ messages, last, pick, rest }) => ({ messages: [...answered(messages, pick), last], ...rest }));

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
