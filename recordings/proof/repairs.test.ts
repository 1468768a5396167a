import { messagesProtocol } from "@plugboard/anthropic/serve";
import { converseProtocol } from "@plugboard/bedrock/serve";
import { chatProtocol as cohereProtocol } from "@plugboard/cohere/serve";
import { ModelError } from "@plugboard/core";
import type { Message, ModelRequest, RequestPlan, Tool } from "@plugboard/core";
import { generateContentProtocol } from "@plugboard/google/serve";
import { chatProtocol } from "@plugboard/ollama/serve";
import { chatCompletionsProtocol, responsesProtocol } from "@plugboard/openai/serve";
import { validator } from "@plugboard/recordings";
import type { ServedProtocol } from "@plugboard/wire";
import { describe, expect, test } from "vitest";
import { adapters } from "./adapters.ts";

const schemas = await validator();

const tools: readonly Tool[] = [
  { name: "weather", input: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } },
];
const user = (content: string): Message => ({ role: "user", content });
const call = (id: string, city = "Oslo"): Extract<Message, { role: "assistant" }> => ({
  role: "assistant",
  content: [{ type: "tool-call", id, name: "weather", input: { city } }],
});
const result = (id: string, output = "Rain"): Extract<Message, { role: "tool" }> => ({
  role: "tool",
  content: [{ type: "tool-result", id, name: "weather", output }],
});

/** What becomes of conversations that were cut, compacted or left half-way. `says` must be in the body, whatever is repaired. */
const broken: Readonly<Record<string, { readonly messages: readonly Message[]; readonly says: readonly string[] }>> = {
  "a call without a result": { messages: [user("Hi"), call("abc123def"), user("Never mind.")], says: ["Never mind."] },
  "a call without a result at the end": { messages: [user("Hi"), call("abc123def")], says: ["Hi"] },
  "an aborted turn: one of two calls has its result": {
    messages: [
      user("Hi"),
      { role: "assistant", content: [...callsOf("abc123def", "Oslo"), ...callsOf("def456abc", "Rome")] },
      result("abc123def", "Snow in Oslo"),
      user("Stop."),
    ],
    says: ["Snow in Oslo", "Stop."],
  },
  "a result without a call": {
    messages: [user("Hi"), result("abc123def", "Lonely rain"), user("Well?")],
    says: ["Lonely rain", "Well?"],
  },
  "a result that comes late": {
    messages: [user("Hi"), call("abc123def"), user("Are you there?"), result("abc123def", "Late rain"), user("Well?")],
    says: ["Late rain", "Well?"],
  },
  "a compacted history that begins with a result": {
    messages: [result("abc123def", "Old rain"), { role: "assistant", content: "It rained." }, user("And now?")],
    says: ["Old rain", "It rained.", "And now?"],
  },
  "a compacted history that begins with an answer": {
    messages: [{ role: "assistant", content: "It rained." }, user("And now?")],
    says: ["It rained.", "And now?"],
  },
  "an empty answer": {
    messages: [user("Hi"), { role: "assistant", content: "" }, user("Well?")],
    says: ["Hi", "Well?"],
  },
  "an answer without parts": {
    messages: [user("Hi"), { role: "assistant", content: [] }, user("Well?")],
    says: ["Hi", "Well?"],
  },
  "an answer of blanks": {
    messages: [user("Hi"), { role: "assistant", content: " \n" }, user("Well?")],
    says: ["Hi", "Well?"],
  },
  "an empty question": { messages: [user("Hi"), user(""), user("Well?")], says: ["Hi", "Well?"] },
  "two answers in a row": {
    messages: [
      user("Hi"),
      { role: "assistant", content: "One." },
      { role: "assistant", content: "Two." },
      user("Well?"),
    ],
    says: ["One.", "Two.", "Well?"],
  },
  "the same call id in two turns": {
    messages: [
      user("Hi"),
      call("abc123def"),
      result("abc123def", "First rain"),
      call("abc123def", "Rome"),
      result("abc123def", "Second sun"),
      user("Well?"),
    ],
    says: ["First rain", "Second sun"],
  },
  "ids and names that are not the provider's": {
    messages: [
      user("Hi"),
      { role: "assistant", content: [{ type: "tool-call", id: "fc_1|call:ü", name: "wetter.für.heute", input: {} }] },
      {
        role: "tool",
        content: [{ type: "tool-result", id: "fc_1|call:ü", name: "wetter.für.heute", output: "Regen" }],
      },
      user("Well?"),
    ],
    says: ["Regen"],
  },
  "arguments that are no JSON": {
    messages: [
      user("Hi"),
      {
        role: "assistant",
        content: [
          {
            type: "tool-call",
            id: "abc123def",
            name: "weather",
            input: '{"city": "Os',
            raw: '{"city": "Os',
            invalid: true,
          },
        ],
      },
      result("abc123def", "Not understood"),
      user("Well?"),
    ],
    says: ["Not understood"],
  },
  "a system message in the middle": {
    messages: [
      user("Hi"),
      { role: "assistant", content: "Hello." },
      { role: "system", content: "Be brief." },
      user("Well?"),
    ],
    says: ["Be brief.", "Well?"],
  },
};

