import { defineEmbeddingModel } from "@plugboard/core";
import type { EmbeddingModel, Model } from "@plugboard/core";
import { gateway, newKey } from "@plugboard/gateway";
import { openai } from "@plugboard/openai";
import { validated, validator } from "@plugboard/recordings";
import { simulate } from "@plugboard/testing";
import type { SimulatedCall, SimulatedModel } from "@plugboard/testing";
import { dropIn } from "@plugboard/wrap";

/** What a client of a provider's is given, so that models of ours answer it. */
export interface Door extends AsyncDisposable {
  /** Where the paths of the providers begin. */
  readonly origin: string;
  readonly apiKey: string;
  readonly fetch: typeof globalThis.fetch;
  /** What the simulated provider behind it was asked. */
  readonly calls: readonly SimulatedCall[];
}

/** A way in, by name. */
export interface Way {
  readonly name: string;
  /**
   * Opens it in front of a simulated provider: the model `fast` is its, `vectors` gives a vector for each text. Every body and event that
   * is served is looked at; disposing of the door fails where one does not fit its schema.
   *
   * @param look - false where answers are called off: what is looked at is read to its end
   */
  readonly open: (simulated: SimulatedModel, look?: boolean) => Promise<Door>;
}

type Opened = Omit<Door, "calls">;
type Models = Readonly<Record<string, Model | EmbeddingModel>>;

const schemas = await validator();

/** Both ways that models of ours can be asked by somebody else's client. */
export const ways: readonly Way[] = [
  { name: "the gateway", open: (simulated, look) => open(simulated, throughGateway, look) },
  { name: "the drop-in", open: (simulated, look) => open(simulated, throughDropIn, look) },
];

async function throughGateway(models: Models): Promise<Opened> {
  const { key, hash } = newKey();
  const server = await gateway({ models, keys: [{ name: "tester", hash }] }).serve({ port: 0 });
  const close = (): Promise<void> => server.drain({ grace: 0 });
  return { origin: server.url, apiKey: key, fetch: globalThis.fetch, [Symbol.asyncDispose]: close };
}

async function throughDropIn(models: Models): Promise<Opened> {
  return {
    origin: "https://nobody.example",
    apiKey: "any",
    fetch: dropIn({ models }),
    [Symbol.asyncDispose]: async () => {},
  };
}

async function open(
  simulated: SimulatedModel,
  way: (models: Models) => Promise<Opened>,
  look: boolean = true,
): Promise<Door> {
  const simulator = await simulate({ models: { "gpt-4o": simulated } });
  const opened = await way({
    fast: openai("gpt-4o", { baseURL: `${simulator.url}/v1`, apiKey: "of-the-provider" }),
    vectors,
  });
  const watched = validated(opened.fetch, schemas);
  return {
    ...opened,
    fetch: look ? watched.fetch : opened.fetch,
    calls: simulator.requests,
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]();
      await simulator.close();
      if (look) await watched.verify();
    },
  };
}

const vectors: EmbeddingModel = defineEmbeddingModel({
  provider: "test",
  id: "vectors",
  call: async ({ values }) => ({
    model: "vectors",
    embeddings: values.map((value) => [value.length, 0.5, -1]),
    usage: { input: values.length },
    warnings: [],
  }),
});
