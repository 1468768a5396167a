import type { Attempt } from "./attempt.ts";
import type { Cost } from "./cost.ts";
import type { ProviderData } from "./json.ts";
import type { AssistantPart } from "./part.ts";
import type { Usage } from "./usage.ts";

/** Something that was asked for and not given just so. */
export interface Warning {
  /** Sent elsewhere or otherwise (`adapted`), not sent (`dropped`), or a case that a layer names. */
  readonly code: "adapted" | "dropped" | "resumed" | "deprecated" | (string & {});
  /** Where in the request: `messages[2].content[0]`, `temperature`. */
  readonly path?: string;
  readonly message: string;
}

/** What is known once an answer begins. */
export interface Start {
  /** The model that answers, in the provider's words. */
  readonly model: string;
  /** The provider's id of the answer. */
  readonly id?: string;
  /** Milliseconds since the epoch, by the provider's clock. */
  readonly created?: number;
  /** Response headers worth keeping: request ids, rate limits. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly warnings?: readonly Warning[];
}

/** Why an answer ended. `unfinished` is of partial answers alone. */
export type FinishReason =
  | "stop"
  | "length"
  | "tool-calls"
  | "content-filter"
  | "refusal"
  | "budget"
  | "other"
  | "unfinished";

/** What is known once an answer ends. */
export interface Finish {
  readonly finishReason: FinishReason;
  /** In the provider's words. */
  readonly rawFinishReason?: string;
  /** Of this answer alone. */
  readonly usage: Usage;
  /** Those met after the start. */
  readonly warnings?: readonly Warning[];
  /** Served from a cache: nothing was asked and nothing was paid. */
  readonly cached?: true;
  readonly providerData?: ProviderData;
  /** Of the whole call, losers included; put here by `generate` and `stream` alone. */
  readonly attempts?: readonly Attempt[];
  /** Of the whole call: the sum over `attempts`, absent if any of them has no price. */
  readonly cost?: Cost;
}

/** One event of an answer. Readers ignore, and transforms pass on, types they do not know. */
export type ModelEvent =
  /** Exactly one, first, never alone. */
  | ({ readonly type: "start" } & Start)
  | { readonly type: "text-delta"; readonly index: number; readonly text: string }
  | { readonly type: "reasoning-delta"; readonly index: number; readonly text: string }
  | { readonly type: "tool-call-start"; readonly index: number; readonly id: string; readonly name: string }
  | { readonly type: "tool-call-delta"; readonly index: number; readonly text: string }
  /** The part is whole; the deltas of its index add up to it. */
  | { readonly type: "part"; readonly index: number; readonly part: AssistantPart }
  /** So far; the last one wins. */
  | { readonly type: "usage"; readonly usage: Usage }
  /** Exactly one, last. */
  | ({ readonly type: "finish" } & Finish);

/** The event of one type. */
export type EventOf<Type extends ModelEvent["type"]> = Extract<ModelEvent, { type: Type }>;
