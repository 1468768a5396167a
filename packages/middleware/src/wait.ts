import { ModelError } from "@plugboard/core";

/**
 * Waits so many milliseconds. Nothing is left on the signal afterwards.
 *
 * @param wakers - where to put what ends the wait early, for as long as it lasts
 * @throws {ModelError} as soon as the signal is aborted
 */
export function wait(delay: number, signal: AbortSignal | undefined, wakers?: Set<() => void>): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(ModelError.calledOff(signal));
    const end = (): void => {
      wakers?.delete(wake);
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    };
    const wake = (): void => {
      end();
      resolve();
    };
    const stop = (): void => {
      end();
      reject(ModelError.calledOff(signal!));
    };
    const timer = setTimeout(wake, delay);
    wakers?.add(wake);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
