import { describe, expect, test } from "vitest";
import { ModelReply, defineModel } from "@plugboard/core";
import type { Message, ModelRequest, Notice, PriceLookup, ProviderData, Tool, Usage } from "@plugboard/core";
import { promptCache } from "./prompt-cache.ts";
import type { PromptCacheOptions } from "./prompt-cache.ts";

const long = "word ".repeat(2000);
const system: Message = { role: "system", content: long };
const question: Message = { role: "user", content: "Why?" };
const tool: Tool = { name: "look", description: long, input: { type: "object" } };
const plain: Tool = { name: "see", input: { type: "object" } };
const usage: Usage = { input: 100, output: 10 };

/** A model that keeps what it was asked. */
function asked(provider: string, id: string, told: Usage = usage) {
  const requests: ModelRequest[] = [];
  const model = defineModel({
    provider,
    id,
    async call(request) {
      requests.push(request);
      return ModelReply.of({ model: id, finishReason: "stop", usage: told, warnings: [], content: [] });
    },
  });
  return { model, requests };
}

/** The request as the model gets it. */
async function sent(
  request: ModelRequest,
  options: PromptCacheOptions = {},
  [provider, id] = ["anthropic", "claude-sonnet-4-5"],
) {
  const { model, requests } = asked(provider, id);
  await model.with(promptCache(options)).generate(request);
  return requests[0]!;
}

/** Where there are marks: tools by name, messages by place. */
function marks({ messages, tools = [] }: ModelRequest): (string | number)[] {
  const isMarked = ({ providerData }: { readonly providerData?: ProviderData }): boolean =>
    providerData?.["anthropic"]?.["cacheControl"] !== undefined ||
    providerData?.["bedrock"]?.["cachePoint"] !== undefined;
  return [
    ...tools.filter(isMarked).map((tool) => ("name" in tool ? tool.name : "?")),
    ...messages.flatMap((message, place) => (isMarked(message) ? [place] : [])),
  ];
}

const turns = (count: number): Message[] =>
  Array.from({ length: count }, (_, turn): Message[] => [
    { role: "user", content: `Question ${turn}` },
    { role: "assistant", content: `Answer ${turn}` },
  ]).flat();

describe("marks stand at the end", () => {
  test.each<[string, ModelRequest, (string | number)[]]>([
    ["of the system messages", { messages: [system, { role: "system", content: "Be brief." }, question] }, [1]],
    ["of the tools and of what follows", { messages: [system, question], tools: [plain, tool] }, ["see", 0, 1]],
    [
      "of the conversation, now and when the model last spoke",
      { messages: [system, ...turns(3), question] },
      [0, 5, 7],
    ],
    [
      "of results of tools, not of what the model may go on with",
      {
        messages: [
          system,
          question,
          { role: "assistant", content: [{ type: "tool-call", id: "1", name: "look", input: {} }] },
          { role: "tool", content: [{ type: "tool-result", id: "1", name: "look", output: "Yes." }] },
          { role: "assistant", content: "So" },
        ],
      },
      [0, 3],
    ],
    [
      "of the last message with something in it",
      { messages: [system, ...turns(1), question, { role: "user", content: " " }] },
      [0, 1, 3],
    ],
    ["of no first question, which may never be gone on with", { messages: [{ role: "user", content: long }] }, []],
  ])("%s", async (_, request, places) => {
    const tools = request.tools && request.tools.toReversed();
    expect(marks(await sent(request)).length).toBeLessThanOrEqual(4);
    expect(marks(await sent(tools ? { ...request, tools } : request))).toEqual(places);
  });

  test("of every conversation, or of none, where that is asked for", async () => {
    const first: ModelRequest = { messages: [{ role: "user", content: long }] };
    expect(marks(await sent(first, { conversation: "always" }))).toEqual([0]);
    const later: ModelRequest = { messages: [system, ...turns(2), question], tools: [tool] };
    expect(marks(await sent(later, { conversation: "never" }))).toEqual(["look", 0]);
  });
});

