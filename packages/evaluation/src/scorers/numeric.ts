import { ModelError } from "@plugboard/core";
import type { Score, Scorer } from "../scorer.ts";
import { expectedText } from "./expected.ts";
import type { ExpectedOptions } from "./expected.ts";

/** How near is near enough, and which number of the answer counts. */
export interface NumericOptions<Row> extends ExpectedOptions<Row> {
  /** The greatest difference that is still right. @default 0 */
  readonly tolerance?: number;
  /** The same as a share of what is expected: 0.01 is 1 %. The greater of both counts. @default 1e-9, for the digits' sake */
  readonly relative?: number;
  /** Which number of the answer is its result. @default "last" */
  readonly pick?: "first" | "last";
}

/**
 * Whether the number in the answer is the one expected. It reads signs, thousands separated by commas or blanks, decimals, exponents,
 * fractions (`3/4`) and percentages (`12 %` is 0.12 only where what is expected is not written with `%`, too).
 *
 * @throws {ModelError} `invalid-request` if what is expected is no number: in the measurement, under `unscored`
 * @example
 * numeric({ tolerance: 0.5 }).score({ ...answer, text: "So it is $1,234.40.", row: { expected: 1234 } }); // true
 */
export function numeric<Row = unknown>(options: NumericOptions<Row> = {}): Scorer<Row> {
  const { tolerance = 0, relative = 1e-9, pick = "last" } = options;
  return {
    name: "numeric",
    score({ row, text }): Score {
      const wanted = expectedText(row, options);
      if (!wanted) return undefined;
      const said = numbersIn(text).at(pick === "first" ? 0 : -1);
      return wanted.some((expected) => {
        const [number, ...more] = numbersIn(expected);
        if (!number || more.length > 0) {
          throw new ModelError(`\`expected\` must be a number; it is ${JSON.stringify(expected).slice(0, 80)}.`, {
            code: "invalid-request",
          });
        }
        if (!said) return false;
        const [left, right] =
          number.percent && said.percent ? [said.digits, number.digits] : [said.value, number.value];
        return Math.abs(left - right) <= Math.max(tolerance, relative * Math.abs(right));
      });
    },
  };
}

interface Found {
  /** With the percent sign left out of account. */
  readonly digits: number;
  readonly value: number;
  readonly percent: boolean;
}

const numbers =
  /(?<![\w.])([-+−]?)[$€£]?\s?([-+−]?)(\d{1,3}(?:[,\u00A0\u202F ]\d{3})+(?!\d)|\d+)?(\.\d+)?(e[-+]?\d+)?(?:\s?\/\s?(\d+(?:\.\d+)?))?(\s?%)?/gi;

/** Numbers of a text, in order. */
export function numbersIn(text: string): Found[] {
  const found: Found[] = [];
  for (const [, before = "", after = "", whole = "", decimals = "", exponent = "", divisor, percent] of text.matchAll(
    numbers,
  )) {
    if (whole === "" && decimals === "") continue;
    const size = Number(`${whole.replace(/[^\d]/g, "")}${decimals}${exponent}`);
    const sign = /[-−]/.test(before + after) ? -1 : 1;
    const digits = (sign * size) / (divisor === undefined ? 1 : Number(divisor));
    found.push({ digits, value: percent ? digits / 100 : digits, percent: percent !== undefined });
  }
  return found;
}
