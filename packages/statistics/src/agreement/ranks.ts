/** Each value's place by size, from 1; equal values share the middle of their places. */
export function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, place) => place).toSorted((left, right) => values[left]! - values[right]!);
  const ranks = values.slice();
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to += 1;
    for (let place = from; place < to; place++) ranks[order[place]!] = (from + to + 1) / 2;
    from = to;
  }
  return ranks;
}
