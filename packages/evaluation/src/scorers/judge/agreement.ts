import { ModelError } from "@plugboard/core";
import { cohenKappa, meanInterval, proportionInterval, spearman } from "@plugboard/statistics";
import type { ConfidenceOptions, Interval } from "@plugboard/statistics";

/** How two judges of the same items agree, each figure with its interval. */
export interface Agreement {
  readonly items: number;
  /** How often they say the same. */
  readonly same: Interval;
  /** Agreement beyond chance, 1 at most: Cohen's kappa. Of grades, a disagreement weighs by the square of its distance. */
  readonly kappa: Interval;
  /** Of grades: whether they put the items in the same order. */
  readonly spearman?: Interval;
  /** Of grades: by how much the second is higher than the first, on average. */
  readonly higher?: Interval;
}

/**
 * Holds one judge against another: two models, or a model against people's labels of a sample of your own. Grades are numbers, labels are
 * texts. Items that one of them did not judge are `undefined` and left out.
 *
 * @throws {ModelError} `invalid-request` if the lists are of different length, or fewer than 4 items have both
 * @example
 * const { kappa, higher } = agreement([5, 3, 4, 1, 2], [5, 4, 4, 1, 3]); // people's grades, the judge's
 */
export function agreement(
  first: readonly (number | string | undefined)[],
  second: readonly (number | string | undefined)[],
  { confidence = 0.95 }: ConfidenceOptions = {},
): Agreement {
  if (first.length !== second.length) {
    throw new ModelError(
      `Both judges must have judged the same items; they have ${first.length} and ${second.length}.`,
      {
        code: "invalid-request",
      },
    );
  }
  const judged = first.flatMap((label, place) => {
    const other = second[place];
    return label === undefined || other === undefined ? [] : [[label, other] as const];
  });
  const [left, right] = [judged.map(([label]) => label), judged.map(([, label]) => label)];
  const items = judged.length;
  const same = judged.filter(([label, other]) => label === other).length;
  const numbers = left.every(isNumber) && right.every(isNumber);
  try {
    return {
      items,
      same: proportionInterval(same, items, { confidence }),
      kappa: cohenKappa({ first: left, second: right, confidence, weights: numbers ? "quadratic" : "none" }),
      ...(numbers && {
        spearman: spearman(left, right, { confidence }),
        higher: meanInterval(
          left.map((grade, place) => right[place]! - grade),
          { confidence },
        ),
      }),
    };
  } catch (cause) {
    throw new ModelError(`${items} items that both judged do not show how they agree: ${(cause as Error).message}`, {
      code: "invalid-request",
      cause,
    });
  }
}

function isNumber(label: number | string): label is number {
  return typeof label === "number";
}
