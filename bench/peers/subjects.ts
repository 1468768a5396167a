// What an application would pick in our place, each asked as its own documentation shows. They are loaded by name, since nothing but the
// benchmark installs them: their types are told here, as far as they are used.
import type { Place, Subject } from "../subject.ts";
import { nowhere, question } from "../subject.ts";

const apiKey = "key";
const model = "gpt-4o";
const messages = [{ role: "user", content: question }];

/** One of them: the packages it takes, and how it becomes a subject. */
export interface Peer {
  readonly name: string;
  /** What an application installs for it. */
  readonly packages: readonly string[];
  /** What an application imports for one call. */
  readonly imports: readonly string[];
  /** An application that makes one call, for its bundle. */
  readonly program: string;
  readonly load: () => Promise<readonly Subject[]>;
}

const load = (name: string): Promise<never> => import(name) as Promise<never>;
const v1 = ({ fetch, origin = nowhere }: Place): { baseURL: string; fetch?: typeof globalThis.fetch } => ({
  baseURL: `${origin}/v1`,
  ...(fetch && { fetch }),
});

type Stream<Chunk> = AsyncIterable<Chunk> & { readonly controller?: AbortController };

interface ChatChunk {
  readonly choices: readonly { readonly delta: { readonly content?: string } }[];
  readonly usage?: { readonly completion_tokens: number };
}
interface OpenAIClient {
  readonly chat: { readonly completions: { create(body: object): Promise<never> } };
  readonly responses: { create(body: object): Promise<never> };
}
interface ChatCompletion {
  readonly choices: readonly { readonly message: { readonly content: string } }[];
  readonly usage: { readonly completion_tokens: number };
}

async function openaiSubjects(): Promise<readonly Subject[]> {
  const { default: OpenAI } = (await load("openai")) as { default: new (options: object) => OpenAIClient };
  const client = (place: Place): OpenAIClient => new OpenAI({ apiKey, maxRetries: 0, ...v1(place) });
  const streamed = { model, messages, stream: true, stream_options: { include_usage: true } };
  const openChat = (place: Place): (() => Promise<Stream<ChatChunk>>) => {
    const { chat } = client(place);
    return () => chat.completions.create(streamed);
  };
  return [
    {
      name: "openai",
      wire: "chat",
      generate(place) {
        const { chat } = client(place);
        return async () => {
          const body: ChatCompletion = await chat.completions.create({ model, messages });
          return { text: body.choices[0]!.message.content, tokens: body.usage.completion_tokens };
        };
      },
      stream(place) {
        const open = openChat(place);
        return async () => {
          let [text, tokens] = ["", 0];
          for await (const chunk of await open()) {
            text += chunk.choices[0]?.delta.content ?? "";
            if (chunk.usage) tokens = chunk.usage.completion_tokens;
          }
          return { text, tokens };
        };
      },
      leave(place) {
        const open = openChat(place);
        return async () => {
          for await (const chunk of await open()) if (chunk.choices[0]?.delta.content) return;
        };
      },
      open(place) {
        const open = openChat(place);
        return async () => {
          const stream = await open();
          const reader = stream[Symbol.asyncIterator]();
          for (let step = await reader.next(); !step.value?.choices[0]?.delta.content;) step = await reader.next();
          // Whoever lets it go reads it until then: without the reader what it has read would be collected, and not be counted.
          return () => {
            stream.controller?.abort();
            return reader;
          };
        };
      },
    },
    {
      name: "openai",
      wire: "responses",
      stream(place) {
        const { responses } = client(place);
        type Event = { type: string; delta?: string; response?: { usage: { output_tokens: number } } };
        return async () => {
          let [text, tokens] = ["", 0];
          const stream: Stream<Event> = await responses.create({ model, input: question, stream: true });
          for await (const event of stream) {
            if (event.type === "response.output_text.delta") text += event.delta;
            else if (event.type === "response.completed") tokens = event.response!.usage.output_tokens;
          }
          return { text, tokens };
        };
      },
    },
  ];
}

