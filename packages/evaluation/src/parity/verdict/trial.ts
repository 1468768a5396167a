// Draws studies, and counts what `compare` says of them. For the test of verdicts and scripts/verdict.ts; no part of the package.
import { hashedShare, seededRandom } from "@plugboard/statistics";
import type { RandomSource } from "@plugboard/statistics";
import { compare } from "../compare.ts";
import type { Comparison } from "../comparison.ts";
import type { Design, Setting } from "./designs.ts";
import { measurementsOf } from "./population.ts";

/** What came of many studies of one design. */
export interface Trial {
  readonly studies: number;
  readonly pass: number;
  readonly fail: number;
  /** Studies in which a test passes that knows the true spread. */
  readonly ideal: number;
  /** Undecided studies that were gone on with, by as many items as were said to be missing. */
  readonly goneOn: number;
  /** Of these, how many were decided then. */
  readonly decided: number;
  /** Of these, how many passed. */
  readonly passedLater: number;
  /** Undecided studies of which no number was said, or one that is more than is tried here. */
  readonly leftOpen: number;
}

/** How much is drawn. */
export interface TrialOptions {
  readonly items: number;
  readonly studies: number;
  /** How many undecided studies are gone on with. @default 0 */
  readonly goOn?: number;
  /** Items beyond which a study is not gone on with. @default 8000 */
  readonly mostMissing?: number;
  readonly seed?: number;
}

/** Each study is of the next setting. */
export function tryOut(
  design: Design,
  { items, studies, goOn = 0, mostMissing = 8000, seed = 1 }: TrialOptions,
): Trial {
  // Each design and number of items has a stream of its own, so that luck in one cell is none in the next.
  const streamOf = (part: string): RandomSource =>
    seededRandom(Math.floor(2 ** 32 * hashedShare(`${part} ${seed} ${design.name} ${items}`)));
  const random = streamOf("studies");
  // What a study is gone on with is drawn from elsewhere, so that the studies are the same with and without.
  const more = streamOf("more");
  const counts = { pass: 0, fail: 0, ideal: 0, goneOn: 0, decided: 0, passedLater: 0, leftOpen: 0 };
  for (let study = 0; study < studies; study++) {
    const setting = design.settings[study % design.settings.length]!;
    const drawn = setting.draw(items, random);
    if (setting.ideal(drawn)) counts.ideal += 1;
    const { verdict, missing } = verdictOf(design, setting, drawn);
    if (verdict !== "undecided") {
      counts[verdict] += 1;
      continue;
    }
    if (counts.goneOn + counts.leftOpen >= goOn) continue;
    if (missing === undefined || missing > mostMissing) {
      counts.leftOpen += 1;
      continue;
    }
    const later = verdictOf(design, setting, [...drawn, ...setting.draw(missing, more)]).verdict;
    counts.goneOn += 1;
    if (later !== "undecided") counts.decided += 1;
    if (later === "pass") counts.passedLater += 1;
  }
  return { studies, ...counts };
}

function verdictOf({ options }: Design, { population, telling }: Setting, drawn: readonly number[]): Comparison {
  return compare(measurementsOf(population.pair, drawn, telling), {
    segments: [],
    regressions: 0,
    ...options,
    baseline: "baseline",
    candidate: "candidate",
  });
}
