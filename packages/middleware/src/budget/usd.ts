import type { NanoDollars } from "@plugboard/core";

/** Nano-dollars as a person reads them, exactly: `$0.0000025`, with two digits of cents at least. */
export function usd(amount: NanoDollars): string {
  const digits = String(Math.abs(amount)).padStart(10, "0");
  const fraction = digits.slice(-9).replace(/0{1,7}$/, "");
  return `${amount < 0 ? "-" : ""}$${digits.slice(0, -9)}.${fraction}`;
}
