import { ModelError } from "@plugboard/core";

/**
 * Waits so many milliseconds. Nothing is left on the signal afterwards.
 *
 * @throws {ModelError} as soon as the signal is aborted
 */
export function wait(delay: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(ModelError.calledOff(signal));
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, delay);
    function stop(): void {
      clearTimeout(timer);
      reject(ModelError.calledOff(signal!));
    }
    signal?.addEventListener("abort", stop, { once: true });
  });
}
