import type { FinishReason } from "@plugboard/core";
import type { FailureRule } from "@plugboard/wire";
import type { CompletionRules } from "../completions/dialect.ts";
import type { EmbeddingRules } from "../embeddings/dialect.ts";
import type { RerankRules } from "../rerank/dialect.ts";
import type { CountRules } from "../shared/count-rules.ts";
import type { Effort, ModelRule, RefusableField } from "../shared/model-rule.ts";
import type { Proof } from "../shared/proof.ts";
import type { ThinkTags } from "./think-tags.ts";

/**
 * What differs between the vendors of the chat-completions protocol, as data. Only the first two members are needed; the defaults are
 * what most servers understand.
 *
 * @example
 * const acme: ChatDialect = { provider: "acme", baseURL: "https://api.acme.example/v1", keyVariable: "ACME_API_KEY" };
 */
export interface ChatDialect {
  /** Who is called and billed; the key of `providerData` and `providerOptions`. */
  readonly provider: string;
  readonly baseURL: string;
  /** The environment variable that holds the key. Left out, a key is sent only if one is given. */
  readonly keyVariable?: string;
  /** What shows that all this is right. */
  readonly provenBy?: Proof;
  /** Where requests go, after the base URL. @default "/chat/completions" */
  readonly path?: string;
  /** What the limit on the output is called. @default "max_tokens" */
  readonly maxTokens?: "max_tokens" | "max_completion_tokens";
  /** What rules are sent as. @default "system" */
  readonly systemRole?: "system" | "developer";
  /** Whether a stream tells its usage only when asked with `stream_options`. @default true */
  readonly streamUsage?: boolean;
  /**
   * Whether every stream ends with `[DONE]`: then one that closes without it was cut, even after a finish reason; what was still to
   * come may have been the usage, or an error. Otherwise the finish reason is enough.
   *
   * @default false
   */
  readonly endsWithDone?: boolean;
  /** The strongest form of structured output; a weaker one is helped by an instruction. @default "json_schema" */
  readonly output?: "json_schema" | "json_object" | "none";
  /** Whether schemas may be marked `strict`. @default false */
  readonly strict?: boolean;
  /** The reasoning efforts it takes; without any, a wish for reasoning is left out with a warning. */
  readonly efforts?: readonly Effort[];
  /** How a wish for reasoning is sent: as text, or in an object beside a token budget. @default "reasoning_effort" */
  readonly reasoningForm?: "reasoning_effort" | "reasoning";
  /** Where the thoughts of earlier answers go; without it they are left out with a warning. */
  readonly replay?: "reasoning_content" | "reasoning" | "reasoning_details" | "thinking";
  /** What the seed is called; a `random_seed` is not below 0. @default "seed" */
  readonly seed?: "seed" | "random_seed";
  /** Makes ids of calls such as the vendor takes, always the same of the same: `exactCallId(9)`. @default up to 40 characters of any kind */
  readonly callId?: (id: string) => string;
  /** Whether a user's message may stand right after the results of tools; otherwise a short answer is put between. @default true */
  readonly userAfterResults?: boolean;
  /** What marks an assistant's message at the end as one to go on from. @default nothing */
  readonly prefill?: "prefix";
  /** How a file is sent that is neither an image nor audio. @default "file" */
  readonly documents?: "file" | "document_url";
  /** Takes out the thoughts that answers begin with, in `<think>` tags: `thinkTags`. It is given, so that other vendors do not carry it. */
  readonly thinkTags?: () => ThinkTags;
  /** Particular models; the first rule that matches counts. */
  readonly models?: readonly ModelRule[];
  /** Families of models that differ in more than that; the first that matches counts, and goes over what the vendor says. */
  readonly families?: readonly DialectFamily[];
  /** Request fields that no model of the vendor takes. */
  readonly refuses?: readonly RefusableField[];
  /** Media types it reads; a trailing `*` stands for anything. @default PNG, JPEG, GIF and WebP */
  readonly files?: readonly string[];
  /** Whether a file other than an image may be given as a URL. @default false */
  readonly fileURLs?: boolean;
  /** The vendor's own tools that may be named in a request, by what follows the dot of their id. */
  readonly providerTools?: readonly string[];
  /** Whose `providerData` and `providerOptions` it understands besides its own. */
  readonly accepts?: readonly string[];
  /** The most stop sequences it takes. @default 4 */
  readonly stops?: number;
  /** The highest temperature it takes. @default 2 */
  readonly hottest?: number;
  /** What its finish reasons mean, where they are not those of the protocol. */
  readonly finishReasons?: Readonly<Record<string, FinishReason>>;
  /** How it embeds, where it is not as most servers do. */
  readonly embeddings?: EmbeddingRules;
  /** How it ranks documents, where it is not as Cohere and Jina do it. */
  readonly rerank?: RerankRules;
  /** How it fills in the middle; without it, a suffix is refused. */
  readonly completions?: CompletionRules;
  /** How it counts tokens, for `compatibleCounting`, where it is not as vLLM does it. */
  readonly counting?: CountRules;
  /** How it tells of failures, where the common table would not understand. */
  readonly failures?: readonly FailureRule[];
}

/** What the models of one maker do their own way, at a vendor that serves many. */
export interface DialectFamily {
  /** Tested on the model's id, or on its catalogue name where it has one. */
  readonly named: RegExp;
  readonly dialect: Partial<Omit<ChatDialect, "provider" | "families">>;
}

/** The dialect as one model speaks it. */
export function ofFamily(dialect: ChatDialect, model: string): ChatDialect {
  const family = dialect.families?.find(({ named }) => named.test(model));
  return family ? { ...dialect, ...family.dialect } : dialect;
}
