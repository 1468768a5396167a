import type { CountingModel, ProviderEmbeddingModel, ProviderRerankModel } from "@plugboard/core";
import { bedrockRuntime } from "@plugboard/wire/aws";
import type { BedrockOptions } from "./bedrock-options.ts";
import { converseModel } from "./converse/model.ts";
import { embedModel } from "./embed/model.ts";
import { rerankModel } from "./rerank/model.ts";

/**
 * A model on Amazon Bedrock, asked through the Converse API.
 *
 * A call throws `auth` before anything is sent when there are no keys, `invalid-request` when there is no region, and `unsupported`
 * for what the Converse API cannot say: a `suffix`, a file of an unknown type or by a URL that is not of S3.
 *
 * Tokens are counted by the model itself where it can: Claude does, Nova does not, and says so in an `invalid-request`.
 *
 * @param id - of a model (`amazon.nova-lite-v1:0`) or an inference profile (`us.anthropic.claude-sonnet-4-5-20250929-v1:0`), or an ARN
 * @throws {ModelError} `invalid-request` for a base URL or a region that is none
 * @example
 * const model = bedrock("eu.amazon.nova-lite-v1:0", { region: "eu-central-1" }); // the keys are in the environment
 * const { content } = await model.generate("Why is the sky blue?");
 */
export function bedrock(id: string, options: BedrockOptions = {}): CountingModel {
  return converseModel({ id, catalogId: options.catalogId, options, runtime: bedrockRuntime(id, options) });
}

/**
 * An embedding model on Amazon Bedrock: Titan Text Embeddings, Nova Multimodal Embeddings (of texts), or Cohere's. Titan and Nova take
 * one text in a request, Cohere 96: more go in several requests, four at a time, and each is an attempt of its own.
 *
 * @param id - of a model (`amazon.titan-embed-text-v2:0`), an inference profile, or an ARN with `catalogId`
 * @throws {ModelError} `unsupported` for a model of another family, `invalid-request` for a base URL or a region that is none
 * @example
 * const model = bedrockEmbedding("amazon.titan-embed-text-v2:0", { region: "eu-central-1" });
 * const { embeddings } = await model.embed({ values: ["a river", "a mountain"], dimensions: 512 });
 */
export function bedrockEmbedding(id: string, options: BedrockOptions = {}): ProviderEmbeddingModel {
  return embedModel(id, options);
}

/**
 * A model on Amazon Bedrock that orders documents by how well they answer a query, 1000 at most in one call.
 *
 * @param id - of a model (`cohere.rerank-v3-5:0`, `amazon.rerank-v1:0`), or an ARN
 * @throws {ModelError} `invalid-request` for a base URL or a region that is none
 * @example
 * const model = bedrockRerank("cohere.rerank-v3-5:0", { region: "eu-central-1" });
 * const { ranking } = await model.rerank({ query: "a river", documents: ["the Nile", "Everest"], limit: 1 });
 */
export function bedrockRerank(id: string, options: BedrockOptions = {}): ProviderRerankModel {
  return rerankModel(id, options);
}
