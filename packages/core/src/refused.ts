import { ModelError } from "./error.ts";

/** What a number of a request may be. */
export interface Range {
  readonly least: number;
  readonly most?: number;
  readonly whole?: true;
}

/** @throws {ModelError} `invalid-request` for what is no such number */
export function checkNumber(name: string, value: unknown, { least, most = Infinity, whole }: Range): void {
  const fits = typeof value === "number" && value >= least && value <= most && (!whole || Number.isInteger(value));
  if (fits && Number.isFinite(value)) return;
  const kind = whole ? "a whole number" : "a number";
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw refused(name, least === Number.MIN_SAFE_INTEGER ? kind : `${kind} ${range}`, value);
}

/** A field of a request that no provider can take, and what it may be. */
export function refused(field: string, wanted: string, got: unknown): ModelError {
  const shown = typeof got === "number" ? String(got) : (JSON.stringify(got) ?? "nothing").slice(0, 80);
  return new ModelError(`\`${field}\` must be ${wanted}; it is ${shown}.`, { code: "invalid-request" });
}
