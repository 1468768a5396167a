import type { StandardSchema } from "@plugboard/core";
import type { Score, Scorer } from "../scorer.ts";
import { jsonIn } from "./json-in.ts";

/**
 * Whether the answer is JSON that fits a schema: one of zod or any library that speaks Standard Schema. For a JSON Schema as plain data,
 * zod makes one: `z.fromJSONSchema(schema)`. Text around the JSON is passed over, unless `strict` is set.
 *
 * @example
 * const run = evaluate({ dataset, models, scorers: [jsonSchema(z.object({ city: z.string() }))] });
 */
export function jsonSchema<Row = unknown>(
  schema: StandardSchema | ((row: Row) => StandardSchema | undefined),
  { strict = false }: { readonly strict?: boolean } = {},
): Scorer<Row> {
  return {
    name: "jsonSchema",
    score({ row, text }): Score | Promise<Score> {
      const wanted =
        typeof schema === "function" && !("~standard" in schema) ? schema(row) : (schema as StandardSchema);
      if (!wanted) return undefined;
      const value = strict ? strictly(text) : jsonIn(text);
      if (value === undefined) return false;
      const outcome = wanted["~standard"].validate(value);
      return outcome instanceof Promise ? outcome.then(({ issues }) => !issues) : !outcome.issues;
    },
  };
}

function strictly(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
