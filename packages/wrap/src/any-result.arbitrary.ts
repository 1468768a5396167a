/* oxlint-disable oxc/no-map-spread -- the map is fast-check's, not an array's */
import type {
  AssistantPart,
  Finish,
  JsonObject,
  ModelResult,
  SourcePart,
  ToolOutputPart,
  Usage,
} from "@plugboard/core";
import fc from "fast-check";

const words = fc.oneof(fc.string({ minLength: 1, maxLength: 12 }), fc.constantFrom(" ", "\n", '"{', "é🙂"));
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonObject[string] & {});
const object = fc
  .dictionary(
    fc.string({ maxLength: 5 }).filter((name) => name !== "__proto__"),
    json,
    { maxKeys: 3, noNullPrototype: true },
  )
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);
const owned = fc.constantFrom(
  {},
  { providerData: { anthropic: { signature: "c2ln", cache_control: { type: "ephemeral" } } } },
  { providerData: { openai: { item: { id: "rs_1" } }, google: { thoughtSignature: "x" } } },
);
const file = fc.record(
  {
    type: fc.constant("file" as const),
    mediaType: fc.constantFrom("image/png", "application/pdf"),
    data: fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc.webUrl().map((url) => new URL(url)),
    ),
    filename: words,
  },
  { requiredKeys: ["type", "mediaType", "data"] },
);
const source: fc.Arbitrary<SourcePart> = fc.record(
  {
    type: fc.constant("source" as const),
    id: words,
    url: fc.webUrl(),
    title: words,
    mediaType: fc.constantFrom("text/plain", "application/pdf"),
    filename: words,
  },
  { requiredKeys: ["type"] },
);
const citations = fc.array(
  fc.record({ source, start: fc.nat(9), end: fc.nat(9), quote: words }, { requiredKeys: ["source"] }),
  { minLength: 1, maxLength: 2 },
);
const outputPart: fc.Arbitrary<ToolOutputPart> = fc.oneof(
  fc.tuple(words, owned).map(([text, data]) => ({ type: "text" as const, text, ...data })),
  file,
  json.map((value) => ({ type: "json" as const, value })),
);

/** Calls as models write them: with the text of their arguments. */
const call = fc
  .record({ id: words, name: fc.constantFrom("weather", "web_search"), input: object })
  .map((part) => ({ type: "tool-call" as const, ...part, raw: JSON.stringify(part.input, undefined, 1) }));

const part: fc.Arbitrary<AssistantPart> = fc.oneof(
  fc.tuple(words, owned).map(([text, data]) => ({ type: "text" as const, text, ...data })),
  fc.tuple(words, citations).map(([text, cited]) => ({ type: "text" as const, text, citations: cited })),
  fc.tuple(words, owned).map(([text, data]) => ({ type: "reasoning" as const, text, ...data })),
  fc.tuple(file, owned).map(([part, data]) => ({ ...part, ...data })),
  fc.tuple(source, owned).map(([part, data]) => ({ ...part, ...data })),
  fc
    .tuple(call, owned, fc.constantFrom({}, { executed: true as const }))
    .map(([part, data, run]) => ({ ...part, ...data, ...run })),
  words.map((id) => ({
    type: "tool-call" as const,
    id,
    name: "weather",
    input: '{"a',
    raw: '{"a',
    invalid: true as const,
  })),
  fc
    .record(
      { output: fc.oneof(words, fc.array(outputPart, { maxLength: 3 })), isError: fc.constant(true as const) },
      { requiredKeys: ["output"] },
    )
    .map((part) => ({ type: "tool-result" as const, id: "s1", name: "web_search", ...part, executed: true as const })),
  fc.constantFrom<AssistantPart>(
    { type: "opaque", kind: "redacted_thinking", providerData: { anthropic: { data: "x" } } },
    { type: "opaque", kind: "compaction", providerData: { openai: { item: { id: "cmp_1" } } } },
    { type: "opaque", kind: "acme.note", providerData: {} },
  ),
);

const usage: fc.Arbitrary<Usage> = fc.record(
  {
    input: fc.integer({ min: 50, max: 99 }),
    output: fc.integer({ min: 50, max: 99 }),
    cachedInput: fc.nat(9),
    cacheWrite5m: fc.nat(9),
    cacheWrite1h: fc.nat(9),
    reasoning: fc.nat(9),
    inputAudio: fc.nat(9),
    serverTools: fc.constant({ web_search: 2 }),
    estimated: fc.constant(true as const),
  },
  { requiredKeys: [] },
);

/** What is asked of an answer besides its content: how it ended, and who said it. */
const ending: fc.Arbitrary<Omit<Finish, "usage" | "warnings">> = fc
  .record({
    finishReason: fc.constantFrom<Finish["finishReason"]>(
      "stop",
      "length",
      "tool-calls",
      "content-filter",
      "refusal",
      "budget",
      "other",
    ),
    raw: fc.constantFrom({}, { rawFinishReason: "end_turn" }),
    data: fc.constantFrom({}, { providerData: { openai: { service_tier: "flex" } } }),
  })
  .map(({ finishReason, raw, data }) => ({ finishReason, ...raw, ...data }));

/** Answers with every kind of part, for bridges that must lose none of it. */
export const anyResult: fc.Arbitrary<ModelResult> = fc
  .record({
    content: fc.array(part, { maxLength: 5 }),
    usage,
    ending,
    identity: fc.constantFrom({}, { id: "resp_1", created: 1_700_000_000_000 }),
    warnings: fc.constantFrom([], [{ code: "dropped", path: "seed", message: "No seeds." }]),
  })
  .map(({ ending: end, identity, ...rest }) => ({ model: "acme-1", ...rest, ...end, ...identity }));
