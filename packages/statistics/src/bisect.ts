/**
 * Where a condition that holds on the left ceases to hold: halves the range until no number is left between its ends.
 *
 * @returns the last number for which it was seen to hold, or `left` if it holds nowhere
 */
export function bisect(left: number, right: number, holds: (value: number) => boolean, precision = 1e-12): number {
  while (right - left > precision) {
    const middle = (left + right) / 2;
    if (middle <= left || middle >= right) break;
    if (holds(middle)) left = middle;
    else right = middle;
  }
  return left;
}
