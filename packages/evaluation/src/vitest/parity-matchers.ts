import { ModelError } from "@plugboard/core";
import type { Measurement, Model } from "@plugboard/core";
import { compare } from "../parity/compare.ts";
import type { Comparison } from "../parity/comparison.ts";
import { parity } from "../parity/parity.ts";
import type { GateOptions, NoModels } from "../parity/parity.ts";
import { textReport } from "../report/text-report.ts";
import type { TypedEvaluation } from "../evaluate/evaluation-options.ts";

/** `expect(candidate).toHaveParityWith(baseline, options)`: of two lists of measurements, or, awaited, of two models that are asked a dataset. */
export interface ToHaveParityWith<Result> {
  (baseline: Iterable<Measurement>, options: GateOptions): Result;
  <Row extends object>(baseline: Model, options: GateOptions & TypedEvaluation<Row> & NoModels): Promise<void>;
}

/** What `expect.extend` takes. */
export type ParityMatchers = {
  /** As {@link ToHaveParityWith}. */
  readonly toHaveParityWith: (
    this: { readonly isNot: boolean },
    candidate: unknown,
    baseline: unknown,
    options: GateOptions,
  ) => Judgement | Promise<Judgement>;
};

/** What a matcher answers. */
interface Judgement {
  readonly pass: boolean;
  readonly message: () => string;
}

declare module "vitest" {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /** That this model, or these measurements of one, can take the baseline's place. What is undecided is neither that nor its opposite. */
    toHaveParityWith: ToHaveParityWith<R>;
  }
}

/**
 * Matchers for tests that say whether one model can take another's place.
 *
 * @example
 * import { parityMatchers } from "@plugboard/evaluation/vitest";
 * expect.extend(parityMatchers);
 *
 * test("the small model will do", async () => {
 *   await expect(small).toHaveParityWith(large, { dataset, scorers: [exact()], gates: { quality: { score: "exact", margin: 0.03 } } });
 * });
 */
export const parityMatchers: ParityMatchers = {
  toHaveParityWith(candidate, baseline, options) {
    const { isNot } = this;
    const judge = (comparison: Comparison): Judgement => ({
      // Undecided is no answer: it satisfies neither the matcher nor its negation.
      pass: isNot ? comparison.verdict !== "fail" : comparison.verdict === "pass",
      message: () => `expected ${isNot ? "no parity" : "parity"}, but it is ${textReport(comparison)}`,
    });
    if (isModel(candidate) && isModel(baseline)) {
      const given = options as GateOptions & TypedEvaluation<object> & NoModels;
      return parity(baseline, candidate, given).then(judge);
    }
    if (isIterable(candidate) && isIterable(baseline)) {
      const lines = [...renamed(baseline, "baseline"), ...renamed(candidate, "candidate")];
      return judge(compare(lines, { ...options, baseline: "baseline", candidate: "candidate" }));
    }
    throw new ModelError("toHaveParityWith compares two models, or two lists of measurements.", {
      code: "invalid-request",
    });
  },
};

/** The measurements of one model, by its part in the comparison. */
function* renamed(measurements: Iterable<Measurement>, part: string): Iterable<Measurement> {
  let name: string | undefined;
  for (const measurement of measurements) {
    name ??= measurement.model;
    if (measurement.model !== name)
      throw new ModelError(
        `The ${part} must be measurements of one model; there are ${name} and ${measurement.model}.`,
        {
          code: "invalid-request",
        },
      );
    yield { ...measurement, model: part };
  }
}

function isModel(value: unknown): value is Model {
  return typeof value === "object" && value !== null && "call" in value && "generate" in value;
}

function isIterable(value: unknown): value is Iterable<Measurement> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}
