// What the functions of this package refuse. It depends on nothing, so a wrong argument is a RangeError, not a ModelError.
import type { Bounds } from "./interval.ts";

/** @throws {RangeError} unless it lies between 0 and 1, both left out */
export function checkShare(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw new RangeError(`\`${name}\` must be between 0 and 1; it is ${value}.`);
}

/** How sure one bound is. @throws {RangeError} unless it lies from 0.5 to 1, 1 left out */
export function checkOneSided(name: string, value: number): void {
  if (!(value >= 0.5 && value < 1)) throw new RangeError(`\`${name}\` must be from 0.5 to below 1; it is ${value}.`);
}

/** @throws {RangeError} unless it is a finite number above 0 */
export function checkPositive(name: string, value: number): void {
  if (!(value > 0 && value < Infinity))
    throw new RangeError(`\`${name}\` must be a finite number above 0; it is ${value}.`);
}

/** @throws {RangeError} unless it is a number from `least` to `most`, which may be infinite */
export function checkNumber(name: string, value: number, least: number, most: number = Infinity): void {
  if (!(value >= least && value <= most))
    throw new RangeError(`\`${name}\` must be a number ${rangeOf(least, most)}; it is ${value}.`);
}

/** @throws {RangeError} unless it is a whole number from `least` to `most` */
export function checkCount(name: string, value: number, least: number, most: number = Infinity): void {
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw new RangeError(`\`${name}\` must be a whole number ${rangeOf(least, most)}; it is ${value}.`);
}

/** @throws {RangeError} unless there are at least `least` numbers, none of them infinite or NaN, all from the lowest to the highest */
export function checkValues(
  name: string,
  values: readonly number[],
  least: number,
  [lowest, highest]: Bounds = [-Infinity, Infinity],
): void {
  if (values.length < least) throw new RangeError(`\`${name}\` must hold ${least} or more; it holds ${values.length}.`);
  for (const [place, value] of values.entries()) {
    if (!Number.isFinite(value)) throw new RangeError(`\`${name}[${place}]\` must be a finite number; it is ${value}.`);
    if (value < lowest || value > highest)
      throw new RangeError(`\`${name}[${place}]\` must be a number ${rangeOf(lowest, highest)}; it is ${value}.`);
  }
}

/** @throws {RangeError} unless the first is below the second */
export function checkBounds([least, most]: Bounds): void {
  if (!(least < most)) throw new RangeError(`\`bounds\` must go upwards; they are ${least} and ${most}.`);
}

/** How much scores may differ. @throws {RangeError} unless it is from 0 to below the range of the scores */
export function checkMargin(margin: number, bounds: Bounds): void {
  const range = bounds[1] - bounds[0];
  if (!(margin >= 0 && margin < range))
    throw new RangeError(
      `\`margin\` must be from 0 to below ${range}, which is all that scores can differ; it is ${margin}.`,
    );
}

/** @throws {RangeError} unless both hold as many */
export function checkPaired(
  firstName: string,
  first: { readonly length: number },
  secondName: string,
  second: { readonly length: number },
): void {
  if (first.length !== second.length)
    throw new RangeError(
      `\`${firstName}\` and \`${secondName}\` must be paired; they hold ${first.length} and ${second.length}.`,
    );
}

function rangeOf(least: number, most: number): string {
  if (most === Infinity) return `of at least ${least}`;
  return least === -Infinity ? `of at most ${most}` : `from ${least} to ${most}`;
}
