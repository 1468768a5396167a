// What is supported, as data: read by the tests and by the table in the documentation, and part of no bundle.
import type { ProviderFeatures, Provenance, SettingName } from "@plugboard/testing";
import { foundryDialect } from "./azure-foundry/azure-foundry.ts";
import type { ChatDialect } from "./chat-completions/dialect.ts";
import { ofFamily } from "./chat-completions/dialect.ts";
import * as vendors from "./compatible/index.ts";
import { openaiDialect } from "./openai-dialect.ts";
import type { ResponsesDialect } from "./responses/dialect.ts";
import { openaiResponsesDialect } from "./responses/openai-responses.ts";
import { xaiResponses } from "./responses/xai-responses.ts";
import { ruleFor } from "./shared/model-rule.ts";
import { reads } from "./shared/writing.ts";

/** What no dialect says. */
interface Known extends Partial<
  Pick<
    ProviderFeatures,
    "models" | "promptCaching" | "citations" | "embeddings" | "rerank" | "providerTools" | "tokenCounting"
  >
> {
  readonly model: string;
  /** @default as the dialect says */
  readonly provenBy?: Provenance;
}

const bySeven: readonly SettingName[] = [
  "maxOutputTokens",
  "temperature",
  "topP",
  "presencePenalty",
  "frequencyPenalty",
  "stop",
  "seed",
];

/** The features of a vendor of the chat-completions protocol, as its dialect has them. */
function chatFeatures(vendor: ChatDialect, known: Known): ProviderFeatures {
  const dialect = ofFamily(vendor, known.model);
  const outputs = { json_schema: "schema", json_object: "json", none: "emulated" } as const;
  return {
    ...common(dialect, known),
    protocol: "chat-completions",
    output: outputs[dialect.output ?? "json_schema"],
    suffix: dialect.completions !== undefined,
    providerTools: (dialect.providerTools ?? []).map((type) => `${dialect.provider}.${type}` as const),
  };
}

/** The features of a vendor of the responses protocol. */
function responsesFeatures(dialect: ResponsesDialect, known: Known): ProviderFeatures {
  const features = common(dialect, known);
  const sent: readonly SettingName[] = ["maxOutputTokens", "temperature", "topP"];
  return {
    ...features,
    protocol: "responses",
    output: "schema",
    settings: sent.filter((name) => features.settings.includes(name)),
    suffix: false,
    providerTools: known.providerTools ?? [],
  };
}

function common(
  dialect: ChatDialect | ResponsesDialect,
  { model, models = {}, ...known }: Known,
): Omit<ProviderFeatures, "protocol" | "output" | "suffix" | "providerTools"> {
  const { refuses = [] } = dialect;
  const refused = new Set<string>([...refuses, ...(ruleFor(dialect.models, model).refuses ?? [])]);
  const tools = !refused.has("tools");
  const { efforts = dialect.efforts ?? [] } = ruleFor(dialect.models, models.reasoning ?? model);
  const takes = (mediaType: string): boolean => reads(dialect, { type: "file", mediaType, data: new Uint8Array() });
  return {
    provider: dialect.provider,
    model,
    models,
    provenBy: known.provenBy ?? dialect.provenBy?.by ?? "nothing",
    streaming: true,
    tools,
    parallelTools: tools,
    toolChoice: tools ? ["none", "required", "named"] : [],
    settings: bySeven.filter((name) => !refused.has(name)),
    reasoning: efforts.length > 0,
    images: takes("image/png"),
    pdfs: takes("application/pdf"),
    audio: takes("audio/wav"),
    promptCaching: known.promptCaching ?? "none",
    citations: known.citations ?? false,
    embeddings: known.embeddings ?? false,
    rerank: known.rerank ?? false,
    tokenCounting: known.tokenCounting ?? false,
  };
}

const gpt: Known = {
  model: "gpt-4.1",
  models: { reasoning: "o3", suffix: "gpt-3.5-turbo-instruct" },
  provenBy: "recordings",
  promptCaching: "automatic",
  embeddings: true,
};

