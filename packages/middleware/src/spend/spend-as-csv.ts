import type { NanoDollars } from "@plugboard/core";
import type { SpendTotal } from "./spend.ts";

/** What a spreadsheet takes for a formula, by its first character; those of East Asian width, too. */
const formula = /^[=+\-@＝＋－＠\t\r\n]/u;

/**
 * The rows of `spend()` as CSV by RFC 4180, with a header: what they are by, then `attempts`, `unpriced`, and `spent`, `assumed` and
 * `total` in US dollars, exact to the nano-dollar.
 *
 * Tags come from users. A value that a spreadsheet would take for a formula has an apostrophe put before it, so that it is text.
 *
 * @example
 * await writeFile("spend.csv", spendAsCsv(await spend(ledger, { by: ["day", "user"] })));
 */
export function spendAsCsv(rows: readonly SpendTotal[]): string {
  const names = [...new Set(rows.flatMap(({ by }) => Object.keys(by)))];
  const lines = [[...names.map(asCell), "attempts", "unpriced", "spent", "assumed", "total"]];
  for (const { by, attempts, unpriced, spent, assumed, total } of rows) {
    const values = names.map((name) => asCell(by[name] ?? ""));
    lines.push([...values, String(attempts), String(unpriced), ...[spent, assumed, total].map(dollars)]);
  }
  return lines.map((cells) => `${cells.join(",")}\r\n`).join("");
}

function asCell(value: string): string {
  const text = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** `1.5`; what is held in numbers alone is written so everywhere. */
function dollars(amount: NanoDollars): string {
  const digits = String(amount).padStart(10, "0");
  const fraction = digits.slice(-9).replace(/0+$/, "");
  return digits.slice(0, -9) + (fraction === "" ? "" : `.${fraction}`);
}
