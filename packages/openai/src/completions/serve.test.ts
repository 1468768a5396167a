import { eventsOf } from "@plugboard/core";
import type { Json, ModelEvent, ModelResult } from "@plugboard/core";
import { Gathering } from "@plugboard/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openaiDialect } from "../openai-dialect.ts";
import { completionStreamDecoder, decodeCompletion } from "./decode.ts";
import { encodeCompletion } from "./encode.ts";
import { completionsProtocol } from "./serve.ts";

const protocol = completionsProtocol({ now: () => 5000, newId: () => "cmpl-new" });
const decoding = { dialect: openaiDialect, model: "asked" };
const asking = { model: "asked", prompt: "function add(a, b) {\n  return " };

test("a prompt is the user's message, and a suffix what stands after the gap", () => {
  const body = {
    ...asking,
    suffix: "\n}",
    max_tokens: 64,
    temperature: 0,
    stop: "\n\n",
    seed: 7,
    user: "ada",
    n: null,
  };
  expect(protocol.readRequest(body)).toEqual({
    model: "asked",
    request: {
      messages: [{ role: "user", content: asking.prompt }],
      suffix: "\n}",
      maxOutputTokens: 64,
      temperature: 0,
      stop: ["\n\n"],
      seed: 7,
      providerOptions: { openai: { user: "ada" } },
    },
    streamUsage: false,
  });
  expect(protocol.readRequest({ ...asking, prompt: ["Once"], stream: true }).request).toEqual({
    messages: [{ role: "user", content: "Once" }],
    stream: true,
  });
});

test.each<[string, Json]>([
  ["prompt", { model: "m" }],
  ["prompt", { model: "m", prompt: ["a", "b"] }],
  ["prompt", { model: "m", prompt: [1, 2] }],
  ["model", { prompt: "a" }],
  ["n", { ...asking, n: 2 }],
  ["best_of", { ...asking, best_of: 3 }],
  ["echo", { ...asking, echo: true }],
  ["logprobs", { ...asking, logprobs: 1 }],
  ["suffix", { ...asking, suffix: 1 }],
  ["body", "text"],
])("`%s` that cannot be served is refused by name", (field, body) => {
  expect(() => protocol.readRequest(body)).toThrow(
    expect.objectContaining({ code: "invalid-request", message: expect.stringContaining(`\`${field}\``) }),
  );
});

test("what our adapter sends is read as it was asked", () => {
  const request = {
    messages: [{ role: "user" as const, content: "a" }],
    suffix: "b",
    maxOutputTokens: 9,
    topP: 0.5,
    stop: ["x"],
    stream: true,
  };
  const dialect = { ...openaiDialect, completions: {} };
  const { body } = encodeCompletion(request, { dialect, model: "m" });
  expect(protocol.readRequest(body)).toMatchObject({ model: "m", request, streamUsage: true });
});

const text = fc.string({ unit: "binary" });
const result: fc.Arbitrary<ModelResult> = fc.record({
  model: fc.string({ minLength: 1 }),
  id: fc.string({ minLength: 1 }),
  created: fc.integer({ min: 1, max: 2 ** 32 }).map((seconds) => seconds * 1000),
  content: text.map((said) => (said === "" ? [] : [{ type: "text" as const, text: said }])),
  finishReason: fc.constantFrom("stop", "length", "content-filter"),
  usage: fc.record({ input: fc.nat(), output: fc.nat() }),
  warnings: fc.constant([]),
});

const plain = ({ id, model, created, content, finishReason, usage }: ModelResult): object => ({
  id,
  model,
  created,
  content,
  finishReason,
  usage,
});

test("an answer is read back as it was, whole and streamed", () => {
  fc.assert(
    fc.property(result, (answer) => {
      const asked = protocol.readRequest({ ...asking, stream: true, stream_options: { include_usage: true } });
      const whole = decodeCompletion(protocol.writeResult(answer, asked), decoding, {});
      expect(plain(whole)).toEqual(plain(answer));

      const writer = protocol.writer(asked);
      const stream = eventsOf(answer)
        .map((event) => writer.write(event))
        .join("");
      expect(stream.endsWith("data: [DONE]\n\n")).toBe(true);
      const decoder = completionStreamDecoder(decoding, {});
      const events: ModelEvent[] = [];
      for (const event of stream.split("\n\n").filter(Boolean)) decoder.push(event.slice("data: ".length), "", events);
      const gathering = new Gathering();
      for (const event of events) gathering.add(event);
      expect(plain(gathering.result)).toEqual(plain(answer));
    }),
  );
});

test("thoughts and calls have no form: only the text goes to the client, and nobody is told to call", () => {
  const answer: ModelResult = {
    model: "m",
    content: [
      { type: "reasoning", text: "hm" },
      { type: "text", text: "a" },
      { type: "tool-call", id: "1", name: "f", input: {} },
      { type: "text", text: "b" },
    ],
    finishReason: "tool-calls",
    usage: {},
    warnings: [],
  };
  const asked = protocol.readRequest(asking);
  expect(protocol.writeResult(answer, asked)).toEqual({
    id: "cmpl-new",
    object: "text_completion",
    created: 5,
    model: "m",
    choices: [{ text: "ab", index: 0, logprobs: null, finish_reason: "stop" }],
  });
  const writer = protocol.writer(asked);
  const stream = eventsOf(answer)
    .map((event) => writer.write(event))
    .join("");
  expect([...stream.matchAll(/"text":"(\w*)"/g)].map(([, said]) => said)).toEqual(["a", "b", ""]);
  expect(stream).not.toContain("usage");
});
