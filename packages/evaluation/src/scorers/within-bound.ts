import { checkOption } from "@plugboard/core";
import type { Answer, Score, Scorer } from "../scorer.ts";

/** What a figure must be to be good. */
export interface BoundOptions {
  /** Scores 1 where the figure is at most so much and 0 otherwise, instead of the figure itself. @default none */
  readonly most?: number;
}

/** A scorer of a figure that is there with the answer, as it is or held to a bound. */
export function boundScorer(
  name: string,
  { most }: BoundOptions,
  figure: (answer: Answer) => number | undefined,
): Scorer {
  if (most !== undefined) checkOption("most", most, { least: 0 });
  return {
    name,
    score(answer): Score {
      const value = figure(answer);
      return value === undefined || most === undefined ? value : value <= most;
    },
  };
}
