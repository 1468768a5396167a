import { anthropic } from "@plugboard/anthropic";
import { quote } from "@plugboard/catalog";
import { textOf } from "@plugboard/core";
import type { Middleware, Model, ModelRequest } from "@plugboard/core";
import { budget, cache, observe, retry } from "@plugboard/middleware";
import { openai } from "@plugboard/openai";
import { openaiResponses } from "@plugboard/openai/responses";
import { fallback } from "@plugboard/routing";
import { undiciTransport } from "@plugboard/transport-undici";
import type { Transport, WireOptions } from "@plugboard/wire";
import type { Given, Place, Subject, WireName } from "./subject.ts";
import { nowhere, question } from "./subject.ts";

const asked: ModelRequest = { messages: [{ role: "user", content: question }] };

interface Sent extends Place {
  readonly transport?: Transport;
}

const makers: Readonly<Record<WireName, (sent: Sent) => Model>> = {
  chat: (sent) => openai("gpt-4o", optionsOf(sent, "/v1")),
  messages: (sent) => anthropic("claude-sonnet-4-5", optionsOf(sent, "/v1")),
  responses: (sent) => openaiResponses("gpt-4o", optionsOf(sent, "/v1")),
};

type Options = WireOptions & { readonly apiKey: string; readonly baseURL: string };

function optionsOf({ fetch, transport, origin = nowhere }: Sent, path: string): Options {
  return { apiKey: "key", baseURL: origin + path, ...(fetch && { fetch }), ...(transport && { transport }) };
}

function subject(name: string, wire: WireName, chain = (model: Model): Model => model, transport?: Transport): Subject {
  const ask = (place: Place): Model => chain(makers[wire](transport ? { ...place, transport } : place));
  return {
    name,
    wire,
    ours: true,
    generate(place) {
      const model = ask(place);
      return async () => given(await model.generate(asked));
    },
    stream(place) {
      const model = ask(place);
      return async (): Promise<Given> => {
        let [text, tokens] = ["", undefined as number | undefined];
        for await (const event of await model.stream(asked)) {
          if (event.type === "text-delta") text += event.text;
          else if (event.type === "finish") tokens = event.usage.output;
        }
        return { text, tokens };
      };
    },
    leave(place) {
      const model = ask(place);
      return async () => {
        for await (const event of await model.stream(asked)) if (event.type === "text-delta") return;
      };
    },
    open(place) {
      const model = ask(place);
      return async () => {
        const reply = await model.stream(asked);
        await reply.next();
        await reply.next();
        return () => reply.cancel();
      };
    },
  };
}

function given(result: Awaited<ReturnType<Model["generate"]>>): Given {
  return { text: textOf(result), tokens: result.usage.output };
}

/** A store that never has it, so that every call pays the look-up and goes on to the wire. */
const forgetful = { get: async () => undefined, set: async () => {}, delete: async () => {} };

const five = (): Middleware[] => [
  observe(),
  cache({ store: forgetful }),
  budget({ limit: Number.MAX_SAFE_INTEGER, price: quote }),
  retry(),
];

/** observe, cache, budget and retry, in front of a fallback. */
const behindFive = (model: Model): Model => fallback([model]).with(...five());

export const plugboards: readonly Subject[] = [
  subject("plugboard", "chat"),
  subject("plugboard + 5", "chat", behindFive),
  subject("plugboard", "messages"),
  subject("plugboard", "responses"),
];

/** By its own transports, over HTTP. Not behind five layers: the cache would make one call of equal ones that are in flight. */
export const transported: readonly Subject[] = [
  subject("plugboard", "chat"),
  subject("plugboard, undici", "chat", undefined, undiciTransport()),
];