describe("nothing is marked", () => {
  test.each([
    ["claude-fable-5", 512],
    ["claude-sonnet-4-5", 1024],
    ["claude-opus-4-20250514", 1024],
    ["claude-opus-4-8", 1024],
    ["claude-opus-4-7", 2048],
    ["claude-3-5-haiku-20241022", 2048],
    ["claude-haiku-4-5", 4096],
    ["claude-opus-4-6", 4096],
  ])("that is too short for %s, of which %d tokens are the least", async (id, least) => {
    const ask = (tokens: number) =>
      sent({ messages: [{ role: "system", content: "x".repeat(3 * tokens) }, question] }, {}, ["anthropic", id]);
    expect(marks(await ask(least - 50))).toEqual([]);
    expect(marks(await ask(least))).toEqual([0]);
  });

  test("where there are marks already", async () => {
    const own = { anthropic: { cacheControl: { type: "ephemeral" } } };
    const requests: ModelRequest[] = [
      { messages: [system, { ...question, providerData: own }] },
      { messages: [system, { role: "user", content: [{ type: "text", text: "a", providerData: own }] }] },
      { messages: [system, question], tools: [{ ...plain, providerData: { bedrock: { cachePoint: {} } } }] },
    ];
    for (const request of requests) {
      const { messages, tools } = await sent(request);
      expect({ messages, ...(tools && { tools }) }).toEqual(request);
    }
  });

  test.each([
    ["openai", "gpt-4o"],
    ["google", "gemini-2.5-pro"],
    ["deepseek", "deepseek-chat"],
    ["bedrock", "meta.llama3-70b-instruct-v1:0"],
    ["azure", "gpt-4o"],
  ])("for %s %s, and the request is the very same", async (provider, id) => {
    const { model, requests } = asked(provider, id);
    const request: ModelRequest = { messages: [system, ...turns(1), question], tools: [tool] };
    await model.with(promptCache()).generate(request);
    expect(requests[0]!.messages).toBe(request.messages);
    expect(requests[0]!.tools).toBe(request.tools);
    expect(requests[0]!.providerOptions).toBeUndefined();
  });
});

