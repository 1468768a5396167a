/** The names most like one that was not found, the likeliest first. None if nothing is much like it. */
export function nearest(name: string, names: Iterable<string>, count = 3): string[] {
  const wanted = name.slice(0, 100).toLowerCase();
  return [...names]
    .map((candidate) => ({ candidate, distance: distance(wanted, candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(2, wanted.length / 2))
    .toSorted((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate, "en"))
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** How many letters to add, leave out or change (Levenshtein); what one has before or after the whole other counts little. */
function distance(first: string, second: string): number {
  if (first.length > 2 && second.length > 2 && (first.includes(second) || second.includes(first))) {
    return Math.abs(first.length - second.length) / 10;
  }
  let row = Array.from({ length: second.length + 1 }, (_, place) => place);
  for (let at = 1; at <= first.length; at++) {
    const next = [at];
    for (let place = 1; place <= second.length; place++) {
      const change = row[place - 1]! + (first[at - 1] === second[place - 1] ? 0 : 1);
      next.push(Math.min(change, row[place]! + 1, next[place - 1]! + 1));
    }
    row = next;
  }
  return row[second.length]!;
}
