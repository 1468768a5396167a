import type { Model } from "./callable.ts";
import type { DeepPartial } from "./deep-partial.ts";
import type { ObjectRequest } from "./object-request.ts";
import type { ModelResult } from "./result.ts";
import type { Schema, SchemaInput, SchemaOutput } from "./schema.ts";
import { orCalledOff } from "./or-called-off.ts";
import { ModelError } from "./error.ts";
import { PartialJson } from "./partial-json.ts";
import { planObject } from "./object-request.ts";
import { badObject, readObject } from "./read-object.ts";

/** A value as it is being written. Read it by `partials`, by `object()`, or by both. */
export interface ObjectReply<Of extends Schema> extends AsyncDisposable {
  /**
   * What there is so far, each time more of it has come: as the model writes it, before defaults and transforms, and not checked.
   * It is one value that grows in place, so that a long answer costs no more than its length: copy what you keep
   * (`structuredClone`). May be read once; leaving the loop early cancels nothing.
   */
  readonly partials: AsyncIterable<DeepPartial<SchemaInput<Of>>>;
  /**
   * Reads what is left, and checks it; the same promise each time.
   *
   * @throws {ModelError} as `generateObject` does; a broken answer is not asked for again, since it has been seen
   */
  object(): Promise<SchemaOutput<Of>>;
  /** The answer that it came in, checked or not. */
  result(): Promise<ModelResult>;
  /** Closes the connection, whatever is being waited for. */
  cancel(): void;
}

/**
 * Asks for a value of a schema, and shows it as it is being written. Settles at the first content of the answer.
 *
 * @throws {ModelError} what went wrong before the first content; `unsupported` if the schema cannot be expressed as JSON Schema
 * @example
 * const reply = await streamObject(model, { schema: z.array(z.string()), messages });
 * for await (const names of reply.partials) render(names);
 * const names = await reply.object();
 */
export async function streamObject<Of extends Schema>(
  model: Model,
  { schema, name, description, ...request }: ObjectRequest<Of>,
): Promise<ObjectReply<Of>> {
  const plan = planObject(schema, name, description);
  const reply = await model.stream({ ...request, output: plan.output });

  const json = new PartialJson();
  let begun = false;
  reply.through("text-delta", (event, emit) => {
    if (begun) json.write(event.text);
    else {
      // A fence, or a word before it, is no part of the object.
      const start = event.text.indexOf("{");
      begun = start >= 0;
      if (begun) json.write(event.text.slice(start));
    }
    emit(event);
  });

  const stop = new AbortController();
  let object: Promise<SchemaOutput<Of>> | undefined;

  async function* partials(): AsyncGenerator<DeepPartial<SchemaInput<Of>>, void> {
    let seen = 0;
    while (await reply.pull()) {
      if (json.version === seen) continue;
      seen = json.version;
      const value = plan.wrapped ? (json.value as { value?: unknown } | undefined)?.value : json.value;
      if (value !== undefined) yield value as DeepPartial<SchemaInput<Of>>;
    }
    // Where `object()` reads at the same time, it may have been the one that was told of a failure.
    if (!stop.signal.aborted) await reply.result();
  }

  async function read(): Promise<SchemaOutput<Of>> {
    const result = await reply.result();
    try {
      const outcome = await orCalledOff(orCalledOff(readObject(result, plan), request), stop);
      if ("object" in outcome) return outcome.object;
      throw badObject(result, outcome);
    } catch (cause) {
      const error = ModelError.from(cause);
      error.attempts = result.attempts;
      error.cost = result.cost;
      throw error;
    }
  }

  return {
    partials: partials(),
    object: () => (object ??= read()),
    result: () => reply.result(),
    cancel() {
      stop.abort();
      reply.cancel();
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await reply[Symbol.asyncDispose]();
    },
  };
}
