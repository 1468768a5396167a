/**
 * Holm's procedure for tests that are asked at a level rather than for a p-value: which of them reject, so that any of them is wrong in at most
 * 1 − `confidence` of studies (Holm, A simple sequentially rejective multiple test procedure, Scand. J. Stat. 6, 1979).
 *
 * All that reject at α/m do; then those that do at α/(m − rejected), and so on, until none is added. That is the same as ordering p-values.
 *
 * @param tests whether each rejects at a confidence; one that rejects does so at every lower one
 * @returns the places of those that reject
 */
export function stepDown(tests: readonly ((confidence: number) => boolean)[], confidence: number): ReadonlySet<number> {
  const rejected = new Set<number>();
  for (let before = -1; before < rejected.size && rejected.size < tests.length;) {
    before = rejected.size;
    const level = 1 - (1 - confidence) / (tests.length - before);
    for (const [place, rejects] of tests.entries()) if (!rejected.has(place) && rejects(level)) rejected.add(place);
  }
  return rejected;
}
