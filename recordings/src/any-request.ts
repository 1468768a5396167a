/* oxlint-disable oxc/no-map-spread -- the map is fast-check's, not an array's */
import type {
  AssistantPart,
  FilePart,
  JsonObject,
  Message,
  ModelRequest,
  Tool,
  ToolMessage,
  ToolResultPart,
  UserMessage,
} from "@plugboard/core";
import fc from "fast-check";
import { anyJson, anyObject, anyWords } from "./any-json.ts";

const object = anyObject();

// Ids and names as providers and applications make them, with characters and lengths that others refuse.
const ids = fc.oneof(
  fc.constantFrom("toolu_01A", "call:2", "a.b", "", "é", "fc_1|call", "D681PevKs", "weather_vvavrb8p34fk"),
  fc.string({ maxLength: 70 }),
);
const names = fc.constantFrom(
  "weather",
  "time.of.day",
  "a very long name ".repeat(12),
  "wetter_für_heute",
  "_",
  "9lives",
);

/** Data that providers want handed back. */
const owned = fc.constantFrom(
  {},
  {},
  { providerData: {} },
  { providerData: { anthropic: { signature: "c2ln" } } },
  { providerData: { xai: { item_id: "rs_1" }, google: { thoughtSignature: "c2ln" } } },
);

const bytes = fc.uint8Array({ minLength: 1, maxLength: 8 });
/** Images, which every provider of vision takes. */
const image = fc.oneof(
  fc.record({ mediaType: fc.constantFrom("image/png", "image/jpeg"), data: bytes }),
  fc.record({ mediaType: fc.constant("image/webp"), data: fc.webUrl().map((url) => new URL(url)) }),
);
const imagePart = fc.tuple(image, owned).map(([part, data]) => ({ type: "file" as const, ...part, ...data }));
const textPart = fc.tuple(anyWords, owned).map(([text, data]) => ({ type: "text" as const, text, ...data }));

const citedText = anyWords.map((text) => ({
  type: "text" as const,
  text,
  citations: [{ source: { type: "source" as const, url: "https://a.example" }, start: 0, end: 1 }],
}));

const toolCall = fc
  .record({ id: ids, name: names, input: fc.oneof(object, anyJson) })
  .map((part) => ({ type: "tool-call" as const, ...part }));
const brokenCall = fc
  .record({ id: ids, name: names, input: fc.constantFrom('{"a": ', "not json") })
  .map((part) => ({ type: "tool-call" as const, ...part, raw: part.input, invalid: true as const }));

const assistantParts: fc.Arbitrary<readonly AssistantPart[]> = fc.oneof(
  textPart.map((part) => [part]),
  citedText.map((part) => [part]),
  fc.tuple(anyWords, owned).map(([text, data]) => [{ type: "reasoning" as const, text, ...data }]),
  toolCall.map((part) => [part]),
  brokenCall.map((part) => [part]),
  fc.record({ id: ids, name: names, input: object, output: anyWords }).map(({ output, ...part }) => [
    { type: "tool-call" as const, ...part, executed: true as const },
    { type: "tool-result" as const, id: part.id, name: part.name, output, executed: true as const },
  ]),
  imagePart.map((part) => [part]),
  fc.constantFrom<readonly AssistantPart[]>(
    [{ type: "source", url: "https://a.example" }],
    [{ type: "opaque", kind: "redacted_thinking", providerData: { anthropic: { data: "x" } } }],
    [{ type: "opaque", kind: "tool_plan", providerData: { cohere: { tool_plan: "I will look." } } }],
  ),
);

/** @param file - of a type that is read */
function toolResult(file: fc.Arbitrary<FilePart>): fc.Arbitrary<ToolResultPart> {
  return fc
    .record({
      id: ids,
      name: names,
      output: fc.oneof(
        anyWords,
        fc.array(
          fc.oneof(
            textPart,
            file,
            anyJson.map((value) => ({ type: "json" as const, value })),
          ),
          { maxLength: 3 },
        ),
      ),
      isError: fc.boolean(),
    })
    .map((part) => ({ type: "tool-result", ...part }));
}

function anyMessage(
  file: fc.Arbitrary<FilePart>,
  parts: fc.Arbitrary<readonly AssistantPart[]>,
): fc.Arbitrary<Message> {
  return fc.oneof(
    fc.tuple(anyWords, owned).map(([content, data]) => ({ role: "system" as const, content, ...data })),
    fc
      .tuple(fc.oneof(anyWords, fc.array(fc.oneof(textPart, file), { maxLength: 3 })), owned)
      .map(([content, data]): UserMessage => ({ role: "user", content, ...data })),
    fc
      .tuple(fc.array(parts, { maxLength: 4 }), owned)
      .map(([lists, data]) => ({ role: "assistant" as const, content: lists.flat(), ...data })),
    anyWords.map((content) => ({ role: "assistant" as const, content })),
    fc.tuple(fc.array(toolResult(file), { maxLength: 3 }), fc.boolean()).map(([content, opaque]): ToolMessage => ({
      role: "tool",
      content: opaque ? [...content, { type: "opaque", kind: "note", providerData: { openai: {} } }] : content,
    })),
  );
}

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

