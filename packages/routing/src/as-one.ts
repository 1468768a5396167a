import { ModelError } from "@plugboard/core";

/**
 * All failures as one: a sentence, then what each of them says; what the caller may do about it is what the telling one says.
 */
export function asOne(
  failures: readonly ModelError[],
  sentence: string,
  telling: ModelError | undefined = failures[0],
): ModelError {
  if (failures.length === 1) return failures[0]!;
  const { code, provider, model, status, requestId, retryAfter, phase, partial } = telling!;
  const told = failures.map((error) => `${error.provider ?? ""} ${error.model ?? ""}: ${error.message}`.trim());
  return new ModelError(`${sentence} ${told.join(" ")}`, {
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
