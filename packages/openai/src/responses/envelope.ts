import type { Finish, Json, JsonObject, ModelResult } from "@plugboard/core";
import { usageForClient } from "./usage.ts";

/** What an answer says of itself before anything is known of how it ends. */
export interface Head {
  readonly id: string;
  /** What the ids of items begin with. */
  readonly prefix: string;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly model: string;
}

/** What clients expect in an answer where the request said nothing. */
const defaults: JsonObject = {
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  reasoning: { effort: null, summary: null },
  temperature: null,
  text: { format: { type: "text" } },
  tool_choice: "auto",
  tools: [],
  top_p: null,
  truncation: "disabled",
};

/** An answer that is being made. */
export function envelope({ id, created, model }: Head, echo: JsonObject): Record<string, Json | undefined> {
  return {
    id,
    object: "response",
    created_at: created,
    status: "in_progress",
    background: false,
    error: null,
    incomplete_details: null,
    model,
    output: [],
    previous_response_id: null,
    store: false,
    usage: null,
    ...defaults,
    ...echo,
  };
}

/** How an answer ended. The protocol has a word for what cut it short; anything else is complete. */
export function ending({ finishReason, usage, providerData }: Finish): JsonObject & { readonly status: string } {
  const cut = reasons[finishReason];
  const tier = providerData?.["openai"]?.["service_tier"];
  return {
    status: cut === undefined ? "completed" : "incomplete",
    incomplete_details: cut === undefined ? null : { reason: cut },
    usage: usageForClient(usage),
    ...(tier !== undefined && { service_tier: tier }),
  };
}

const reasons: Readonly<Partial<Record<ModelResult["finishReason"], string>>> = {
  length: "max_output_tokens",
  budget: "max_output_tokens",
  "content-filter": "content_filter",
};
