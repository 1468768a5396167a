/* oxlint-disable oxc/no-map-spread -- the maps are fast-check's, not an array's */
import type {
  AssistantPart,
  FilePart,
  JsonObject,
  ProviderData,
  TextPart,
  Tool,
  ToolResultPart,
} from "@plugboard/core";
import fc from "fast-check";
import type { Conversation, ConversationMessage } from "./conversation.ts";

/** Words as people write them; none that say nothing, and no marks of a template. */
const words = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 20 }),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }),
    fc.constantFrom("It is 3.", "line\nline", 'say "hi"', "\\n", "é🙂", "{}", "Error: no", " around ", "[1] *a* <b>"),
  )
  .filter((text) => text.trim() !== "" && !/<\||<\/?(?:think|tool)/.test(text));

const bytes = fc.uint8Array({ minLength: 1, maxLength: 6 });
/** How files of each type begin: some formats tell the type by that alone. */
const images: readonly (readonly [mediaType: string, head: readonly number[]])[] = [
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["image/jpeg", [0xff, 0xd8, 0xff, 0xe0]],
  ["image/webp", [...Buffer.from("RIFF\0\0\0\0WEBP")]],
];
const filename = fc.option(fc.constantFrom("a.pdf", "b c.png", "picture"), { nil: undefined });
const file: fc.Arbitrary<FilePart> = fc
  .oneof(
    fc
      .tuple(fc.constantFrom(...images), bytes)
      .map(([[mediaType, head], rest]) => ({ mediaType, data: Uint8Array.from([...head, ...rest]) })),
    fc.record({ mediaType: fc.constant("application/pdf"), data: bytes }),
    fc.constant({ mediaType: "image/png", data: new URL("https://files.example/a.png") }),
  )
  .chain((part) => filename.map((name) => ({ type: "file", ...part, ...(name !== undefined && { filename: name }) })));

const input: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom("city", "days", "note"),
  fc.oneof(
    words,
    fc.integer({ min: -5, max: 90 }),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 2 }),
  ),
  { maxKeys: 3, noNullPrototype: true },
);

/** What each provider signs a thought with. */
const signatures: readonly ((text: string) => ProviderData | undefined)[] = [
  () => undefined,
  () => ({ anthropic: { signature: "c2ln" } }),
  (text) => ({
    openai: {
      item: { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text }], encrypted_content: "c2VjcmV0" },
    },
  }),
  () => ({ google: { thought: true, thoughtSignature: "c2ln" } }),
];
const reasoning: fc.Arbitrary<AssistantPart> = fc.tuple(words, fc.constantFrom(...signatures)).map(([text, signed]) => {
  const providerData = signed(text);
  return { type: "reasoning", text, ...(providerData && { providerData }) };
});

const citedText: fc.Arbitrary<TextPart> = fc.tuple(words, fc.boolean()).map(([text, cited]) => ({
  type: "text",
  text,
  ...(cited && { citations: [{ source: { type: "source", url: "https://a.example", title: "A" }, start: 0, end: 1 }] }),
}));
const source: fc.Arbitrary<AssistantPart> = fc.constantFrom(
  { type: "source", id: "s1", url: "https://a.example/page", title: "A page" },
  { type: "source", url: "https://b.example" },
);

interface Call {
  readonly name: string;
  readonly input: JsonObject;
  readonly output: ToolResultPart["output"];
  readonly isError: boolean;
}
const call: fc.Arbitrary<Call> = fc.record({
  name: fc.constantFrom("weather", "lookup_order"),
  input,
  output: fc.oneof(
    words,
    input.map((value) => [{ type: "json" as const, value }]),
  ),
  isError: fc.boolean(),
});

/** A question, and the steps of its answer. */
interface Exchange {
  readonly question: string | (TextPart | FilePart)[];
  readonly steps: readonly {
    readonly thought?: AssistantPart | undefined;
    readonly text?: string | undefined;
    readonly calls: readonly Call[];
  }[];
  readonly answer: readonly AssistantPart[] | string | undefined;
}
const exchange: fc.Arbitrary<Exchange> = fc.record({
  question: fc.oneof(
    words,
    fc
      .tuple(words, fc.array(file, { maxLength: 2 }))
      .map(([text, files]) => [{ type: "text" as const, text }, ...files]),
  ),
  steps: fc.array(
    fc.record({
      thought: fc.option(reasoning, { nil: undefined }),
      text: fc.option(words, { nil: undefined }),
      calls: fc.array(call, { minLength: 1, maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
  answer: fc.oneof(
    words,
    fc
      .tuple(fc.option(reasoning, { nil: undefined }), citedText, fc.option(source, { nil: undefined }))
      .map((parts) => parts.filter((part) => part !== undefined)),
  ),
});

const tool: fc.Arbitrary<Tool> = fc
  .tuple(fc.constantFrom("weather", "lookup_order"), fc.option(words, { nil: undefined }))
  .map(([name, description]) => ({
    name,
    ...(description !== undefined && { description }),
    input: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  }));

const option = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });

/**
 * Conversations as applications have them: rules first, questions with files, answers with thoughts, calls and their results, sources.
 * It may end with a question, an answer, or calls that nobody has answered yet.
 */
export const anyConversation: fc.Arbitrary<Conversation> = fc
  .record({
    rules: fc.array(words, { maxLength: 2 }),
    later: option(words),
    exchanges: fc.array(exchange, { minLength: 1, maxLength: 3 }),
    end: fc.constantFrom("answer", "question", "calls"),
    tools: fc.uniqueArray(tool, { maxLength: 2, selector: (each) => (each.type === "provider" ? each.id : each.name) }),
    notes: fc.record({
      id: option(fc.uuid()),
      title: option(words),
      created: option(time()),
      model: option(fc.constant("gpt-4o")),
    }),
    told: fc.boolean(),
  })
  .map(({ rules, later, exchanges, end, tools, notes, told }) => {
    const messages: ConversationMessage[] = rules.map((content) => ({ role: "system", content }));
    let calls = 0;
    exchanges.forEach(({ question, steps, answer }, place) => {
      messages.push({ role: "user", content: question });
      const isLast = place === exchanges.length - 1;
      if (isLast && end === "question") return;
      for (const step of steps) {
        const made = step.calls.map((each) => ({ ...each, id: `call_${calls++}` }));
        messages.push({
          role: "assistant",
          content: [
            ...(step.thought ? [step.thought] : []),
            ...(step.text !== undefined ? [{ type: "text" as const, text: step.text }] : []),
            ...made.map(({ id, name, input: given }) => ({ type: "tool-call" as const, id, name, input: given })),
          ],
        });
        if (isLast && end === "calls" && step === steps.at(-1)) return;
        messages.push({
          role: "tool",
          content: made.map(({ id, name, output, isError }) => ({
            type: "tool-result",
            id,
            name,
            output,
            ...(isError && { isError }),
          })),
        });
      }
      messages.push({ role: "assistant", content: answer ?? "" });
      if (later !== undefined && place === 0 && exchanges.length > 1) messages.push({ role: "system", content: later });
    });
    const given = Object.fromEntries(Object.entries(notes).filter(([, value]) => value !== undefined));
    return {
      ...given,
      messages: told
        ? messages.map((message, place) => ({ ...message, id: `m${place}`, created: 1_700_000_000_000 + place * 1000 }))
        : messages,
      ...(tools.length > 0 && { tools }),
    };
  });

/** A whole second, as all formats that tell times can. */
function time(): fc.Arbitrary<number> {
  return fc.integer({ min: 1_500_000_000, max: 1_900_000_000 }).map((seconds) => seconds * 1000);
}
