/* oxlint-disable oxc/no-map-spread -- the map is fast-check's, not an array's */
import type { AssistantPart, FilePart, Message, ModelRequest, Owned, Tool, UserMessage } from "@plugboard/core";
import { requestsWith } from "@plugboard/recordings";
import fc from "fast-check";

const words = fc.constantFrom("Hello", " with a blank at the end ", "", "  \n", "Grüezi 👋");
const bytes = fc.uint8Array({ minLength: 1, maxLength: 8 });
const bucket = new URL("s3://a-bucket/a/key");

/** Data of Bedrock's, and of Anthropic's, which Claude takes here too. */
const marks: fc.Arbitrary<Owned> = fc.constantFrom(
  {},
  {},
  {},
  { providerData: { bedrock: { cachePoint: {} } } },
  { providerData: { bedrock: { cachePoint: { ttl: "1h" } } } },
  { providerData: { anthropic: { cacheControl: { type: "ephemeral" } } } },
);

const files: fc.Arbitrary<FilePart> = fc
  .tuple(
    fc.oneof(
      fc.record({
        mediaType: fc.constantFrom("image/png", "IMAGE/JPEG", "image/webp", "video/mp4"),
        data: fc.oneof(bytes, fc.constant(bucket)),
      }),
      fc.record(
        {
          mediaType: fc.constantFrom("application/pdf", "text/csv; charset=utf-8", "text/markdown"),
          data: bytes,
          filename: fc.constantFrom("report.pdf", "Ünü  söal_name (1).v2.csv", "..", "x".repeat(300), "report.md"),
        },
        { requiredKeys: ["mediaType", "data"] },
      ),
    ),
    marks,
  )
  .map(([file, mark]) => ({ type: "file", ...file, ...mark }));

const parts: fc.Arbitrary<readonly AssistantPart[]> = fc.oneof(
  fc.tuple(words, marks).map(([text, mark]): AssistantPart[] => [
    {
      type: "text",
      text,
      citations: [{ source: { type: "source", providerData: { bedrock: { title: "A page" } } } }],
      ...mark,
    },
  ]),
  words.map((text): AssistantPart[] => [
    { type: "reasoning", text, providerData: { bedrock: { signature: "abc" } } },
    { type: "opaque", kind: "redactedContent", providerData: { bedrock: { value: "YWJj" } } },
  ]),
  fc.constantFrom({}, { cachePoint: {} }).map((mark): AssistantPart[] => [
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
      providerData: { bedrock: { type: "nova_code_interpreter_result", status: "success", ...mark } },
    },
  ]),
);

const tools: fc.Arbitrary<Tool> = fc.oneof(
  fc.constantFrom<Tool>(
    { type: "provider", id: "bedrock.nova_grounding" },
    { type: "provider", id: "bedrock.nova_code_interpreter", name: "python" },
  ),
  marks.map((mark) => ({ name: "marked", input: { type: "object" }, ...mark })),
);

const guarded: fc.Arbitrary<UserMessage> = words.map((text) => ({
  role: "user",
  content: [{ type: "text", text, providerData: { bedrock: { guardContent: { qualifiers: ["query"] } } } }],
}));

const providerOptions = fc.constantFrom<Pick<ModelRequest, "providerOptions">>(
  {},
  { providerOptions: { bedrock: { guardrailConfig: { guardrailIdentifier: "abc", guardrailVersion: "1" } } } },
  { providerOptions: { bedrock: { performanceConfig: { latency: "optimized" }, serviceTier: { type: "flex" } } } },
  { providerOptions: { openai: { user: "u" } } },
);

/** Any request, with what Bedrock has of its own among it: marks to cache, guarded texts, documents, thoughts and tools it runs. */
export const anyRequest: fc.Arbitrary<ModelRequest> = fc
  .record({
    request: requestsWith({ files, parts, tools }),
    marked: fc.array(marks, { minLength: 16, maxLength: 16 }),
    asides: fc.array(guarded, { maxLength: 1 }),
    options: providerOptions,
  })
  .map(({ request, marked, asides, options }) => ({
    ...request,
    ...options,
    messages: [
      ...request.messages.map((message, place): Message => Object.assign({}, message, marked[place])),
      ...asides,
    ],
  }));

/** Models of every family. */
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
