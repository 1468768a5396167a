import type { ProviderData } from "@plugboard/core";

/** Where the trust in an adapter comes from: recorded traffic, the provider's documentation alone, or nothing yet. */
export type Provenance = "recordings" | "documentation" | "nothing";

/** A number, or a list of stop sequences, that a request may have. */
export type SettingName =
  | "maxOutputTokens"
  | "temperature"
  | "topP"
  | "topK"
  | "presencePenalty"
  | "frequencyPenalty"
  | "stop"
  | "seed";

/** What can be seen in what an adapter would send. */
export type ProbedFeature =
  | SettingName
  | "streaming"
  | "tools"
  | "parallelTools"
  | "toolChoice"
  | "output"
  | "reasoning"
  | "images"
  | "pdfs"
  | "audio"
  | "suffix"
  | "promptCaching"
  | "providerTools"
  | "tokenCounting";

/**
 * What an adapter says that it supports, over one protocol: data, which `testProvider` holds it to and a table of features is printed from.
 *
 * What is declared goes to the provider, without a warning. What is not declared is never silently lost: it gives a warning with its
 * path, or the request is rejected with `unsupported`.
 */
export interface ProviderFeatures {
  /** Who is called: `groq`. */
  readonly provider: string;
  /** The wire format: `chat-completions`. */
  readonly protocol: string;
  /** The model that has the features. */
  readonly model: string;
  /** Other models, for features that `model` has not. */
  readonly models?: { readonly [Feature in ProbedFeature]?: string };
  readonly provenBy: Provenance;
  readonly streaming: boolean;
  readonly tools: boolean;
  /** Several calls in one turn, and their results. */
  readonly parallelTools: boolean;
  /** The choices besides `auto`. */
  readonly toolChoice: readonly ("none" | "required" | "named")[];
  /** The strongest form of an answer in JSON: held to a schema, JSON of any form, asked for in words or by a tool, or not at all. */
  readonly output: "schema" | "json" | "emulated" | "none";
  readonly settings: readonly SettingName[];
  readonly reasoning: boolean;
  readonly images: boolean;
  readonly pdfs: boolean;
  readonly audio: boolean;
  /** Fill in the middle. */
  readonly suffix: boolean;
  /** By marks, of which this is one; by itself, without being told; or not at all. */
  readonly promptCaching: { readonly mark: ProviderData } | "automatic" | "none";
  /** Whether answers say what they rest on. */
  readonly citations: boolean;
  /** Tools that the provider runs: some of them, by id. */
  readonly providerTools: readonly `${string}.${string}`[];
  readonly embeddings: boolean;
  readonly rerank: boolean;
  /** By the provider's own count, with `countTokens`. */
  readonly tokenCounting: boolean;
}
