import { anthropic, azureAnthropic, bedrockAnthropic, vertexAnthropic } from "@plugboard/anthropic";
import { bedrock } from "@plugboard/bedrock";
import { cohere } from "@plugboard/cohere";
import type { ProviderModel } from "@plugboard/core";
import { google, vertex } from "@plugboard/google";
import { ollama } from "@plugboard/ollama";
import { azure, azureFoundry, openai } from "@plugboard/openai";
import { deepseek, groq, mistral, openrouter, perplexity, vllm, xai } from "@plugboard/openai/compatible";
import { azureResponses, openaiResponses, xaiResponses } from "@plugboard/openai/responses";
import { samples as anthropicSamples } from "../../packages/anthropic/test/samples.ts";
import { samples as bedrockSamples } from "../../packages/bedrock/test/samples.ts";
import { samples as cohereSamples } from "../../packages/cohere/test/samples.ts";
import { samples as googleSamples } from "../../packages/google/test/samples.ts";
import { samples as ollamaSamples } from "../../packages/ollama/src/ollama.samples.ts";
import { openaiSamples } from "../../packages/openai/src/openai.samples.ts";
import { responsesSamples } from "../../packages/openai/src/responses/responses.samples.ts";
import type { ProviderSample } from "@plugboard/testing";

/** What a model is made with, whoever makes it. */
interface Making {
  readonly fetch?: typeof globalThis.fetch;
}

/** One adapter, as the proofs that go over all of them see it. */
export interface Adapter {
  readonly name: string;
  /** A model that it is asked for where no sample names one. */
  readonly model: string;
  readonly create: (model: string, making?: Making) => ProviderModel;
  /** Whose `providerData` goes back to it. */
  readonly owners: readonly string[];
  /** The schema that its requests must fit, and the operation. */
  readonly schema?: readonly [name: string, operation?: string];
  /** Answers written from the documentation. */
  readonly samples: readonly ProviderSample[];
  /** Folders of recorded answers. */
  readonly recordings: readonly string[];
}

const apiKey = "a-key";
const endpoint = "https://resource.openai.azure.com";

