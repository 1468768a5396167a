import type { AttemptPlan } from "./attempt.ts";
import type { JsonSchema, ProviderData } from "./json.ts";
import type { Message } from "./message.ts";
import type { Notice } from "./notice.ts";
import type { Tool, ToolChoice } from "./tool.ts";

/** The circumstances of one call. None of it is part of the question, so none of it is in a cache key. */
export interface CallOptions {
  /** Calls it off. An adapter always gets one: it also fires when the reply is let go. */
  readonly signal?: AbortSignal;
  /** Milliseconds since the epoch by which the answer must be whole. Layers only ever bring it nearer. */
  readonly deadline?: number;
  /**
   * Milliseconds that each attempt may take until it has an answer to give: streamed, its first content; otherwise all of it. The leaf
   * counts them from when the attempt begins. Layers only ever make it less.
   */
  readonly attemptTimeout?: number;
  /** Sent with the HTTP request, over those of the adapter. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Who and what for (user, tenant, feature): read by budgets, cache scopes, routing and logs. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Told what happens on the way. What it throws is never the call's fault. */
  readonly notify?: (notice: Notice) => void;
  /**
   * Asked by the leaf before every attempt; it may wait, or reject and so forbid the attempt. Budgets and limits act here: on the
   * model really called, wherever they stand in the chain. After it resolves, exactly one attempt with this plan starts and ends.
   */
  readonly admit?: (plan: AttemptPlan) => Promise<void>;
}

/** Answer with JSON. Without a schema, any JSON. */
export interface OutputSchema {
  readonly schema?: JsonSchema;
  /** Letters, digits, `_` and `-`. Some providers want one. @default "output" */
  readonly name?: string;
  readonly description?: string;
}

/** How much to think first. An adapter takes the nearest step its model has, and says so in a warning. */
export type Reasoning = "none" | "minimal" | "low" | "medium" | "high" | "max" | { readonly budgetTokens: number };

/** The question: plain data. All of it is in the cache key. */
export interface Prompt {
  readonly messages: readonly Message[];
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  readonly output?: OutputSchema;
  /** Fill in the middle: the last user message is what stands before, this what stands after. */
  readonly suffix?: string;
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly reasoning?: Reasoning;
  /** Merged into the body on the wire, keyed by provider: what the contract has no word for. */
  readonly providerOptions?: ProviderData;
}

/** One request to a model. */
export interface ModelRequest extends Prompt, CallOptions {
  /** Whether anyone reads the deltas. Permission, not an order: the adapter takes the cheaper wire it has. */
  readonly stream?: boolean;
}
