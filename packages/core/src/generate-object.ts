import type { Model } from "./callable.ts";
import type { Message } from "./message.ts";
import type { ObjectRequest } from "./object-request.ts";
import type { ModelResult } from "./result.ts";
import type { Schema, SchemaOutput } from "./schema.ts";
import { orCalledOff } from "./or-called-off.ts";
import { ModelError } from "./error.ts";
import { defineModel } from "./model.ts";
import { ModelReply } from "./model-reply.ts";
import { planObject } from "./object-request.ts";
import { badObject, readObject } from "./read-object.ts";

/** A request for one value, asked for again when the answer does not do. */
export interface GenerateObjectRequest<Of extends Schema> extends ObjectRequest<Of> {
  /** How often to ask again after an answer that is not JSON or does not fit, telling the model what was wrong. @default 1 */
  readonly repair?: number;
}

/** A value, and the answer that it came in. */
export interface ObjectResult<Output> {
  readonly object: Output;
  /** The last answer, with its own usage; `attempts` and `cost` are of all that was asked. */
  readonly result: ModelResult;
}

/**
 * Asks for a value of a schema, and checks it.
 *
 * Lists, scalars and choices are asked for inside an object, since strict modes want one, and taken out again. JSON in one fenced
 * block, with or without text around it, is accepted too; everything else that is not JSON counts as broken.
 *
 * @throws {ModelError} `parse` if the last answer is broken, cut at its limit of tokens, or asks for tools; `content-filter` if the
 * model refused or the provider filtered it; `unsupported` if the schema cannot be expressed as JSON Schema; and whatever `generate`
 * throws. What was answered is in `partial`.
 * @example
 * const { object } = await generateObject(model, {
 *   schema: z.object({ city: z.string(), degrees: z.number() }),
 *   messages: [{ role: "user", content: "It is 21 degrees in Lisbon." }],
 * });
 * object.degrees; // a number
 */
export async function generateObject<Of extends Schema>(
  model: Model,
  { schema, name, description, repair = 1, ...request }: GenerateObjectRequest<Of>,
): Promise<ObjectResult<SchemaOutput<Of>>> {
  if (!Number.isInteger(repair) || repair < 0) {
    const message = `\`repair\` must be a whole number of at least 0; it is ${String(repair)}.`;
    throw new ModelError(message, { code: "invalid-request" });
  }
  const plan = planObject(schema, name, description);
  let object: { readonly value: SchemaOutput<Of> } | undefined;

  // One model around all rounds, so that attempts and cost are counted over them.
  const rounds = defineModel({
    provider: "plugboard",
    id: `object(${model.id})`,
    models: [model],
    async call(asked) {
      let { messages } = asked;
      for (let left = repair; ; left--) {
        const reply = await model.call({ ...asked, messages });
        const result = await reply.result();
        const read = await orCalledOff(readObject(result, plan), asked);
        if ("object" in read) {
          object = { value: read.object };
          return ModelReply.of(result);
        }
        if (left === 0) throw badObject(result, read);
        messages = messages.concat(correction(result, read.problem, plan.wrapped));
      }
    },
  });
  const result = await rounds.generate({ ...request, output: plan.output });
  return { object: object!.value, result };
}

/** The broken answer, and what to do about it. An empty answer is not repeated: providers refuse empty turns. */
function correction({ content }: ModelResult, problem: string, wrapped: boolean): Message[] {
  const place = wrapped ? " (inside `value`)" : "";
  const asked: Message = {
    role: "user",
    content: `Your answer does not do${place}: ${problem}. Answer again with the whole corrected JSON, and nothing else.`,
  };
  return content.some((part) => part.type !== "text" || part.text.trim() !== "")
    ? [{ role: "assistant", content }, asked]
    : [asked];
}
