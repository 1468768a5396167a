/** A stop of our own, which the caller's signal pulls, too. */
export interface LinkedStop {
  readonly signal: AbortSignal;
  stop(reason?: unknown): void;
  /** Takes our listener off the caller's signal: a long-lived one must gather none. */
  unlink(): void;
}

/** Makes one; `AbortSignal.any` would leave something on a long-lived signal. */
export function linkedStop(signal: AbortSignal | undefined): LinkedStop {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal!.reason);
  if (signal?.aborted) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });
  return {
    signal: controller.signal,
    stop: (reason) => controller.abort(reason),
    unlink: () => signal?.removeEventListener("abort", onAbort),
  };
}
