// What the functions of this package refuse. It depends on nothing, so a wrong argument is a RangeError, not a ModelError.

/** @throws {RangeError} unless it lies between 0 and 1, both left out */
export function checkShare(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw new RangeError(`\`${name}\` must be between 0 and 1; it is ${value}.`);
}

/** @throws {RangeError} unless it is a number from `least` to `most` */
export function checkNumber(name: string, value: number, least: number, most: number = Infinity): void {
  if (value >= least && value <= most) return;
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new RangeError(`\`${name}\` must be a number ${range}; it is ${value}.`);
}

/** @throws {RangeError} unless it is a whole number from `least` to `most` */
export function checkCount(name: string, value: number, least: number, most: number = Infinity): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`\`${name}\` must be a whole number; it is ${value}.`);
  checkNumber(name, value, least, most);
}

/** @throws {RangeError} unless there are at least `least` numbers, none of them infinite or NaN, all within the bounds */
export function checkValues(
  name: string,
  values: readonly number[],
  least: number,
  [lowest, highest]: readonly [number, number] = [-Infinity, Infinity],
): void {
  if (values.length < least) throw new RangeError(`\`${name}\` must hold ${least} or more; it holds ${values.length}.`);
  for (const [place, value] of values.entries()) {
    if (!Number.isFinite(value)) throw new RangeError(`\`${name}[${place}]\` must be a finite number; it is ${value}.`);
    if (value < lowest || value > highest)
      throw new RangeError(`\`${name}[${place}]\` is ${value}, outside \`bounds\` of ${lowest} to ${highest}.`);
  }
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
