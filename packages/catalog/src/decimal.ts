/**
 * A decimal number times a power of ten, without rounding: `scaled(0.0375, 6)` is 37,500.
 *
 * It reads the digits that the number prints as, which are those it was written with, so nothing binary gets in.
 * `undefined` if the product is not whole, is negative, or is no number that a double holds exactly.
 */
export function scaled(value: number, power: number): number | undefined {
  const [, whole, fraction = "", exponent = "0"] = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  if (whole === undefined) return undefined;
  const shift = power + Number(exponent) - fraction.length;
  let digits = whole + fraction;
  if (shift >= 0) digits += "0".repeat(shift);
  else {
    if (!/^0*$/.test(digits.slice(shift))) return undefined;
    digits = digits.slice(0, shift);
  }
  const product = Number(digits);
  return Number.isSafeInteger(product) ? product : undefined;
}
