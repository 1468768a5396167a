import { ModelError } from "@plugboard/core";
import type { Call, CallOptions, Callable, ModelKey } from "@plugboard/core";

declare module "@plugboard/core" {
  interface Notices {
    /** A model did not answer, or not well enough, and the next one is asked. */
    failover: { readonly from: ModelKey; readonly to: ModelKey; readonly error: ModelError };
  }
}

/**
 * What is done with an answer before the caller gets it: gives the answer to pass on, or says why it is let go and the next model
 * asked.
 */
export type Judge<Reply> = (answer: Reply, model: ModelKey) => Reply | ModelError | Promise<Reply | ModelError>;

/** Asks one after the other, until one answers. The last one's answer is not judged. */
export function inTurn<Request extends CallOptions, Reply>(
  models: readonly Callable<Request, Reply>[],
  passes: (error: ModelError) => boolean,
  judge?: { readonly hold: Judge<Reply>; readonly last: Judge<Reply> },
): Call<Request, Reply> {
  return async (request) => {
    const failures: ModelError[] = [];
    for (const [place, model] of models.entries()) {
      const next = models[place + 1];
      try {
        const answer = await model.call(request);
        const kept = judge ? await (next ? judge.hold : judge.last)(answer, model) : answer;
        if (!(kept instanceof ModelError)) return kept;
        failures.push(kept);
      } catch (cause) {
        const error = ModelError.from(cause, { code: "unknown", provider: model.provider, model: model.id });
        if (error.code === "aborted") throw error;
        failures.push(error);
        if (isOver(request)) break;
        if (!passes(error)) throw asOne(failures, error);
      }
      if (isOver(request)) break;
      if (next) request.notify?.({ type: "failover", from: keyOf(model), to: keyOf(next), error: failures.at(-1)! });
    }
    throw asOne(failures);
  };
}

/** Whether nobody waits for an answer any more. */
function isOver({ signal, deadline }: CallOptions): boolean {
  return signal?.aborted === true || (deadline !== undefined && Date.now() >= deadline);
}

/** All failures as one: what the caller may do about it is what the telling one says, by default the first that may pass. */
function asOne(failures: readonly ModelError[], telling?: ModelError): ModelError {
  const [first] = failures;
  if (failures.length === 1) return first!;
  const { code, provider, model, status, requestId, retryAfter, phase, partial } =
    telling ?? failures.find(({ retryable }) => retryable) ?? first!;
  const told = failures.map((error) => `${error.provider ?? ""} ${error.model ?? ""}: ${error.message}`.trim());
  return new ModelError(`None of ${failures.length} models answered. ${told.join(" ")}`, {
    code,
    cause: new AggregateError(failures, "What each model failed with, in order."),
    provider,
    model,
    status,
    requestId,
    retryAfter,
    phase,
    partial,
  });
}

function keyOf({ provider, id, catalogId }: ModelKey): ModelKey {
  return { provider, id, ...(catalogId !== undefined && { catalogId }) };
}