async function anthropicSubjects(): Promise<readonly Subject[]> {
  type Event = { type: string; delta?: { text?: string }; usage?: { output_tokens: number } };
  type Client = { messages: { create(body: object): Promise<Stream<Event>> } };
  const { default: Anthropic } = (await load("@anthropic-ai/sdk")) as { default: new (options: object) => Client };
  return [
    {
      name: "@anthropic-ai/sdk",
      wire: "messages",
      stream({ fetch, origin = nowhere }) {
        const client = new Anthropic({ apiKey, maxRetries: 0, baseURL: origin, ...(fetch && { fetch }) });
        const body = { model: "claude-sonnet-4-6", max_tokens: 1000, messages, stream: true };
        return async () => {
          let [text, tokens] = ["", 0];
          for await (const event of await client.messages.create(body)) {
            if (event.type === "content_block_delta") text += event.delta?.text ?? "";
            else if (event.type === "message_delta") tokens = event.usage!.output_tokens;
          }
          return { text, tokens };
        };
      },
    },
  ];
}

async function aiSubjects(): Promise<readonly Subject[]> {
  type Usage = { outputTokens: number };
  type Streamed = { textStream: AsyncIterable<string>; usage: PromiseLike<Usage> };
  const { generateText, streamText } = (await load("ai")) as {
    generateText: (options: object) => Promise<{ text: string; usage: Usage }>;
    streamText: (options: object) => Streamed;
  };
  type Provider = { chat(id: string): object; responses(id: string): object };
  const { createOpenAI } = (await load("@ai-sdk/openai")) as { createOpenAI: (options: object) => Provider };
  const make = (wire: "chat" | "responses"): Subject => {
    const made = (place: Place): object => createOpenAI({ apiKey, ...v1(place) })[wire](model);
    return {
      name: "ai",
      wire,
      generate(place) {
        const model = made(place);
        return async () => {
          const { text, usage } = await generateText({ model, messages, maxRetries: 0 });
          return { text, tokens: usage.outputTokens };
        };
      },
      stream(place) {
        const model = made(place);
        return async () => {
          let text = "";
          const { textStream, usage } = streamText({ model, messages, maxRetries: 0 });
          for await (const piece of textStream) text += piece;
          return { text, tokens: (await usage).outputTokens };
        };
      },
      leave(place) {
        const model = made(place);
        return async () => {
          for await (const _ of streamText({ model, messages, maxRetries: 0 }).textStream) return;
        };
      },
      open(place) {
        const model = made(place);
        return async () => {
          const stop = new AbortController();
          const options = { model, messages, maxRetries: 0, abortSignal: stop.signal };
          const reader = streamText(options).textStream[Symbol.asyncIterator]();
          await reader.next();
          return () => {
            stop.abort();
            return reader;
          };
        };
      },
    };
  };
  return [make("chat"), make("responses")];
}

async function langchainSubjects(): Promise<readonly Subject[]> {
  type Message = { text: string; usage_metadata?: { output_tokens: number } };
  type Chat = { invoke(messages: object): Promise<Message>; stream(messages: object): Promise<AsyncIterable<Message>> };
  const { ChatOpenAI } = (await load("@langchain/openai")) as { ChatOpenAI: new (options: object) => Chat };
  const made = (place: Place): Chat =>
    new ChatOpenAI({ model, apiKey, maxRetries: 0, streamUsage: true, configuration: v1(place) });
  return [
    {
      name: "@langchain/openai",
      wire: "chat",
      generate(place) {
        const chat = made(place);
        return async () => {
          const { text, usage_metadata: usage } = await chat.invoke(messages);
          return { text, tokens: usage?.output_tokens };
        };
      },
      stream(place) {
        const chat = made(place);
        return async () => {
          let [text, tokens] = ["", 0];
          for await (const chunk of await chat.stream(messages)) {
            text += chunk.text;
            tokens += chunk.usage_metadata?.output_tokens ?? 0;
          }
          return { text, tokens };
        };
      },
      leave(place) {
        const chat = made(place);
        return async () => {
          for await (const chunk of await chat.stream(messages)) if (chunk.text) return;
        };
      },
    },
  ];
}

