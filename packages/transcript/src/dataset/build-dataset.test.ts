import { scrubber } from "@plugboard/middleware";
import { countTokens } from "@plugboard/tokens";
import fc from "fast-check";
import { expect, test } from "vitest";
import { allOf } from "../all-of.ts";
import type { Conversation } from "../conversation.ts";
import type { LoggedCall } from "../log/logged-call.ts";
import { buildDataset } from "./build-dataset.ts";
import type { DatasetOptions, DatasetProblem } from "./build-dataset.ts";
import { preferencePairs } from "./preference-pairs.ts";
import type { TrainingExample } from "./training-example.ts";
import { trainingFormatNamed, trainingFormats } from "./training-formats.ts";

const openai = trainingFormatNamed("openai");

function talk(question: string, answer = "Yes."): Conversation {
  return {
    messages: [
      { role: "user", content: question },
      { role: "assistant", content: answer },
    ],
  };
}

/** A number as a word, so that questions of two of them are no near twins. */
function named(number: number): string {
  return String(number).replaceAll(/\d/g, (digit) => "abcdefghij".charAt(Number(digit)));
}

async function built(examples: readonly TrainingExample[], options: Omit<DatasetOptions, "onProblem">) {
  const problems: DatasetProblem[] = [];
  const set = buildDataset(examples, { ...options, onProblem: (problem) => void problems.push(problem) });
  const lines = await allOf(set);
  return { json: lines.map(({ line }) => JSON.parse(line) as unknown), lines, problems, report: set.report };
}

const withTools: Conversation = {
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Weather?" },
    { role: "assistant", content: [{ type: "tool-call", id: "c1", name: "weather", input: { city: "Faro" } }] },
    { role: "tool", content: [{ type: "tool-result", id: "c1", name: "weather", output: "3" }] },
    { role: "assistant", content: "It is 3." },
  ],
  tools: [{ name: "weather", input: { type: "object", properties: { city: { type: "string" } } } }],
};
const told = {
  type: "function",
  function: { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
};

test.each([
  ["openai", '{"city":"Faro"}'],
  ["together", '{"city":"Faro"}'],
  ["axolotl", { city: "Faro" }],
  ["huggingface", { city: "Faro" }],
])("writes calls, results and tools as %s reads them", async (name, args) => {
  const { json } = await built([withTools], { format: trainingFormatNamed(name) });
  expect(json).toMatchObject([
    {
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Weather?" },
        {
          role: "assistant",
          tool_calls: [{ id: "c1", type: "function", function: { name: "weather", arguments: args } }],
        },
        { role: "tool", tool_call_id: "c1", content: "3" },
        { role: "assistant", content: "It is 3." },
      ],
      tools: [told],
    },
  ]);
});

test("gives calls ids that Mistral takes", async () => {
  const { json } = await built([withTools], { format: trainingFormatNamed("mistral") });
  const [{ messages }] = json as [
    { messages: readonly { tool_calls?: readonly { id: string }[]; tool_call_id?: string }[] },
  ];
  expect(messages[2]!.tool_calls![0]!.id).toMatch(/^[A-Za-z0-9]{9}$/);
  expect(messages[3]!.tool_call_id).toBe(messages[2]!.tool_calls![0]!.id);
});

test("holds to what Mistral's validator asks: one message of the system, a description of every tool", async () => {
  const format = trainingFormatNamed("mistral");
  const { json } = await built([withTools], { format });
  expect(json).toMatchObject([{ tools: [{ function: { name: "weather", description: "" } }] }]);
  const twice = { ...withTools, messages: [{ role: "system" as const, content: "Again." }, ...withTools.messages] };
  expect(await built([twice], { format })).toMatchObject({
    json: [],
    problems: [{ message: expect.stringContaining("takes 1 message of the system") as string }],
  });
});

const pair = {
  prompt: { messages: [{ role: "user" as const, content: "Hi" }] },
  chosen: { role: "assistant" as const, content: "Hello!" },
  rejected: { role: "assistant" as const, content: "What?" },
};

