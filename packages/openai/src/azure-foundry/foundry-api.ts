import type { JsonObject } from "@plugboard/core";
import { ModelError } from "@plugboard/core";

/** The APIs through which Azure offers the models of others. */
export type FoundryApiName = "v1" | "inference" | "serverless";

/** Where an API answers, and what is its own. */
interface FoundryApi {
  /** After the endpoint; `?` stands for the version. */
  readonly chat: string;
  readonly embeddings: string;
  readonly rerank: string;
  /** The header that carries a key; a Microsoft Entra token is a bearer's everywhere. */
  readonly keyHeader: "api-key" | "authorization";
  /** Whether `stream_options` are known. Without them usage comes with the last chunk, where the model tells it. */
  readonly streamUsage: boolean;
  /** The members of a body that it knows; others go to the model only with a header that says so. @default all */
  readonly known?: ReadonlySet<string>;
}

/**
 * - v1 and deployments: https://learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/endpoints
 * - inference: https://learn.microsoft.com/rest/api/aifoundry/modelinference; its members and the header `extra-parameters`:
 *   https://learn.microsoft.com/azure/machine-learning/reference-model-inference-chat-completions
 * - serverless: https://learn.microsoft.com/azure/ai-foundry/how-to/deploy-models-serverless
 * - rerank: Cohere's own API behind the resource, https://docs.cohere.com/docs/cohere-on-microsoft-azure
 *
 * Looked up in November 2026.
 */
const foundryApis: Readonly<Record<FoundryApiName, FoundryApi>> = {
  v1: {
    chat: "/openai/v1/chat/completions",
    embeddings: "/openai/v1/embeddings",
    rerank: "/providers/cohere/v2/rerank",
    keyHeader: "api-key",
    streamUsage: true,
  },
  inference: {
    chat: "/models/chat/completions?",
    embeddings: "/models/embeddings?",
    rerank: "/providers/cohere/v2/rerank",
    keyHeader: "api-key",
    streamUsage: false,
    known: new Set(
      `model messages frequency_penalty max_tokens presence_penalty response_format seed stop stream temperature tool_choice tools top_p
      input dimensions encoding_format input_type`.split(/\s+/),
    ),
  },
  serverless: {
    chat: "/v1/chat/completions",
    embeddings: "/v1/embeddings",
    rerank: "/v1/rerank",
    keyHeader: "authorization",
    streamUsage: false,
  },
};

/** The API that is asked for, or the one that an endpoint has. */
export function foundryApi({
  api,
  endpoint,
}: {
  readonly api?: FoundryApiName | undefined;
  readonly endpoint?: string | URL | undefined;
}): FoundryApi {
  const ofEndpoint = /\.models\.ai\.azure\.com(\/|$)/i.test(String(endpoint ?? "")) ? "serverless" : "v1";
  const name = api ?? ofEndpoint;
  if (Object.hasOwn(foundryApis, name)) return foundryApis[name];
  throw new ModelError(`\`api\` must be ${Object.keys(foundryApis).join(", ")}; it is ${name as string}.`, {
    code: "invalid-request",
    provider: "azure",
  });
}

/** The header without which members that the API does not know are refused. */
export function extraParameters({ known }: FoundryApi, body: JsonObject): Record<string, string> {
  const extra = known !== undefined && Object.keys(body).some((name) => !known.has(name));
  return extra ? { "extra-parameters": "pass-through" } : {};
}
