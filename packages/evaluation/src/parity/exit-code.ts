import type { Verdict } from "./contest.ts";

const codes: Readonly<Record<Verdict, number>> = { pass: 0, fail: 1, undecided: 3 };

/**
 * The exit code that tells a build what a verdict is: 0 pass, 1 fail, 3 undecided. 2 is what shells and the `plugboard` command say of a line that
 * means nothing.
 *
 * @example
 * process.exitCode = exitCode(compare(measurements, options));
 */
export function exitCode({ verdict }: { readonly verdict: Verdict }): number {
  return codes[verdict];
}
