import type { ModelResult } from "./result.ts";
import type { Schema } from "./schema.ts";
import { ModelError } from "./error.ts";
import { planObject } from "./object-request.ts";
import { readObject } from "./read-object.ts";
import { toolCallsOf } from "./result.ts";

/**
 * Makes a check of answers, for layers that judge them: it reads an answer as `generateObject` does, and says in words what keeps it from
 * being a value of the schema; `undefined` where nothing does. An answer that asks for tools, was refused or ran into a budget is no try
 * at it, and passes.
 *
 * @throws {ModelError} `unsupported` if the schema cannot be expressed as JSON Schema; the check throws where the schema does
 * @example
 * const check = objectCheck(z.object({ city: z.string() }));
 * await check(await model.generate(request)); // undefined, or "it is not JSON"
 */
export function objectCheck(schema: Schema): (result: ModelResult) => Promise<string | undefined> {
  const plan = planObject(schema, undefined, undefined);
  return async (result) => {
    if (toolCallsOf(result).length > 0) return undefined;
    try {
      const read = await readObject(result, plan);
      return "problem" in read ? read.problem : undefined;
    } catch (error) {
      // A cause is what the schema threw, which is nothing that the answer does wrong.
      if (!(error instanceof ModelError) || error.cause !== undefined) throw error;
      return error.code === "parse" ? error.message : undefined;
    }
  };
}
