import { objectCheck } from "@plugboard/core";
import type { Schema } from "@plugboard/core";
import type { Accept } from "./accept.ts";

/**
 * Trusts an answer that is a value of the schema, as `generateObject` reads it. One that asks for tools is none yet, and is trusted.
 *
 * @throws {ModelError} `unsupported` if the schema cannot be expressed as JSON Schema
 * @example
 * const model = cascade([small, large], { accept: validAs(z.object({ city: z.string() })) });
 */
export function validAs(schema: Schema): Accept {
  const check = objectCheck(schema);
  return async ({ result }) => {
    const problem = await check(result);
    return problem === undefined
      ? { accepted: true, why: "gave a value of the schema" }
      : { accepted: false, why: `gave no value of the schema: ${problem}` };
  };
}
