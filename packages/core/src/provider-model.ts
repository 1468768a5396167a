import type { Model } from "./callable.ts";
import type { EmbeddingModel, EmbeddingRequest } from "./embedding-model.ts";
import type { Warning } from "./event.ts";
import type { JsonObject } from "./json.ts";
import type { TokenCount } from "./look-up.ts";
import type { ModelRequest } from "./request.ts";
import type { RerankModel, RerankRequest } from "./rerank-model.ts";

/** A request as its provider would get it. No key is in it. */
export interface RequestPlan {
  readonly method: "POST";
  readonly url: string;
  /** Names in lower case; without those that let the request in, such as `authorization`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  /** Everything that was adapted or dropped on the way. */
  readonly warnings: readonly Warning[];
}

/** A model of an adapter: it can say what it would send. */
export interface ProviderModel extends Model {
  /**
   * What would be sent for a request, and every adaptation, without sending it and without a key. `stream: true` in the request plans
   * what `stream` would send.
   *
   * @throws {ModelError} `invalid-request` or `unsupported`, as the call itself would, before anything is sent
   * @example
   * const { url, body, warnings } = await openai("o3").plan({ messages, temperature: 0.2 });
   */
  plan(request: ModelRequest | string): Promise<RequestPlan>;
}

/** One whose provider counts tokens. */
export interface CountingModel extends ProviderModel {
  /**
   * How many input tokens a request is, by the provider's own count: a call of its own, which is no attempt and costs nothing.
   *
   * @throws {ModelError} as a call does
   */
  countTokens(request: ModelRequest | string): Promise<TokenCount>;
}

/** An embedding model of an adapter: it can say what it would send. */
export interface ProviderEmbeddingModel extends EmbeddingModel {
  /**
   * What would be sent for texts, and every adaptation, without sending it and without a key: a plan for each request, since more texts
   * than the provider takes at once go in several.
   *
   * @throws {ModelError} `invalid-request` or `unsupported`, as the call itself would, before anything is sent
   * @example
   * const [first, ...others] = await openaiEmbedding("text-embedding-3-small").plan(["a river", "a mountain"]);
   */
  plan(request: EmbeddingRequest | readonly string[]): Promise<readonly RequestPlan[]>;
}

/** A rerank model of an adapter: it can say what it would send. */
export interface ProviderRerankModel extends RerankModel {
  /**
   * What would be sent for documents, and every adaptation, without sending it and without a key.
   *
   * @throws {ModelError} `invalid-request` or `unsupported`, as the call itself would, before anything is sent
   * @example
   * const { url, body } = await cohereRerank("rerank-v3.5").plan({ query: "a river", documents: ["the Nile", "Everest"] });
   */
  plan(request: RerankRequest): Promise<RequestPlan>;
}
