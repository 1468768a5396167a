import type { ModelRequest } from "@plugboard/core";
import { expect, test, vi } from "vitest";
import { listeningFetch } from "../../test/listening-fetch.ts";
import { bedrock } from "../bedrock.ts";

const at = { region: "eu-central-1", apiKey: "a-key" } as const;
const claude = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";
const request: ModelRequest = {
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Hello" },
  ],
  tools: [{ name: "now", input: { type: "object" } }],
  reasoning: { budgetTokens: 2000 },
  temperature: 1,
  providerOptions: { bedrock: { performanceConfig: { latency: "optimized" } } },
};

test("counts what a call would send, but for what has no tokens, at the model itself", async () => {
  const { fetch, sent } = listeningFetch(() => ({ inputTokens: 42 }));
  const model = bedrock(claude, { fetch, ...at });
  expect(await model.countTokens(request)).toEqual({ tokens: 42, bound: "exact" });

  const { messages, system, toolConfig, additionalModelRequestFields } = (await model.plan(request)).body;
  expect(additionalModelRequestFields).toHaveProperty("thinking");
  expect(sent).toMatchObject([
    {
      host: "bedrock-runtime.eu-central-1.amazonaws.com",
      path: "/model/anthropic.claude-haiku-4-5-20251001-v1%3A0/count-tokens",
      body: { input: { converse: { messages, system, toolConfig, additionalModelRequestFields } } },
    },
  ]);
  const { input } = sent[0]!.body as { readonly input: { readonly converse: object } };
  expect(Object.keys(input.converse)).toHaveLength(4);
});

test.each([
  ["us.meta.llama4-maverick-17b-instruct-v1:0", undefined, "meta.llama4-maverick-17b-instruct-v1%3A0"],
  ["global.anthropic.claude-sonnet-4-6", undefined, "anthropic.claude-sonnet-4-6"],
  ["amazon.nova-lite-v1:0", undefined, "amazon.nova-lite-v1%3A0"],
  ["arn:aws:bedrock:eu-west-1:1:x/y", "anthropic.claude-sonnet-4-6", "anthropic.claude-sonnet-4-6"],
  ["arn:aws:bedrock:us-east-1:1:inference-profile/us.amazon.nova-lite-v1:0", undefined, "amazon.nova-lite-v1%3A0"],
])("%s, known as %s, is counted as %s", async (id, catalogId, path) => {
  const { fetch, sent } = listeningFetch(() => ({ inputTokens: 1 }));
  await bedrock(id, { fetch, ...at, ...(catalogId !== undefined && { catalogId }) }).countTokens("Hello");
  expect(sent[0]!.path).toBe(`/model/${path}/count-tokens`);
});

test("a count is no attempt, and says what went wrong as a call does", async () => {
  const notify = vi.fn<() => void>();
  const { fetch } = listeningFetch(() => ({ inputTokens: "many" }));
  const counted = bedrock(claude, { fetch, ...at }).countTokens({ ...request, notify });
  await expect(counted).rejects.toMatchObject({ code: "parse", provider: "bedrock" });
  expect(notify).not.toHaveBeenCalled();

  const refusing = async (): Promise<Response> =>
    Response.json({ message: "The provided model doesn't support counting tokens." }, { status: 400 });
  const uncounted = bedrock("amazon.nova-lite-v1:0", { fetch: refusing, ...at }).countTokens("Hello");
  await expect(uncounted).rejects.toMatchObject({ code: "invalid-request", status: 400 });
  await expect(bedrock(claude, at).countTokens({ messages: [] })).rejects.toMatchObject({ code: "invalid-request" });
});

test("a model that counts can still be put behind middleware", async () => {
  const { fetch } = listeningFetch(() => ({ inputTokens: 1 }));
  const seen = vi.fn<(id: string) => void>();
  const model = bedrock(claude, { fetch, ...at }).with((inner) => (asked) => {
    seen(inner.id);
    return inner.call(asked);
  });
  await model.generate("Hello").catch(() => {});
  expect(seen).toHaveBeenCalledExactlyOnceWith(claude);
});
