import { globSync, readFileSync } from "node:fs";
import { recordedFaults, recordedSamples, sharedHas, sharedPath, validator } from "@plugboard/recordings";
import type { ProviderSample } from "@plugboard/testing";
import { testProvider } from "@plugboard/testing/test-provider";
import { expect, test } from "vitest";
import { alibaba } from "./alibaba.ts";
import { cerebras } from "./cerebras.ts";
import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";
import { deepseek } from "./deepseek.ts";
import { groq } from "./groq.ts";
import { huggingFace } from "./hugging-face.ts";
import * as vendors from "./index.ts";
import { llamaCpp } from "./llama-cpp.ts";
import { mistral } from "./mistral.ts";
import { moonshot } from "./moonshot.ts";
import { openrouter } from "./openrouter.ts";
import { perplexity } from "./perplexity.ts";
import { together } from "./together.ts";
import { vllm } from "./vllm.ts";
import { xai } from "./xai.ts";
import { zai } from "./zai.ts";

const schemas = await validator();

for (const [name, factory] of Object.entries({ deepseek, groq, openrouter, xai })) {
  testProvider(name, ({ fetch, model }) => factory(model, { fetch, apiKey: "key" }), [
    ...recordedSamples(name),
    ...recordedFaults(name),
  ]);
}

testProvider(
  "mistral",
  ({ fetch, model }) => mistral(model, { fetch, apiKey: "key" }),
  [...recordedSamples("mistral"), ...recordedFaults("mistral")],
  { ...(schemas && { requestErrors: (body) => schemas.requestErrors("mistral", body) }) },
);

const servers: Readonly<Record<string, ChatFactory>> = {
  alibaba,
  cerebras,
  huggingface: huggingFace,
  llamacpp: llamaCpp,
  moonshot,
  perplexity,
  together,
  vllm,
  "xai-via-compatible": xai,
  zai,
};
const plain = compatible({ provider: "plain", baseURL: "http://localhost:9/v1" });

testProvider(
  "compatible servers",
  ({ fetch, model, sample }) => {
    const server = sample.exercises.find((name) => name in servers);
    return (server === undefined ? plain : servers[server]!)(model, { fetch, apiKey: "key" });
  },
  [...recordedSamples("openai-compatible").map(asSent), ...recordedFaults("openai-compatible")],
);

/** A stream was asked for and JSON came: no comments can stand in that. */
function asSent(sample: ProviderSample): ProviderSample {
  return sample.headers["content-type"]?.startsWith("application/json") ? { ...sample, framing: "json" } : sample;
}

interface Recorded {
  readonly provider: string;
  readonly server?: string;
  readonly api: string;
  /** Some were written from a documented shape, and prove no more than that. */
  readonly provenance: string;
}

const cases = sharedHas("fixtures") ? globSync(`${sharedPath("fixtures")}/*/*/meta.json`) : [];

test.skipIf(cases.length === 0)(
  "a vendor says that it is proven by recordings where there are some (skipped where they are not there)",
  () => {
    const recorded = new Set(
      cases
        .map((file) => JSON.parse(readFileSync(file, "utf8")) as Recorded)
        .filter(({ api, provenance }) => api === "chat" && provenance.startsWith("record"))
        .map(({ provider, server }) => server ?? provider),
    );
    for (const vendor of Object.values(vendors)) {
      if (!("dialect" in vendor)) continue;
      const { provider, provenBy } = vendor.dialect;
      expect([provider, provenBy?.by]).toStrictEqual([
        provider,
        recorded.has(provider) ? "recordings" : "documentation",
      ]);
    }
  },
);
