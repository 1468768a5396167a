import type { Candidate, Choose, Policy } from "./policy.ts";

/**
 * By weight, and evenly: of weights 3 and 1, three calls of four go to the first, and never two in a row to the second.
 *
 * @example
 * const model = balance([{ model: large, weight: 3 }, small], { by: weighted() });
 */
export function weighted(): Policy {
  return chooseInTurn;
}

/** Everyone gains his weight with each call, the richest is asked, and pays what all have gained. */
function chooseInTurn(): Choose {
  const credits = new Map<Candidate, number>();
  return (candidates) => {
    let total = 0;
    let richest = candidates[0]!;
    let most = -Infinity;
    for (const candidate of candidates) {
      const credit = (credits.get(candidate) ?? 0) + candidate.weight;
      credits.set(candidate, credit);
      total += candidate.weight;
      if (credit > most) [richest, most] = [candidate, credit];
    }
    credits.set(richest, most - total);
    return richest;
  };
}
