import { refused } from "./refused.ts";

/**
 * Refuses a number that cannot be meant.
 *
 * @throws {ModelError} `invalid-request`, with the option and the accepted values
 */
export function checkNumber(name: string, value: number, least: number, most: number = Infinity): void {
  if (typeof value === "number" && value >= least && value <= most) return;
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw refused(`\`${name}\` must be a number ${range}; it is ${String(value)}.`);
}