async function tanstackSubjects(): Promise<readonly Subject[]> {
  type Chunk = { type: string; delta?: string; usage?: { completionTokens: number } };
  const { chat } = (await load("@tanstack/ai")) as { chat: (options: object) => AsyncIterable<Chunk> };
  const { createOpenaiChatCompletions } = (await load("@tanstack/ai-openai")) as {
    createOpenaiChatCompletions: (model: string, apiKey: string, options: object) => object;
  };
  const made = (place: Place): object => createOpenaiChatCompletions(model, apiKey, { maxRetries: 0, ...v1(place) });
  return [
    {
      name: "@tanstack/ai",
      wire: "chat",
      stream(place) {
        const adapter = made(place);
        return async () => {
          let [text, tokens] = ["", 0];
          for await (const chunk of chat({ adapter, messages })) {
            if (chunk.type === "TEXT_MESSAGE_CONTENT") text += chunk.delta ?? "";
            if (chunk.usage) tokens = chunk.usage.completionTokens;
          }
          return { text, tokens };
        };
      },
      leave(place) {
        const adapter = made(place);
        return async () => {
          for await (const chunk of chat({ adapter, messages })) if (chunk.type === "TEXT_MESSAGE_CONTENT") return;
        };
      },
    },
  ];
}

function askedOf(place: Place): object {
  return { apiKey, model, messages, ...v1(place) };
}

function streamedOf(place: Place): object {
  return { ...askedOf(place), streamOptions: { includeUsage: true } };
}

async function xsaiSubjects(): Promise<readonly Subject[]> {
  type Usage = { outputTokens?: number; completion_tokens?: number };
  type Streamed = { textStream: ReadableStream<string>; usage: Promise<Usage | undefined> };
  const { generateText, streamText } = (await load("xsai")) as {
    generateText: (options: object) => Promise<{ text: string; usage: Usage }>;
    streamText: (options: object) => Promise<Streamed> | Streamed;
  };
  const tokensOf = (usage: Usage | undefined): number | undefined => usage?.outputTokens ?? usage?.completion_tokens;
  return [
    {
      name: "xsai",
      wire: "chat",
      generate: (place) => async () => {
        const { text, usage } = await generateText(askedOf(place));
        return { text, tokens: tokensOf(usage) };
      },
      stream: (place) => async () => {
        let text = "";
        const { textStream, usage } = await streamText(streamedOf(place));
        for await (const piece of textStream) text += piece;
        return { text, tokens: tokensOf(await usage) };
      },
      leave: (place) => async () => {
        for await (const piece of (await streamText(streamedOf(place))).textStream) if (piece) return;
      },
    },
  ];
}

const call = `.then(console.log)`;

export const peers: readonly Peer[] = [
  {
    name: "openai",
    packages: ["openai"],
    imports: ["openai"],
    program: `import OpenAI from "openai"; new OpenAI().chat.completions.create({ model: "gpt-4o", messages: [] })${call}`,
    load: openaiSubjects,
  },
  {
    name: "@anthropic-ai/sdk",
    packages: ["@anthropic-ai/sdk"],
    imports: ["@anthropic-ai/sdk"],
    program: `import A from "@anthropic-ai/sdk"; new A().messages.create({ model: "m", max_tokens: 1, messages: [] })${call}`,
    load: anthropicSubjects,
  },
  {
    name: "ai",
    packages: ["ai", "@ai-sdk/openai"],
    imports: ["ai", "@ai-sdk/openai"],
    program: `import { generateText } from "ai"; import { openai } from "@ai-sdk/openai"; generateText({ model: openai("gpt-4o"), prompt: "" })${call}`,
    load: aiSubjects,
  },
  {
    name: "@langchain/openai",
    packages: ["@langchain/core", "@langchain/openai"],
    imports: ["@langchain/openai"],
    program: `import { ChatOpenAI } from "@langchain/openai"; new ChatOpenAI({ model: "gpt-4o" }).invoke("")${call}`,
    load: langchainSubjects,
  },
  {
    name: "@tanstack/ai",
    packages: ["@tanstack/ai", "@tanstack/ai-openai"],
    imports: ["@tanstack/ai", "@tanstack/ai-openai"],
    program: `import { chat } from "@tanstack/ai"; import { openaiText } from "@tanstack/ai-openai"; console.log(chat({ adapter: openaiText("gpt-4o"), messages: [] }))`,
    load: tanstackSubjects,
  },
  {
    name: "xsai",
    packages: ["xsai"],
    imports: ["xsai"],
    program: `import { generateText } from "xsai"; generateText({ apiKey: "", baseURL: "", model: "gpt-4o", messages: [] })${call}`,
    load: xsaiSubjects,
  },
];
