import type { Warning } from "@plugboard/core";

/** The header that says what was adapted or dropped on the way to the model. */
export const warningHeader = "x-plugboard-warnings";

/** A header has to stay small: clients and proxies refuse large ones. */
const most = 20;

/**
 * Warnings as the value of a header: `dropped seed, adapted tools[0]`, without their messages, which may quote a prompt; `undefined`
 * where there are none.
 */
export function warningsAsHeader(warnings: readonly Warning[] = []): string | undefined {
  if (warnings.length === 0) return undefined;
  const named = warnings.slice(0, most).map(({ code, path }) => plain(path === undefined ? code : `${code} ${path}`));
  if (warnings.length > most) named.push(`and ${warnings.length - most} more`);
  return named.join(", ");
}

/** What came from outside never breaks a header. */
function plain(text: string): string {
  return text.replaceAll(/[^\w.[\]\- ]/g, "_").slice(0, 80);
}