/** All that answer, a line each; what they share a protocol with stands beside them. */
export const adapters: readonly Adapter[] = [
  {
    name: "openai",
    model: "gpt-4.1",
    create: (id, making) => openai(id, { apiKey, ...making }),
    owners: ["openai"],
    schema: ["openai-chat"],
    samples: openaiSamples,
    recordings: ["openai-chat"],
  },
  {
    name: "azure",
    model: "gpt-4.1",
    create: (id, making) => azure(id, { apiKey, endpoint, ...making }),
    owners: ["azure", "openai"],
    schema: ["openai-chat"],
    samples: [],
    recordings: ["azure"],
  },
  {
    name: "azure foundry",
    model: "Phi-4",
    create: (id, making) => azureFoundry(id, { apiKey, endpoint: "https://resource.services.ai.azure.com", ...making }),
    owners: ["azure", "openai"],
    samples: [],
    recordings: [],
  },
  {
    name: "openai responses",
    model: "gpt-5.2",
    create: (id, making) => openaiResponses(id, { apiKey, ...making }),
    owners: ["openai"],
    schema: ["openai-responses"],
    samples: responsesSamples,
    recordings: ["openai-responses"],
  },
  {
    name: "azure responses",
    model: "gpt-5.2",
    create: (id, making) => azureResponses(id, { apiKey, endpoint, ...making }),
    owners: ["azure", "openai"],
    schema: ["openai-responses"],
    samples: [],
    recordings: ["azure-responses"],
  },
  {
    name: "anthropic",
    model: "claude-sonnet-4-5",
    create: (id, making) => anthropic(id, { apiKey, ...making }),
    owners: ["anthropic", "bedrock"],
    schema: ["anthropic-messages-2023-06-01", "messages-beta"],
    samples: anthropicSamples,
    recordings: ["anthropic"],
  },
  {
    name: "anthropic 2026-10-21",
    model: "claude-opus-4-8",
    create: (id, making) => anthropic(id, { apiKey, version: "2026-10-21", ...making }),
    owners: ["anthropic", "bedrock"],
    schema: ["anthropic-messages", "messages-beta"],
    samples: [],
    recordings: [],
  },
  claudeElsewhere("azure anthropic", (id, making) => azureAnthropic(id, { apiKey, endpoint, ...making })),
  claudeElsewhere("bedrock anthropic", (id, making) =>
    bedrockAnthropic(id, { apiKey, region: "us-east-1", ...making }),
  ),
  claudeElsewhere("vertex anthropic", (id, making) =>
    vertexAnthropic(id, { project: "a-project", location: "global", token: apiKey, ...making }),
  ),
  {
    name: "google",
    model: "gemini-3.5-flash",
    create: (id, making) => google(id, { apiKey, ...making }),
    owners: ["google"],
    schema: ["gemini"],
    samples: googleSamples,
    recordings: ["google"],
  },
  {
    name: "vertex",
    model: "gemini-2.5-flash",
    create: (id, making) => vertex(id, { project: "a-project", token: apiKey, ...making }),
    owners: ["google"],
    schema: ["gemini"],
    samples: [],
    recordings: [],
  },
  {
    name: "cohere",
    model: "command-a-03-2025",
    create: (id, making) => cohere(id, { apiKey, ...making }),
    owners: ["cohere"],
    schema: ["cohere"],
    samples: cohereSamples,
    recordings: ["cohere"],
  },
  {
    name: "bedrock",
    model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    create: (id, making) => bedrock(id, { region: "us-east-1", apiKey, ...making }),
    owners: ["bedrock", "anthropic"],
    schema: ["bedrock", "converse"],
    samples: bedrockSamples,
    recordings: ["bedrock"],
  },
  {
    name: "bedrock nova",
    model: "us.amazon.nova-lite-v1:0",
    create: (id, making) => bedrock(id, { region: "us-east-1", apiKey, ...making }),
    owners: ["bedrock", "anthropic"],
    schema: ["bedrock", "converse"],
    samples: [],
    recordings: [],
  },
  {
    name: "ollama",
    model: "qwen3",
    create: (id, making) => ollama(id, { baseURL: "http://127.0.0.1:11434", ...making }),
    owners: ["ollama"],
    schema: ["ollama"],
    samples: ollamaSamples,
    recordings: ["ollama"],
  },
  {
    name: "mistral",
    model: "mistral-large-latest",
    create: (id, making) => mistral(id, { apiKey, ...making }),
    owners: ["mistral"],
    schema: ["mistral"],
    samples: [],
    recordings: ["mistral"],
  },
  compatibleAdapter("deepseek", "deepseek-chat", deepseek),
  compatibleAdapter("groq", "openai/gpt-oss-120b", groq),
  compatibleAdapter("openrouter", "anthropic/claude-sonnet-4.5", openrouter),
  { ...compatibleAdapter("perplexity", "sonar-pro", perplexity), recordings: [] },
  { ...compatibleAdapter("vllm", "Qwen/Qwen3-8B", vllm), recordings: [] },
  compatibleAdapter("xai", "grok-4", xai),
  {
    name: "xai responses",
    model: "grok-4",
    create: (id, making) => xaiResponses(id, { apiKey, ...making }),
    owners: ["xai"],
    samples: [],
    recordings: ["xai-responses"],
  },
];

/** Anthropic's protocol on another platform, whose bodies differ from the schema in what the path says. */
function claudeElsewhere(name: string, create: Adapter["create"]): Adapter {
  return {
    name,
    model: "claude-sonnet-4-5",
    create,
    owners: ["anthropic", "bedrock"],
    samples: [],
    recordings: [],
  };
}

/** Its requests have members of the vendor's own, so no schema is theirs. */
function compatibleAdapter(
  name: string,
  model: string,
  make: (id: string, options: Making & { readonly apiKey: string }) => ProviderModel,
): Adapter {
  return {
    name,
    model,
    create: (id, making) => make(id, { apiKey, ...making }),
    owners: [name],
    samples: [],
    recordings: [name],
  };
}
