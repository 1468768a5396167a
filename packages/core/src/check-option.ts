import { ModelError } from "./error.ts";

/** What a number among the options may be: from `least` to `most`, and `whole` where only whole ones make sense. */
export interface OptionRange {
  readonly least: number;
  readonly most?: number;
  readonly whole?: true;
}

/**
 * Refuses a number among the options that cannot be meant, when a layer is made rather than when it is used.
 *
 * @throws {ModelError} `invalid-request`, with the option and the accepted values
 */
export function checkOption(name: string, value: unknown, { least, most = Infinity, whole }: OptionRange): void {
  const fits = typeof value === "number" && value >= least && value <= most;
  if (fits && (!whole || value === Infinity || Number.isSafeInteger(value))) return;
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  const shown = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing").slice(0, 80);
  throw new ModelError(`\`${name}\` must be a ${whole ? "whole " : ""}number ${range}; it is ${shown}.`, {
    code: "invalid-request",
  });
}