const schema = fc.constantFrom<JsonObject>(
  {
    type: "object",
    properties: {
      city: { type: "string", minLength: 1 },
      tags: { type: "array", items: { type: "string" }, maxItems: 3 },
    },
    required: ["city"],
    additionalProperties: false,
  },
  {
    type: "object",
    properties: { n: { anyOf: [{ type: "integer", minimum: 0 }, { type: "null" }] } },
    required: ["n"],
  },
  { type: "object" },
  { type: "object", additionalProperties: { type: "number" } },
  {
    $defs: { node: { type: "object", properties: { next: { $ref: "#/$defs/node" } } } },
    type: "object",
    properties: { root: { $ref: "#/$defs/node" } },
    required: ["root"],
  },
);

const tool: fc.Arbitrary<Tool> = fc.oneof(
  fc
    .record(
      { name: names, description: anyWords, input: schema, strict: fc.boolean() },
      { requiredKeys: ["name", "input"] },
    )
    .map((tool) => tool),
  fc.constantFrom<Tool>({ type: "provider", id: "nobody.search" }, { type: "provider", id: "nobody.run", name: "run" }),
);

/** What a request has besides its messages; tools among them, so that a choice may name one. */
const settings = (tools: fc.Arbitrary<Tool>) =>
  fc
    .record(
      {
        tools: fc.uniqueArray(tools, {
          maxLength: 4,
          selector: (each) => (each.type === "provider" ? (each.name ?? each.id) : each.name),
        }),
        toolChoice: fc.constantFrom("auto" as const, "none" as const, "required" as const, "named" as const),
        output: fc.record(
          {
            schema: fc.oneof(schema, fc.constantFrom({ type: "array", items: { type: "string" } }, {})),
            name: fc.constantFrom("answer", "the weather!"),
            description: anyWords,
          },
          { requiredKeys: [] },
        ),
        maxOutputTokens: fc.integer({ min: 1, max: 40_000 }),
        temperature: fc.double({ min: 0, max: 3, noNaN: true }),
        topP: fc.double({ min: 0, max: 1, noNaN: true }),
        topK: fc.integer({ min: 0, max: 1000 }),
        seed: fc.integer(),
        presencePenalty: fc.double({ min: -2, max: 2, noNaN: true }),
        frequencyPenalty: fc.double({ min: -2, max: 2, noNaN: true }),
        stop: fc.array(fc.constantFrom("END", "\n\n.", "```", "a", "b", "c"), { maxLength: 8 }),
        reasoning: fc.oneof(
          fc.constantFrom(...(["none", "minimal", "low", "medium", "high", "max"] as const)),
          fc.record({ budgetTokens: fc.integer({ min: 0, max: 60_000 }) }),
        ),
        stream: fc.boolean(),
      },
      { requiredKeys: [] },
    )
    .map(({ toolChoice, ...more }) => {
      if (toolChoice !== "named") return { ...more, ...(toolChoice !== undefined && { toolChoice }) };
      const named = more.tools?.find(({ type }) => type !== "provider")?.name;
      return { ...more, ...(named !== undefined && { toolChoice: { name: named } }) };
    });

/** What a provider's own requests have besides those of all. */
export interface RequestKinds {
  /** Files that it reads, in place of images. */
  readonly files?: fc.Arbitrary<FilePart>;
  /** Parts of its own answers. */
  readonly parts?: fc.Arbitrary<readonly AssistantPart[]>;
  readonly tools?: fc.Arbitrary<Tool>;
}

/**
 * Requests that the contract allows, with histories of any provider: foreign ids and names, calls without results and results without
 * calls, broken arguments, empty turns, data and items of others. Every provider must adapt them to what it takes, or drop what it
 * cannot, with a warning.
 */
export function requestsWith({ files = imagePart, parts, tools }: RequestKinds = {}): fc.Arbitrary<ModelRequest> {
  return fc
    .record({
      messages: fc.array(anyMessage(files, parts ? fc.oneof(assistantParts, parts) : assistantParts), { maxLength: 7 }),
      last: fc.constantFrom<Message>(
        { role: "user", content: "And now?" },
        { role: "user", content: [{ type: "text", text: "Go on." }] },
      ),
      pick: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
      rest: settings(tools ? fc.oneof(tool, tools) : tool),
    })
    .map(({ messages, last, pick, rest }) => ({ messages: [...answered(messages, pick), last], ...rest }));
}

/** The same for a provider of whose own nothing need be tried. */
export const anyRequest: fc.Arbitrary<ModelRequest> = requestsWith();
