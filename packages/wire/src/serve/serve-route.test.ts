import { ModelReply, defineEmbeddingModel, defineModel, defineRerankModel } from "@plugboard/core";
import type { CountingModel, Model, ModelError, ModelRequest, TokenCount } from "@plugboard/core";
import { expect, test } from "vitest";
import { countWith } from "./count-with.ts";
import type { Route } from "./route.ts";
import { serveRoute } from "./serve-route.ts";
import type { ServedModels } from "./serve-route.ts";
import type { ServedAnswer } from "./served-answer.ts";

const base = {
  name: "plain",
  writeError: ({ code, message }: ModelError) => ({ status: 418, headers: {}, body: { code, message } }),
};
const question: ModelRequest = { messages: [{ role: "user", content: "hi" }] };
const routes: Record<Route["kind"], Route> = {
  chat: {
    kind: "chat",
    path: /./,
    protocol: {
      ...base,
      streamType: "text/plain",
      readRequest: () => ({ model: "m", request: question }),
      writeResult: ({ content }) => content.length,
      writer: () => ({ write: () => "", fail: () => "" }),
    },
  },
  embedding: {
    kind: "embedding",
    path: /./,
    protocol: {
      ...base,
      readRequest: () => ({ model: "m", request: { values: ["a", "b"] } }),
      writeResult: ({ embeddings }) => embeddings.length,
    },
  },
  rerank: {
    kind: "rerank",
    path: /./,
    protocol: {
      ...base,
      readRequest: () => ({ model: "m", request: { query: "q", documents: ["a"] } }),
      writeResult: ({ ranking }) => ranking.length,
    },
  },
  count: {
    kind: "count",
    path: /./,
    protocol: {
      ...base,
      readRequest: () => ({ model: "m", request: question }),
      writeResult: ({ tokens }) => tokens,
    },
  },
};

async function* hi(): AsyncGenerator<string | { readonly finishReason: "stop" }> {
  yield "hi";
  yield { finishReason: "stop" };
}

const silent: Model = defineModel({ provider: "p", id: "m", call: () => ModelReply.from(hi(), { model: "m" }) });
const counting: CountingModel = {
  ...silent,
  plan: () => Promise.reject(new Error("not asked")),
  countTokens: (): Promise<TokenCount> => Promise.resolve({ tokens: 7, bound: "exact" }),
};
const models: Required<ServedModels> = {
  chat: () => counting.with((model) => model.call),
  embedding: () =>
    defineEmbeddingModel({
      provider: "p",
      id: "m",
      call: async ({ values }) => ({ model: "m", embeddings: values.map(() => [1]), usage: {}, warnings: [] }),
    }),
  rerank: () =>
    defineRerankModel({
      provider: "p",
      id: "m",
      call: async () => ({ model: "m", ranking: [{ index: 0, score: 1 }], usage: {}, warnings: [] }),
    }),
};

function ask(kind: Route["kind"], offered: ServedModels): Promise<ServedAnswer> {
  return serveRoute({ route: routes[kind], named: (body) => body, body: {}, models: offered });
}

test.each([
  ["chat", "1"],
  ["embedding", "2"],
  ["rerank", "1"],
  ["count", "7"],
] as const)("a %s route asks the model of its kind", async (kind, body) => {
  await expect(ask(kind, models)).resolves.toMatchObject({ status: 200, body });
});

test.each(["chat", "embedding", "rerank", "count"] as const)(
  "a kind that is not offered is not found: %s",
  async (kind) => {
    const { status, body } = await ask(kind, {});
    expect(status).toBe(418);
    expect(body).toContain('"not-found"');
  },
);

test("who cannot count says so", async () => {
  expect(() => countWith(silent)).toThrow(expect.objectContaining({ code: "unsupported" }));
  await expect(ask("count", { chat: () => silent })).resolves.toMatchObject({ status: 418 });
});
