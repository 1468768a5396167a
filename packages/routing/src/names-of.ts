/**
 * What the state of models goes by: their fingerprints, with a number where several have the same; those are of other keys or accounts,
 * and fail by themselves. The same model twice has one name.
 */
export function namesOf(models: readonly { readonly fingerprint: string }[]): string[] {
  return models.map(({ fingerprint }, place) => {
    const first = models.indexOf(models[place]!);
    const before = new Set(models.slice(0, first).filter((model) => model.fingerprint === fingerprint));
    return before.size === 0 ? fingerprint : `${fingerprint} ${before.size + 1}`;
  });
}
