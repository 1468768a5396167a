import { ModelError } from "@plugboard/core";

/** Result codes of SQLite: https://www.sqlite.org/rescode.html */
const codes = { busy: 5, locked: 6, corrupt: 11, noDatabase: 26 };

/** Whether another process, or another connection, stands in the way: it may pass. */
export function isBusy(error: unknown): boolean {
  return [codes.busy, codes.locked].includes(codeOf(error));
}

/** Whether the file is damaged. */
export function isCorrupt(error: unknown): boolean {
  return [codes.corrupt, codes.noDatabase].includes(codeOf(error));
}

/** A failure of the engine, in our words; what is one of ours already stays as it is. */
export function storeError(error: unknown, path: string): ModelError {
  if (error instanceof ModelError) return error;
  if (isBusy(error)) {
    const message = `The store "${path}" is locked: another process has been writing for too long.`;
    return new ModelError(message, { code: "overloaded", cause: error });
  }
  const said = error instanceof Error ? error.message : String(error);
  return new ModelError(`The store "${path}" failed: ${said}.`, { code: "unknown", cause: error });
}

/** The primary code: the low byte of an extended one. */
function codeOf(error: unknown): number {
  const isSqlite = error instanceof Error && "errcode" in error && typeof error.errcode === "number";
  return isSqlite ? (error.errcode as number) & 0xff : 0;
}
