import type { Middleware, Model, ModelRequest } from "@plugboard/core";
import { textOf } from "@plugboard/core";
import { budget, cache, observe, retry } from "@plugboard/middleware";
import { openai } from "@plugboard/openai";
import { fallback } from "@plugboard/routing";
import { quote } from "@plugboard/catalog";
import type { Given, Subject } from "./subject.ts";

const question: ModelRequest = { messages: [{ role: "user", content: "Tell me of the fox." }] };
const options = { apiKey: "key" };

function subject(name: string, chain: (model: Model) => Model): Subject {
  const ask = (fetch: typeof globalThis.fetch): Model => chain(openai("gpt-4o", { ...options, fetch }));
  return {
    name,
    generate(fetch) {
      const model = ask(fetch);
      return async () => given(await model.generate(question));
    },
    stream(fetch) {
      const model = ask(fetch);
      return async (): Promise<Given> => {
        let [text, tokens] = ["", undefined as number | undefined];
        for await (const event of await model.stream(question)) {
          if (event.type === "text-delta") text += event.text;
          else if (event.type === "finish") tokens = event.usage.output;
        }
        return { text, tokens };
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

export const bare: Subject = subject("plugboard", (model) => model);
/** observe, cache, budget and retry, in front of a fallback. */
export const chained: Subject = subject("plugboard + 5", (model) => fallback([model]).with(...five()));
