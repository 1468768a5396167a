import { ModelError } from "@plugboard/core";

/**
 * What the work gives, if it comes in time.
 *
 * @param onSettled - told before whoever waits is, and whether it failed
 * @throws {ModelError} `timeout` after so many milliseconds; what comes later is nobody's
 */
export function within<Value>(
  patience: number,
  work: Promise<Value>,
  onSettled?: (failed: boolean) => void,
): Promise<Value> {
  // On the way of every call: no promise more than it takes.
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined = setTimeout(() => {
      timer = undefined;
      onSettled?.(true);
      reject(new ModelError(`The store did not answer within ${patience} ms.`, { code: "timeout" }));
    }, patience);
    const settle = (failed: boolean): void => {
      if (timer === undefined) return;
      clearTimeout(timer);
      timer = undefined;
      onSettled?.(failed);
    };
    const given = (value: Value): void => {
      settle(false);
      resolve(value);
    };
    const failed = (error: unknown): void => {
      settle(true);
      reject(error);
    };
    work.then(given, failed);
  });
}