describe("a mark", () => {
  const request: ModelRequest = { messages: [system, question], tools: [tool] };

  test("says how long it is to be kept, and leaves what else there is of the provider's", async () => {
    const given: ModelRequest = {
      messages: [{ ...system, providerData: { anthropic: { x: 1 }, other: { y: 2 } } }, question],
    };
    expect((await sent(given, { ttl: "1h" })).messages[0]!.providerData).toEqual({
      anthropic: { x: 1, cacheControl: { type: "ephemeral", ttl: "1h" } },
      other: { y: 2 },
    });
    expect((await sent(given)).messages[0]!.providerData).toMatchObject({
      anthropic: { cacheControl: { type: "ephemeral" } },
    });
  });

  test.each([
    ["bedrock", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", ["look", 0, 1], "anthropic"],
    ["vertex", "claude-sonnet-4-5", ["look", 0, 1], "anthropic"],
    ["bedrock", "us.amazon.nova-pro-v1:0", [0, 1], "bedrock"],
  ])("for %s %s is of the form it takes", async (provider, id, places, owner) => {
    const marked = await sent(request, { ttl: "1h" }, [provider, id]);
    expect(marks(marked)).toEqual(places);
    expect(Object.keys(marked.messages[0]!.providerData!)).toEqual([owner]);
  });

  test("is put for the models behind a combinator, and none that Bedrock would refuse for one of them", async () => {
    const row = (...ids: [string, string][]) => {
      const members = ids.map(([provider, id]) => asked(provider, id));
      const model = defineModel({
        provider: "plugboard",
        id: "row",
        models: members.map(({ model }) => model),
        call: members[0]!.model.call,
      });
      return { model, requests: members[0]!.requests };
    };
    const owners = async (...ids: [string, string][]): Promise<string[]> => {
      const { model, requests } = row(...ids);
      await model.with(promptCache()).generate(request);
      return Object.keys(requests[0]!.messages[0]!.providerData ?? {});
    };
    expect(await owners(["openai", "gpt-4o"], ["anthropic", "claude-sonnet-4-5"])).toEqual(["anthropic"]);
    expect(await owners(["bedrock", "amazon.nova-pro-v1:0"], ["anthropic", "claude-opus-4-8"])).toEqual([
      "bedrock",
      "anthropic",
    ]);
    expect(await owners(["bedrock", "amazon.nova-pro-v1:0"], ["bedrock", "meta.llama3-70b"])).toEqual([]);
  });
});

test("a key keeps calls together at OpenAI alone, and not over one that is given", async () => {
  const request: ModelRequest = { messages: [question], tags: { tenant: "a" } };
  const key = ({ tags }: ModelRequest): string | undefined => tags?.["tenant"];
  expect((await sent(request, { key }, ["openai", "gpt-4o"])).providerOptions).toEqual({
    openai: { prompt_cache_key: "a" },
  });
  expect((await sent(request, { key }, ["anthropic", "claude"])).providerOptions).toBeUndefined();
  expect((await sent({ messages: [question] }, { key }, ["openai", "gpt-4o"])).providerOptions).toBeUndefined();
  const own = { openai: { prompt_cache_key: "mine", user: "u" }, other: { x: 1 } };
  expect((await sent({ ...request, providerOptions: own }, { key }, ["openai", "gpt-4o"])).providerOptions).toEqual(
    own,
  );
});

describe("what came of it", () => {
  /** Ten nano-dollars a token read, one from the cache, twelve to write it. */
  const price: PriceLookup = ({ input = 0, cachedInput = 0, cacheWrite5m = 0 }, { id }) =>
    id === "unknown"
      ? { missing: ["model"] }
      : { cost: { total: 10 * (input - cachedInput - cacheWrite5m) + cachedInput + 12 * cacheWrite5m } };

  test("is told of each attempt and added up, by model and in all", async () => {
    const prompts = promptCache({ price });
    const told: Notice[] = [];
    const notify = (notice: Notice): void => void (notice.type === "promptCache" && told.push(notice));
    const ask = (id: string, usage: Usage) =>
      asked("anthropic", id, usage)
        .model.with(prompts)
        .generate({ messages: [question], notify });
    await ask("a", { input: 1000, output: 1, cacheWrite5m: 900 });
    await ask("a", { input: 1000, output: 1, cachedInput: 900 });
    await ask("b", { input: 500, output: 1 });
    await ask("unknown", { input: 100, output: 1, cachedInput: 50 });
    await ask("b", { output: 1 });
    expect(told).toMatchObject([
      { model: "a", input: 1000, cached: 0, written: 900, saved: -1800 },
      { model: "a", input: 1000, cached: 900, written: 0, saved: 8100 },
      { model: "b", input: 500, cached: 0, written: 0, saved: 0 },
      { model: "unknown", input: 100, cached: 50, written: 0 },
    ]);
    expect(told.at(-1)).not.toHaveProperty("saved");
    expect(prompts.stats()).toEqual({
      attempts: 4,
      input: 2600,
      cached: 950,
      written: 900,
      hitRate: 950 / 2600,
      saved: 6300,
      unpriced: 1,
      models: [
        {
          provider: "anthropic",
          model: "a",
          attempts: 2,
          input: 2000,
          cached: 900,
          written: 900,
          hitRate: 0.45,
          saved: 6300,
          unpriced: 0,
        },
        {
          provider: "anthropic",
          model: "b",
          attempts: 1,
          input: 500,
          cached: 0,
          written: 0,
          hitRate: 0,
          saved: 0,
          unpriced: 0,
        },
        {
          provider: "anthropic",
          model: "unknown",
          attempts: 1,
          input: 100,
          cached: 50,
          written: 0,
          hitRate: 0.5,
          saved: 0,
          unpriced: 1,
        },
      ],
    });
  });

  test("is nothing before anything was asked", () => {
    expect(promptCache().stats()).toEqual({
      attempts: 0,
      input: 0,
      cached: 0,
      written: 0,
      hitRate: 0,
      saved: 0,
      unpriced: 0,
      models: [],
    });
  });
});
