import { ModelError } from "@plugboard/core";

/**
 * What the work gives, if it comes in time.
 *
 * @throws {ModelError} `timeout` after so many milliseconds; what comes later is nobody's
 */
export function within<Value>(patience: number, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new ModelError(`The store did not answer within ${patience} ms.`, { code: "timeout" }));
    }, patience);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