/** OpenAI's own, and Azure's, which is told by its endpoint. */
export const openaiFeatures: ProviderFeatures = chatFeatures(openaiDialect, gpt);
export const azureFeatures: ProviderFeatures = {
  ...chatFeatures({ ...openaiDialect, provider: "azure" }, gpt),
  suffix: false,
};
/** Azure AI Foundry, where families differ in most of this: of OpenAI's. */
export const azureFoundryFeatures: ProviderFeatures = chatFeatures(
  { ...foundryDialect, baseURL: "" },
  { model: "gpt-4.1", models: { reasoning: "o3" }, embeddings: true, rerank: true },
);
export const openaiResponsesFeatures: ProviderFeatures = responsesFeatures(openaiResponsesDialect, {
  ...gpt,
  citations: true,
  embeddings: false,
  tokenCounting: true,
  providerTools: ["openai.web_search", "openai.code_interpreter"],
});
export const azureResponsesFeatures: ProviderFeatures = responsesFeatures(
  { ...openaiResponsesDialect, provider: "azure" },
  { ...gpt, citations: true, embeddings: false, providerTools: ["openai.web_search"] },
);
export const xaiResponsesFeatures: ProviderFeatures = responsesFeatures(xaiResponses.dialect, {
  model: "grok-3",
  models: { reasoning: "grok-3-mini" },
  provenBy: "recordings",
  citations: true,
  promptCaching: "automatic",
  providerTools: ["xai.web_search"],
});

/** The compatible vendors: what no dialect says of them. */
const known: Readonly<Record<string, Known>> = {
  alibaba: { model: "qwen-plus", embeddings: true },
  cerebras: { model: "gpt-oss-120b" },
  deepseek: { model: "deepseek-chat", promptCaching: "automatic" },
  fireworks: { model: "accounts/fireworks/models/gpt-oss-120b", embeddings: true },
  groq: { model: "openai/gpt-oss-120b", promptCaching: "automatic" },
  huggingFace: { model: "openai/gpt-oss-120b" },
  llamaCpp: { model: "qwen2.5-coder", embeddings: true, rerank: true },
  lmStudio: { model: "qwen2.5-coder", embeddings: true },
  mistral: {
    model: "mistral-large-latest",
    models: { reasoning: "mistral-small-latest", suffix: "codestral-latest" },
    embeddings: true,
  },
  moonshot: { model: "kimi-k2", promptCaching: "automatic", tokenCounting: true },
  nvidia: { model: "meta/llama-3.3-70b-instruct", embeddings: true },
  openrouter: { model: "openai/gpt-4.1", promptCaching: "automatic", citations: true },
  perplexity: { model: "sonar-pro", citations: true },
  together: { model: "meta-llama/Llama-3.3-70B-Instruct-Turbo", embeddings: true, rerank: true },
  githubModels: { model: "openai/gpt-4.1", models: { reasoning: "openai/o3" } },
  sglang: { model: "Qwen/Qwen2.5-Coder-7B", embeddings: true, rerank: true },
  textGenerationInference: { model: "tgi" },
  vllm: { model: "Qwen/Qwen2.5-Coder-7B", embeddings: true, tokenCounting: true, rerank: true },
  xai: {
    model: "grok-3",
    models: { reasoning: "grok-3-mini" },
    promptCaching: "automatic",
  },
  zai: { model: "glm-4.6", tokenCounting: true },
};

/** By the name of the factory. */
export const compatibleFeatures: Readonly<Record<string, ProviderFeatures>> = Object.fromEntries(
  Object.entries(vendors).flatMap(([name, vendor]) => {
    // Factories of another kind have names that say so.
    if (!("dialect" in vendor) || /^codestral$|(Embedding|Rerank)$/.test(name)) return [];
    return [[name, chatFeatures(vendor.dialect, known[name] ?? { model: "any" })] as const];
  }),
);
