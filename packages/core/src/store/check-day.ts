import { ModelError } from "../error.ts";

/**
 * Refuses a day that is not written as `2026-11-25`, or that no calendar has.
 *
 * @throws {ModelError} `invalid-request`, with what was given
 */
export function checkDay(day: string): void {
  const time = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(day) : Number.NaN;
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(day)) return;
  throw new ModelError(`A day must be a UTC one such as "2026-11-25"; it is ${JSON.stringify(day)}.`, {
    code: "invalid-request",
  });
}