function callsOf(id: string, city: string): { type: "tool-call"; id: string; name: string; input: { city: string } }[] {
  return [{ type: "tool-call", id, name: "weather", input: { city } }];
}

/** How what is sent is read again. */
const readers: Readonly<Record<string, Pick<ServedProtocol, "readRequest">>> = {
  openai: chatCompletionsProtocol(),
  azure: chatCompletionsProtocol(),
  "azure foundry": chatCompletionsProtocol(),
  mistral: chatCompletionsProtocol(),
  deepseek: chatCompletionsProtocol(),
  groq: chatCompletionsProtocol(),
  openrouter: chatCompletionsProtocol(),
  perplexity: chatCompletionsProtocol(),
  vllm: chatCompletionsProtocol(),
  xai: chatCompletionsProtocol(),
  "openai responses": responsesProtocol(),
  "azure responses": responsesProtocol(),
  "xai responses": responsesProtocol(),
  anthropic: messagesProtocol(),
  "anthropic 2026-10-21": messagesProtocol(),
  "azure anthropic": messagesProtocol(),
  "bedrock anthropic": messagesProtocol(),
  "vertex anthropic": messagesProtocol(),
  google: generateContentProtocol(),
  vertex: generateContentProtocol(),
  ollama: chatProtocol(),
  cohere: cohereProtocol(),
  bedrock: converseProtocol(),
  "bedrock nova": converseProtocol(),
};

describe.each(adapters.map((adapter) => [adapter.name, adapter] as const))("%s", (name, { create, model, schema }) => {
  test.for(Object.entries(broken))("repairs or refuses %s", async ([, { messages, says }]) => {
    const planned = await planOf({ messages, tools });
    const body = JSON.stringify(planned?.body ?? says);
    const lost = says.filter((text) => !body.includes(text));
    const errors = planned && schema && schemas ? schemas.requestErrors(schema[0], planned.body, schema[1]) : [];
    expect({ lost, errors }).toStrictEqual({ lost: [], errors: [] });
  });

  const reader = readers[name];
  if (!reader) {
    const why = "nothing here reads the requests of this adapter again";
    test(`repairs once; ${Object.keys(broken).length} histories skipped: ${why}`, { skip: true }, () => {});
  }
  test.for(reader ? Object.entries(broken) : [])(
    "repairs once, with nothing left to repair, %s",
    async ([title, { messages }]) => {
      const planned = await planOf({ messages, tools });
      const again = planned && (await planOf({ messages: readBack(planned), tools }));
      const third = again && (await planOf({ messages: readBack(again), tools }));
      const told = again?.warnings.filter(({ path = "" }) => path.startsWith("messages")) ?? [];
      // What is no JSON stays so, and is told of each time that it is sent.
      const wanted = title === "arguments that are no JSON" ? told : [];
      expect({ told, body: third?.body }).toStrictEqual({ told: wanted, body: again?.body });
      expect(planned === undefined).toBe(third === undefined);
    },
  );

  function readBack({ body }: RequestPlan): readonly Message[] {
    // Where the model stands in the path, the reader is told of it.
    const { messages } = reader!.readRequest({ model, ...body }).request;
    return name === "xai responses" ? ofXai(messages) : messages;
  }

  /** Whoever reads the protocol takes what is in it for OpenAI's. */
  function ofXai(messages: readonly Message[]): readonly Message[] {
    return JSON.parse(
      JSON.stringify(messages).replaceAll('"providerData":{"openai":', '"providerData":{"xai":'),
    ) as Message[];
  }

  /** `undefined` where it is refused with a word of why. */
  async function planOf(request: ModelRequest): Promise<RequestPlan | undefined> {
    try {
      return await create(model).plan(request);
    } catch (error) {
      if (error instanceof ModelError && ["invalid-request", "unsupported"].includes(error.code)) return undefined;
      throw error;
    }
  }
});
