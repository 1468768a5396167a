import { test } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** Cases that this skipped test stands for, and why they are not run. */
    skippedCases?: { readonly count: number; readonly reason: string };
  }
}

/** Puts a skipped test where the cases would have been, for the reader of the file's report and for `AbsenceReporter`. */
export function skipCases(count: number, what: string, reason: string): void {
  test(`${count} ${what} skipped: ${reason}`, { skip: true, meta: { skippedCases: { count, reason } } }, () => {});
}
