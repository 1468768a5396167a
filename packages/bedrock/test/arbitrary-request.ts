/* oxlint-disable oxc/no-map-spread -- the map is fast-check's, not an array's */
import type { AssistantPart, Json, Message, ModelRequest, Tool, ToolMessage, ToolResultPart } from "@plugboard/core";
import fc from "fast-check";

const words = fc.constantFrom("Hello", " with a blank at the end ", "", "  \n", "Grüezi 👋", "{}");
const bytes = fc.uint8Array({ minLength: 1, maxLength: 8 });
const marks = fc.constantFrom(
  {},
  {},
  {},
  { providerData: { bedrock: { cachePoint: {} } } },
  { providerData: { bedrock: { cachePoint: { ttl: "1h" } } } },
  { providerData: { anthropic: { cacheControl: { type: "ephemeral" } } } },
);
const json: fc.Arbitrary<Json> = fc.constantFrom<Json>({ city: "Bern" }, {}, ["a list"], "a text", 7, null);

const file = fc.oneof(
  fc.record({
    mediaType: fc.constantFrom("image/png", "IMAGE/JPEG", "video/mp4", "image/webp"),
    data: fc.oneof(bytes, fc.constant(new URL("s3://a-bucket/a/key.png"))),
  }),
  fc.record(
    {
      mediaType: fc.constantFrom("application/pdf", "text/csv; charset=utf-8", "text/markdown"),
      data: bytes,
      filename: fc.constantFrom("report.pdf", "Ünü  söal_name (1).v2.csv", "..", "x".repeat(300), "report.md"),
    },
    { requiredKeys: ["mediaType", "data"] },
  ),
);

const userPart = fc.oneof(
  fc.tuple(words, marks).map(([text, mark]) => ({ type: "text" as const, text, ...mark })),
  words.map((text) => ({
    type: "text" as const,
    text,
    providerData: { bedrock: { guardContent: { qualifiers: ["query"] } } },
  })),
  fc.tuple(file, marks).map(([part, mark]) => ({ type: "file" as const, ...part, ...mark })),
);

// Ids and names of other providers, with characters and lengths that Bedrock refuses.
const anyId = fc.oneof(
  fc.constantFrom("tooluse_1", "call|2", "a b", "", "é", "x".repeat(80), `${"x".repeat(80)}y`),
  fc.string({ maxLength: 70 }),
);
const anyName = fc.constantFrom("weather", "time.of.day", "a very long name ".repeat(6), "wetter_für_heute", "_");

const parts: fc.Arbitrary<readonly AssistantPart[]> = fc.oneof(
  fc.tuple(words, marks).map(([text, mark]) => [{ type: "text" as const, text, ...mark }]),
  words.map((text) => [
    {
      type: "text" as const,
      text,
      citations: [{ source: { type: "source" as const, providerData: { bedrock: { title: "A page" } } } }],
    },
  ]),
  fc
    .tuple(
      words,
      fc.constantFrom(
        {},
        { providerData: { openai: { encrypted: "x" } } },
        { providerData: { bedrock: { signature: "abc" } } },
        { providerData: { anthropic: { signature: "abc" } } },
      ),
    )
    .map(([text, data]) => [{ type: "reasoning" as const, text, ...data }]),
  fc.constantFrom<readonly AssistantPart[]>(
    [{ type: "opaque", kind: "redactedContent", providerData: { bedrock: { value: "YWJj" } } }],
    [{ type: "opaque", kind: "redacted_thinking", providerData: { anthropic: { data: "abc" } } }],
    [{ type: "opaque", kind: "web_search_call", providerData: { openai: { id: "ws_1" } } }],
    [{ type: "source", url: "https://a.example" }],
    [{ type: "file", mediaType: "image/png", data: new Uint8Array([1]) }],
    [
      {
        type: "tool-call",
        id: "s1",
        name: "nova_code_interpreter",
        input: { snippet: "1" },
        executed: true,
        providerData: { bedrock: { type: "server_tool_use" } },
      },
      {
        type: "tool-result",
        id: "s1",
        name: "nova_code_interpreter",
        output: [{ type: "json", value: { stdOut: "1" } }],
        executed: true,
        providerData: { bedrock: { type: "nova_code_interpreter_result", status: "success" } },
      },
    ],
  ),
  fc.record({ id: anyId, name: anyName, input: json }).map((part) => [{ type: "tool-call" as const, ...part }]),
  fc
    .record({ id: anyId, name: anyName })
    .map((part) => [{ type: "tool-call" as const, ...part, input: "{oops", invalid: true as const }]),
  fc.record({ id: anyId, name: anyName, input: json, output: words }).map(({ output, ...part }) => [
    { type: "tool-call" as const, ...part, executed: true as const },
    { type: "tool-result" as const, id: part.id, name: part.name, output, executed: true as const },
  ]),
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
          json.map((value) => ({ type: "json" as const, value })),
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
    .map(([content, mark]) => ({ role: "user" as const, content, ...mark })),
  fc
    .tuple(fc.array(parts, { maxLength: 4 }), marks)
    .map(([content, mark]) => ({ role: "assistant" as const, content: content.flat(), ...mark })),
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
  { type: "object", additionalProperties: { type: "number" } },
  {
    $defs: { node: { type: "object", properties: { next: { $ref: "#/$defs/node" } } } },
    type: "object",
    properties: { root: { $ref: "#/$defs/node" } },
  },
);

