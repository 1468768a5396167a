/* oxlint-disable oxc/no-map-spread -- the map is fast-check's, not an array's */
import type {
  AssistantPart,
  FilePart,
  Json,
  JsonObject,
  JsonSchema,
  Message,
  ModelRequest,
  ProviderData,
  Tool,
  ToolMessage,
  ToolResultPart,
} from "@plugboard/core";
import fc from "fast-check";

const text = fc.string({ minLength: 1, unit: "binary" });
const json: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 2 })
  .map((value) => JSON.parse(JSON.stringify(value)) as Json);
const said = text.map((value) => ({ type: "text" as const, text: value }));

// Ids and names of other providers, with characters and lengths that OpenAI refuses.
const id = fc.oneof(fc.constantFrom("call_1", "toolu_2", "", "é", "fc_1|call", "x".repeat(70)), fc.string());
const name = fc.constantFrom("weather", "time.of.day", "a very long name ".repeat(12), "wetter_für_heute", "_");

/** Items as answers of the responses protocol have them. */
const reasoning = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAA" };
const bare = { type: "reasoning", id: "rs_2", summary: [] };
const search = { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "a" } };

function data(...items: readonly JsonObject[]): fc.Arbitrary<{ readonly providerData?: ProviderData }> {
  return fc.constantFrom(
    {},
    { providerData: { anthropic: { signature: "x" } } },
    ...items.map((item) => ({ providerData: { openai: { item } } })),
  );
}

const parts: fc.Arbitrary<readonly AssistantPart[]> = fc.oneof(
  fc
    .tuple(said, data({ type: "message", id: "msg_1", phase: "final_answer" }))
    .map(([part, own]) => [{ ...part, ...own }]),
  fc
    .tuple(text, data(reasoning, bare))
    .map(([thought, own]) => [{ type: "reasoning" as const, text: thought, ...own }]),
  fc
    .tuple(fc.record({ id, name, input: json }), data({ type: "function_call", id: "fc_1" }))
    .map(([call, own]) => [{ type: "tool-call" as const, ...call, ...own }]),
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
  fc.constantFrom<AssistantPart[]>(
    [{ type: "source", url: "https://a.example" }],
    [{ type: "file", mediaType: "image/png", data: new Uint8Array([1]) }],
    [{ type: "opaque", kind: "redacted_thinking", providerData: { anthropic: { data: "x" } } }],
    [
      {
        type: "opaque",
        kind: "compaction",
        providerData: { openai: { item: { type: "compaction", id: "c", encrypted_content: "y" } } },
      },
    ],
  ),
);

const schema: fc.Arbitrary<JsonSchema> = fc
  .dictionary(text, fc.constantFrom<JsonSchema>({ type: "string" }, { type: "number" }))
  .map((properties) => ({ type: "object", properties }));

const tool: fc.Arbitrary<Tool> = fc.oneof(
  fc.record({ name, input: schema, strict: fc.boolean(), description: text }, { requiredKeys: ["name", "input"] }),
  fc.constantFrom<Tool>(
    { type: "provider", id: "openai.custom", name: "free.text" },
    { type: "provider", id: "openai.web_search", options: { search_context_size: "low" } },
    { type: "provider", id: "anthropic.web_search_20260318" },
  ),
);

/** What the contract allows to be asked, with files of some types, after histories of any provider. It ends with words of the user. */
export function anyRequest(mediaTypes: readonly string[]): fc.Arbitrary<ModelRequest> {
  const bytes = fc.uint8Array({ maxLength: 6 });
  const file: fc.Arbitrary<FilePart> = fc.oneof(
    fc.record({ type: fc.constant("file" as const), mediaType: fc.constantFrom(...mediaTypes), data: bytes }),
    fc.webUrl().map((url): FilePart => ({ type: "file", mediaType: "image/*", data: new URL(url) })),
  );
  const output = fc.oneof(
    text,
    fc.array(fc.oneof(said, file, fc.record({ type: fc.constant("json" as const), value: json })), { maxLength: 3 }),
  );
  const result: fc.Arbitrary<ToolResultPart> = fc
    .record({ id, name, output, isError: fc.boolean() })
    .map((given) => ({ type: "tool-result", ...given }));
  const message: fc.Arbitrary<Message> = fc.oneof(
    fc.record({ role: fc.constant("system" as const), content: text }),
    fc.record({
      role: fc.constant("user" as const),
      content: fc.oneof(text, fc.array(fc.oneof(said, file), { maxLength: 3 })),
    }),
    fc.string().map((content) => ({ role: "assistant" as const, content })),
    fc.array(parts, { maxLength: 4 }).map((lists) => ({ role: "assistant" as const, content: lists.flat() })),
    fc.array(result, { maxLength: 3 }).map((content): ToolMessage => ({ role: "tool", content })),
  );
  const settings = fc.record(
    {
      tools: fc.uniqueArray(tool, { maxLength: 3, selector: (given) => ("id" in given ? given.id : given.name) }),
      toolChoice: fc.constantFrom("auto" as const, "none" as const, "required" as const),
      output: fc.oneof(fc.constant({}), fc.record({ schema, name: text })),
      maxOutputTokens: fc.integer({ min: 1, max: 1e6 }),
      temperature: fc.float({ min: 0, max: 5, noNaN: true }),
      topP: fc.float({ min: 0, max: 1, noNaN: true }),
      topK: fc.nat(),
      presencePenalty: fc.float({ min: -2, max: 2, noNaN: true }),
      frequencyPenalty: fc.float({ min: -2, max: 2, noNaN: true }),
      stop: fc.array(text, { maxLength: 6 }),
      seed: fc.integer(),
      reasoning: fc.oneof(
        fc.constantFrom("none" as const, "minimal" as const, "low" as const, "high" as const, "max" as const),
        fc.record({ budgetTokens: fc.nat() }),
      ),
      stream: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  return fc
    .record({ history: fc.array(message, { maxLength: 6 }), pick: fc.array(fc.boolean(), { minLength: 6 }), settings })
    .map(({ history, pick, settings: rest }) => ({
      messages: [...answered(history, pick), { role: "user", content: "And now?" }],
      ...rest,
    }));
}

/** Answers to some of the calls, so that not all of them are orphans. */
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
