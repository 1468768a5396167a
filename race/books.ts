import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { NanoDollars } from "@plugboard/core";

/**
 * What the provider bills, of one process: a line at a time, written before anyone hears of it, so that it is there even if the process
 * is killed the moment after.
 */
export function openBooks(path: string): (call: string, amount: NanoDollars) => void {
  return (call, amount) => appendFileSync(path, `${call} ${amount}\n`);
}

/** The sum of each call. */
export function readBooks(paths: readonly string[]): ReadonlyMap<string, NanoDollars> {
  const sums = new Map<string, NanoDollars>();
  for (const path of paths) {
    const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
    for (const line of lines) {
      const [call = "", amount = "0"] = line.split(" ");
      if (call !== "") sums.set(call, (sums.get(call) ?? 0) + Number(amount));
    }
  }
  return sums;
}
