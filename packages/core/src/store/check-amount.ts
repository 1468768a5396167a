import { ModelError } from "../error.ts";

/**
 * Refuses what cannot be booked: only whole nano-dollars from 0 to 2^53 - 1 can.
 *
 * @throws {ModelError} `invalid-request`, with the amount
 */
export function checkAmount(amount: number): void {
  if (Number.isSafeInteger(amount) && amount >= 0) return;
  throw new ModelError(`An \`amount\` must be a whole number of nano-dollars of at least 0; it is ${amount}.`, {
    code: "invalid-request",
  });
}
