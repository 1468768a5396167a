import type { Call } from "./callable.ts";
import type { EmbeddingRequest, EmbeddingResult } from "./embedding-model.ts";
import type { Warning } from "./event.ts";
import { addUsage } from "./usage.ts";

/** How much goes in one request. */
export interface BatchLimits {
  /** Texts at most. */
  readonly values: number;
  /** Bytes of UTF-8 at most, over all texts: no token is shorter. One text that is longer goes alone. @default no limit */
  readonly bytes?: number;
  /** Requests at the same time at most. @default 4 */
  readonly concurrency?: number;
}

const encoder = new TextEncoder();

/**
 * Cuts a list into runs that keep within the limits; the order stays.
 *
 * @example
 * batchesOf(["a", "b", "c"], { values: 2 }); // [["a", "b"], ["c"]]
 */
export function batchesOf(
  values: readonly string[],
  { values: most, bytes = Infinity }: BatchLimits,
): (readonly string[])[] {
  const batches: (readonly string[])[] = [];
  let begin = 0;
  let sum = 0;
  values.forEach((value, place) => {
    const size = bytes === Infinity ? 0 : encoder.encode(value).length;
    const full = place - begin === most || sum + size > bytes;
    if (full && place > begin) {
      batches.push(values.slice(begin, place));
      begin = place;
      sum = 0;
    }
    sum += size;
  });
  batches.push(values.slice(begin));
  return batches;
}

/**
 * Calls once for each batch, a few at a time, and joins what comes back in order. The first failure calls the others off and is what
 * the call fails with: an answer has all vectors or there is none.
 *
 * It stands at the leaf, so all batches are of one model; further out, a fallback could mix vectors that cannot be compared.
 */
export function inBatches(
  call: Call<EmbeddingRequest, EmbeddingResult>,
  limits: BatchLimits,
): Call<EmbeddingRequest, EmbeddingResult> {
  return async (request) => {
    const batches = batchesOf(request.values, limits);
    if (batches.length === 1) return call(request);

    const { signal } = request;
    const stop = new AbortController();
    const onAbort = (): void => stop.abort(signal!.reason);
    if (signal?.aborted) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });

    const results: EmbeddingResult[] = [];
    let failure: { readonly error: unknown } | undefined;
    let next = 0;
    async function work(): Promise<void> {
      while (next < batches.length && !failure) {
        const place = next++;
        try {
          results[place] = await call({ ...request, values: batches[place]!, signal: stop.signal });
        } catch (error) {
          failure ??= { error };
          stop.abort(new Error("Another batch of the same call failed."));
        }
      }
    }
    // All of them are waited for: by the end every attempt has been told, and booked.
    await Promise.all(Array.from({ length: Math.min(limits.concurrency ?? 4, batches.length) }, work));
    signal?.removeEventListener("abort", onAbort);
    if (failure) throw failure.error;
    return joined(results);
  };
}

function joined(results: readonly EmbeddingResult[]): EmbeddingResult {
  const [first, ...others] = results as readonly [EmbeddingResult, ...EmbeddingResult[]];
  const warnings = new Map<string, Warning>();
  for (const result of results) {
    for (const warning of result.warnings) warnings.set(`${warning.path} ${warning.message}`, warning);
  }
  return {
    ...first,
    embeddings: results.flatMap(({ embeddings }) => embeddings),
    usage: others.reduce((sum, { usage }) => addUsage(sum, usage), first.usage),
    warnings: [...warnings.values()],
  };
}
