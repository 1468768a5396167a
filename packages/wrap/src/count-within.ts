import type { Usage } from "@plugboard/core";
import { countOf } from "@plugboard/wire";

/** A count of a usage, no more than its total, whatever was told; nothing where it was not. */
export function countWithin(name: keyof Usage, count: number | undefined, total: number | undefined): Usage {
  const part = countOf(count);
  return part === undefined ? {} : { [name]: Math.min(part, total ?? part) };
}
