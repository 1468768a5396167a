import type { Writing } from "./terminal.ts";

/** So many are told one by one; how many there are is told at the end. */
const most = 10;

/** Tells of what cannot be taken as it comes: the line, the field and what was expected; after some of them no more. */
export function problemTeller({
  write,
}: Writing): (problem: { readonly line?: number; readonly message: string }) => void {
  let told = 0;
  return ({ line, message }) => {
    told++;
    if (told <= most) write(`${line === undefined ? "" : `line ${line}: `}${message}\n`);
    else if (told === most + 1) write("More are not told one by one.\n");
  };
}

/** How many were none, and where they are. */
export function problemsTold(count: number, what: string, path: string | undefined): string[] {
  if (count === 0) return [];
  return [`${count} ${what}${path === undefined ? "" : `; they and why are in ${path}`}.`];
}
