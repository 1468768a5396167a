import type { ModelRequest } from "@plugboard/core";
import type { Effort, ModelRule, RefusableField } from "./model-rule.ts";
import type { Writing } from "./writing.ts";
import { warn } from "./writing.ts";

/** What is refused by a vendor, by a model of it, and by that model when it reasons. */
export function refusedFields(
  byVendor: readonly RefusableField[] | undefined,
  { refuses = [], refusesWhenReasoning = [] }: Pick<ModelRule, "refuses" | "refusesWhenReasoning">,
  effort: Effort | undefined,
): ReadonlySet<RefusableField> {
  return new Set([...(byVendor ?? []), ...refuses, ...(effort === "none" ? [] : refusesWhenReasoning)]);
}

/** The request without what the model refuses. */
export function dropRefused(
  request: ModelRequest,
  refused: ReadonlySet<RefusableField>,
  writing: Writing,
): ModelRequest {
  if (refused.size === 0) return request;
  const kept = { ...request };
  for (const field of refused) {
    const value = request[field];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    delete (kept as Partial<Record<RefusableField, unknown>>)[field];
    warn(writing, "dropped", field, `${writing.model} does not take \`${field}\`.`);
  }
  return kept;
}
