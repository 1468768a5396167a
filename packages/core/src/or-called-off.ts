import { ModelError } from "./error.ts";

/**
 * What a piece of work comes to, unless it is called off or late first: then it is no longer waited for.
 *
 * @throws {ModelError} `aborted` or `timeout`, or what the work failed with
 */
export function orCalledOff<Value>(
  work: Promise<Value>,
  { signal, deadline }: { readonly signal?: AbortSignal | undefined; readonly deadline?: number | undefined },
): Promise<Value> {
  if (!signal && deadline === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => end(() => reject(ModelError.calledOff(signal!)));
    const onDeadline = (): void =>
      end(() => reject(new ModelError("The deadline passed.", { code: "timeout", phase: "total" })));
    const end = (settle: () => void): void => {
      signal?.removeEventListener("abort", onAbort);
      clearTimeout(timer);
      settle();
    };
    const wait = deadline === undefined ? undefined : Math.min(Math.max(deadline - Date.now(), 0), 2 ** 31 - 1);
    const timer = wait === undefined ? undefined : setTimeout(onDeadline, wait);
    work.then(
      (value) => end(() => resolve(value)),
      (error: unknown) => end(() => reject(error instanceof Error ? error : ModelError.from(error))),
    );
    if (signal?.aborted) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
  });
}