const tool: fc.Arbitrary<Tool> = fc.oneof(
  fc
    .tuple(
      fc.record(
        { name: anyName, description: words, input: schema, strict: fc.boolean() },
        { requiredKeys: ["name", "input"] },
      ),
      marks,
    )
    .map(([tool, mark]) => ({ ...tool, ...mark })),
  fc.constantFrom<Tool>(
    { type: "provider", id: "bedrock.nova_grounding" },
    { type: "provider", id: "bedrock.nova_code_interpreter", name: "python" },
    { type: "provider", id: "openai.web_search" },
  ),
);

const level = fc.constantFrom("none", "minimal", "low", "medium", "high", "max");

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
          {
            schema: fc.oneof(schema, fc.constantFrom({ type: "array", items: { type: "string" } }, {})),
            name: fc.constantFrom("answer", "weather"),
            description: words,
          },
          { requiredKeys: [] },
        ),
        maxOutputTokens: fc.integer({ min: 1, max: 40_000 }),
        temperature: fc.double({ min: 0, max: 2, noNaN: true }),
        topP: fc.double({ min: 0, max: 1, noNaN: true }),
        topK: fc.integer({ min: 0, max: 100 }),
        seed: fc.integer(),
        presencePenalty: fc.double({ min: -2, max: 2, noNaN: true }),
        stop: fc.array(fc.constantFrom("END", "\n\n.", "```"), { maxLength: 3 }),
        reasoning: fc.oneof(level, fc.record({ budgetTokens: fc.integer({ min: 0, max: 60_000 }) })),
        providerOptions: fc.constantFrom(
          { bedrock: { guardrailConfig: { guardrailIdentifier: "abc", guardrailVersion: "1" } } },
          { bedrock: { performanceConfig: { latency: "optimized" }, serviceTier: { type: "flex" } } },
          { openai: { user: "u" } },
        ),
      },
      { requiredKeys: [] },
    ),
  })
  .map(
    ({ messages, last, pick, rest }) => ({ messages: [...answered(messages, pick), last], ...rest }) as ModelRequest,
  );

export const anyModel: fc.Arbitrary<string> = fc.constantFrom(
  "anthropic.claude-3-haiku-20240307-v1:0",
  "us.anthropic.claude-3-7-sonnet-20250219-v1:0",
  "us.anthropic.claude-haiku-4-5-20251001-v1:0",
  "global.anthropic.claude-sonnet-4-6",
  "anthropic.claude-opus-4-8",
  "anthropic.claude-sonnet-5",
  "us.amazon.nova-lite-v1:0",
  "us.amazon.nova-2-lite-v1:0",
  "openai.gpt-oss-120b-1:0",
  "qwen.qwen3-32b-v1:0",
  "mistral.mistral-large-2402-v1:0",
  "us.meta.llama4-maverick-17b-instruct-v1:0",
  "us.deepseek.r1-v1:0",
  "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123xyz",
);