test("writes pairs as each trainer reads them, and says which reads none", async () => {
  const [prompt, chosen, rejected] = [
    [{ role: "user", content: "Hi" }],
    [{ role: "assistant", content: "Hello!" }],
    [{ role: "assistant", content: "What?" }],
  ];
  const written = new Map<string, unknown>();
  for (const format of trainingFormats) written.set(format.name, await built([pair], { format }));
  expect(written.get("openai")).toMatchObject({
    json: [{ input: { messages: prompt }, preferred_output: chosen, non_preferred_output: rejected }],
  });
  expect(written.get("together")).toMatchObject({
    json: [{ input: { messages: prompt }, preferred_output: chosen, non_preferred_output: rejected }],
  });
  expect(written.get("huggingface")).toMatchObject({ json: [{ prompt, chosen, rejected }] });
  // https://docs.axolotl.ai/docs/rlhf.html#chat_template.default: one message each.
  expect(written.get("axolotl")).toStrictEqual(
    expect.objectContaining({ json: [{ messages: prompt, chosen: chosen[0], rejected: rejected[0] }] }),
  );
  expect(written.get("mistral")).toMatchObject({
    json: [],
    problems: [{ example: 1, message: expect.stringContaining("does not learn from pairs") as string }],
  });
});

test.each<[string, TrainingExample, string]>([
  ["no answer", { messages: [{ role: "user", content: "a" }] }, "must end with an answer"],
  ["no question", { messages: [{ role: "assistant", content: "a" }] }, "must have a message of a user"],
  ["an empty answer", talk("a", " "), "`messages[1]`"],
  [
    "a call without a result",
    {
      messages: [
        { role: "user", content: "a" },
        { role: "assistant", content: [{ type: "tool-call", id: "1", name: "b", input: {} }] },
        { role: "user", content: "c" },
        { role: "assistant", content: "d" },
      ],
    },
    "`messages[1].content[0]` must be answered",
  ],
  [
    "a result without a call",
    {
      messages: [
        { role: "user", content: "a" },
        { role: "tool", content: [{ type: "tool-result", id: "1", name: "b", output: "" }] },
        { role: "assistant", content: "d" },
      ],
    },
    "must answer a call",
  ],
  ["a pair of the same", { ...pair, rejected: pair.chosen }, "`rejected` must be another"],
])("leaves an example with %s out, and says why", async (_, example, why) => {
  const { json, problems, report } = await built([example, talk("good")], { format: openai });
  expect(json).toHaveLength(1);
  const [, field] = /`([^`]+)`/.exec(why) ?? [];
  expect(problems).toMatchObject([
    { example: 1, message: expect.stringContaining(why) as string, ...(field !== undefined && { field }) },
  ]);
  expect(report.problems).toBe(1);
});

test("learns a call that ends a conversation", async () => {
  const { report } = await built([{ ...withTools, messages: withTools.messages.slice(0, 3) }], { format: openai });
  expect(report).toMatchObject({ train: 1, problems: 0 });
});

test("leaves out what was said before, however it is spaced and spelled", async () => {
  const { report } = await built([talk("How are you?"), talk("how  are\nyou?"), talk("How are you?", "No.")], {
    format: openai,
  });
  expect(report).toMatchObject({ train: 2, duplicates: 1 });
  expect((await built([talk("a"), talk("a")], { format: openai, deduplicate: false })).report).toMatchObject({
    train: 2,
  });
});

test("splits by conversation: what begins alike is all learnt or all tried, the same each time", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.string()), { maxLength: 30 }),
      async (given) => {
        const examples = given.map(([question, answer], place) =>
          talk(`question ${named(question)}`, `answer ${answer} ${place}`),
        );
        const once = await built(examples, { format: openai, validation: 0.4 });
        const again = await built(examples, { format: openai, validation: 0.4 });
        expect(again.lines).toStrictEqual(once.lines);
        const splits = new Map<string, Set<string>>();
        for (const { split, line } of once.lines) {
          const { messages } = JSON.parse(line) as { messages: readonly { content: string }[] };
          const question = messages[0]!.content;
          splits.set(question, (splits.get(question) ?? new Set()).add(split));
        }
        expect([...splits.values()].every((split) => split.size === 1)).toBe(true);
      },
    ),
  );
});

test.each([
  ["numbers", "Where is order 4711?", "where is order 12, please", false],
  ["numbers alone", "Where is order 4711?", "Where is order 12", true],
  ["dates", "The weather on 2026-01-05?", "the weather on March 3rd, 2025", true],
  ["days and times", "A table on Monday at 19:30", "A table on Friday at 8:00!", true],
  ["ids", "Refund 7f9c2ba4-e88f-4f2d-9d55-1be1cd2a1f0e", "Refund 00aa11bb-e88f-4f2d-9d55-aaaaaaaaaaaa", true],
  ["words", "Where is my order?", "Where is my parcel?", false],
])("keeps near twins on one side: %s", async (_, one, other, isTwin) => {
  // With enough seeds, what is drawn apart is on two sides once.
  const sides = new Set<string>();
  for (let seed = 0; seed < 20; seed++) {
    const { lines } = await built([talk(one), talk(other)], { format: openai, validation: 0.5, seed: String(seed) });
    sides.add(new Set(lines.map(({ split }) => split)).size === 1 ? "together" : "apart");
  }
  expect(sides.has("apart")).toBe(!isTwin);
});

test("says that all went to one side", async () => {
  const { report } = await built([talk("order 1"), talk("order 2")], { format: openai, validation: 0.5 });
  expect(report.warnings).toContainEqual(expect.stringContaining("went to one side") as string);
});

function picture(mediaType: string, bytes: number): Conversation {
  const file = { type: "file" as const, mediaType, data: new Uint8Array(bytes) };
  return {
    messages: [
      { role: "user", content: [file] },
      { role: "assistant", content: "A cat." },
    ],
  };
}

// https://developers.openai.com/api/docs/guides/vision-fine-tuning, read on 2026-11-25: 10 images an example, 10 MB an image, JPEG, PNG or WEBP.
test.each<[string, Conversation, string | undefined]>([
  ["10 MB", picture("image/png", 10_000_000), undefined],
  ["more than 10 MB", picture("image/png", 10_000_001), "`messages[0].content[0]` must have 10000000 bytes"],
  ["another type", picture("image/gif", 9), "`messages[0].content[0]` must be image/jpeg, image/png, image/webp"],
  [
    "eleven images",
    { messages: [...Array.from({ length: 11 }, () => picture("image/png", 9).messages[0]!), talk("a").messages[1]!] },
    "10 images an example",
  ],
])("holds images to what OpenAI takes: %s", async (_, example, why) => {
  const { problems } = await built([example], { format: openai });
  const told = problems.map(({ message }) => message).join();
  expect(told === "").toBe(why === undefined);
  expect(told).toContain(why ?? "");
});

test("leaves out what OpenAI would cut off, counted with a counter", async () => {
  const count = async () => ({ tokens: 65_537, bound: "exact" as const });
  const { problems } = await built([talk("a")], { format: openai, count });
  expect(problems).toMatchObject([{ message: "The example has 65537 tokens; 65536 are taken." }]);
  expect((await built([talk("a")], { format: trainingFormatNamed("axolotl"), count })).problems).toStrictEqual([]);
});

test("has the last answer learnt alone where the trainer has weights", async () => {
  const twice: Conversation = { messages: [...talk("a", "One.").messages, ...talk("b", "Two.").messages] };
  const { json } = await built([twice], { format: openai, learn: "last" });
  expect(json).toMatchObject([{ messages: [{}, { content: "One.", weight: 0 }, {}, { content: "Two." }] }]);
  expect((json as [{ messages: object[] }])[0].messages[3]).not.toHaveProperty("weight");
  expect(() => buildDataset([], { format: trainingFormatNamed("huggingface"), learn: "last" })).toThrow(
    /Hugging Face TRL has no weights/,
  );
});

test("draws about the part that it is told to", async () => {
  const examples = Array.from({ length: 2000 }, (_, place) => talk(`question ${named(place)}`));
  const { report } = await built(examples, { format: openai, validation: 0.2 });
  // Five standard deviations of 2000 draws are 90.
  expect(Math.abs(report.validation - 400)).toBeLessThan(90);
});

test("takes out what nobody is to learn", async () => {
  const examples = [
    talk("I am ada@example.com", "Hello ada@example.com"),
    { ...pair, chosen: { role: "assistant" as const, content: "b@c.example" } },
  ];
  const { lines } = await built(examples, { format: openai, scrub: scrubber() });
  expect(lines.map(({ line }) => line).join()).not.toMatch(/@/);
  expect(lines[0]!.line).toContain("Hello <EMAIL>");
});

test("counts what is learnt and what that costs", async () => {
  const examples = [talk("one"), talk("two")];
  const { report } = await built(examples, {
    format: openai,
    count: countTokens,
    price: 25,
    pricedOn: "2026-11-25",
    epochs: 3,
  });
  const counted = await Promise.all(
    examples.map(({ messages }) => countTokens({ messages }, { provider: "openai", id: "gpt-4o" })),
  );
  const tokens = counted[0]!.tokens + counted[1]!.tokens;
  expect(report).toMatchObject({ tokens, cost: tokens * 3 * 25_000, price: { dollars: 25, on: "2026-11-25" } });
  const short = await built([talk("word ".repeat(200)), talk("a")], {
    format: openai,
    count: countTokens,
    mostTokens: 100,
  });
  expect(short).toMatchObject({
    json: [{}],
    problems: [{ example: 1, message: expect.stringContaining("100 are taken") as string }],
  });
});

test("says that there are too few, and what was lost", async () => {
  const video = { type: "file" as const, mediaType: "video/mp4", data: Uint8Array.from([1]) };
  const { report } = await built(
    [
      {
        messages: [
          { role: "user", content: [{ type: "text", text: "a" }, video] },
          { role: "assistant", content: "b" },
        ],
      },
    ],
    { format: openai },
  );
  expect(report.losses).toStrictEqual({ file: 1 });
  expect(report.warnings).toStrictEqual([
    "OpenAI wants 10 examples or more; there are 1.",
    expect.stringContaining("closed to new users since 2026-05-07") as string,
  ]);
});

test("makes pairs of the best and the worst answer that a question was given", async () => {
  const call = (question: string, answer: string, rating?: string): LoggedCall => ({
    id: answer,
    started: 0,
    ended: 1,
    provider: "p",
    model: "m",
    ...(rating !== undefined && { tags: { rating } }),
    request: { messages: [{ role: "user", content: question }], temperature: Math.random() },
    outcome: "finished",
    result: { model: "m", content: [{ type: "text", text: answer }], finishReason: "stop", usage: {}, warnings: [] },
  });
  async function* calls(): AsyncGenerator<LoggedCall> {
    yield* [
      call("q", "fair", "3"),
      call("q", "bad", "1"),
      call("q", "good", "5"),
      call("q", "unrated"),
      call("alone", "a", "4"),
      call("same", "a", "2"),
      call("same", "b", "2"),
    ];
  }
  const pairs = await allOf(
    preferencePairs(calls(), ({ tags }) => (tags?.["rating"] === undefined ? undefined : Number(tags["rating"]))),
  );
  expect(pairs).toStrictEqual([
    {
      prompt: { messages: [{ role: "user", content: "q" }] },
      chosen: { role: "assistant", content: [{ type: "text", text: "good" }] },
      rejected: { role: "assistant", content: [{ type: "text", text: "bad" }] },
    },
  ]);
});

test("refuses what cannot be meant", () => {
  expect(() => trainingFormatNamed("parquet")).toThrow(/openai, mistral/);
  expect(() => buildDataset([], { format: openai, validation: 2 })).toThrow(/`validation`/);
});
