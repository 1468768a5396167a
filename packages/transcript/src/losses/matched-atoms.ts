import type { Atom } from "./atom.ts";

/** Where atoms are found again. */
export interface MatchedAtoms {
  /** The place of each among the others; -1 for one that is not there. */
  readonly found: readonly number[];
  /** Others that none of them is: what they say may be several that were joined. */
  readonly rest: readonly Atom[];
}

/** Finds atoms again among others. Of several that say the same, the next in order is taken. */
export function matchedAtoms(atoms: readonly Atom[], others: readonly Atom[]): MatchedAtoms {
  const found = atoms.map(() => -1);
  const free = new Map<string, number[]>();
  others.forEach(({ key }, place) => free.set(key, [...(free.get(key) ?? []), place]));
  const taken = new Set<number>();
  const take = (index: number, place: number): void => {
    found[index] = place;
    taken.add(place);
  };

  // Results are found by their calls: other formats have other ids.
  atoms.forEach(({ key, kind }, index) => {
    if (kind === "tool-result") return;
    const place = free.get(key)?.shift();
    if (place !== undefined) take(index, place);
  });
  // A call whose name or input reads otherwise is the one with its id, its input, its name.
  for (const member of ["id", "input", "name"] as const) {
    atoms.forEach(({ kind, call }, index) => {
      if (kind !== "tool-call" || found[index]! >= 0) return;
      const place = others.findIndex(
        (other, at) => !taken.has(at) && other.kind === kind && other.call?.[member] === call?.[member],
      );
      if (place >= 0) take(index, place);
    });
  }
  matchResults(atoms, others, found, take, taken);
  // What was joined to something else is where that is.
  atoms.forEach(({ kind, role, text }, index) => {
    if (found[index]! >= 0 || !text || kind === "tool-result") return;
    const place = others.findIndex(
      (other, at) => !taken.has(at) && other.kind === kind && other.role === role && other.text?.includes(text),
    );
    if (place >= 0) found[index] = place;
  });
  return { found, rest: others.filter((_, place) => !taken.has(place)) };
}

function matchResults(
  atoms: readonly Atom[],
  others: readonly Atom[],
  found: readonly number[],
  take: (index: number, place: number) => void,
  taken: ReadonlySet<number>,
): void {
  atoms.forEach((atom, index) => {
    if (atom.kind !== "tool-result") return;
    const id = idAfter(atom, index, atoms, others, found);
    const place = others.findIndex(
      (other, at) =>
        !taken.has(at) &&
        other.kind === "tool-result" &&
        other.call?.id === id &&
        (atom.outputs ?? []).every((output) => other.text?.includes(output) === true),
    );
    if (place >= 0) take(index, place);
  });
}

/** The id that the call of a result has now: of several calls with one id, that of the nearest before it. */
function idAfter(
  { call }: Atom,
  index: number,
  atoms: readonly Atom[],
  others: readonly Atom[],
  found: readonly number[],
): string | undefined {
  for (let at = index - 1; at >= 0; at--) {
    const atom = atoms[at]!;
    if (atom.kind === "tool-call" && atom.call?.id === call?.id) {
      return found[at]! < 0 ? undefined : others[found[at]!]?.call?.id;
    }
  }
  return call?.id;
}
