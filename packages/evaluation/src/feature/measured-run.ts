import { ModelError } from "@plugboard/core";
import type { CallOptions, Measurement, Schema } from "@plugboard/core";
import { answeredBy, failedWith, measurementOf } from "../evaluate/measurement-of.ts";
import type { KeptTexts } from "../evaluate/measurement-of.ts";
import { scoreAnswer, scorersOf } from "../evaluate/score-answer.ts";
import type { Scorer, Scorers } from "../scorer.ts";
import type { Feature, FeatureAnswer, FeatureCall, FeatureOutput } from "./feature.ts";

/** How runs on traffic are told apart and judged. */
export interface LiveRunOptions {
  /** The tag whose value says who a run is of, or what reads the tags. Runs without one are nobody's. @default "user" */
  readonly by?: string | ((tags: Readonly<Record<string, string>>) => string | undefined);
  /** Judge outputs as they come (as `text`: as JSON where there is an output schema), without a row to compare with. @default none */
  readonly scorers?: Scorers<undefined>;
  /** What measurements keep of the words. @default both */
  readonly keep?: KeptTexts;
}

/** Who a run is of. */
export function userOf({ by = "user" }: LiveRunOptions, { tags = {} }: FeatureCall): string | undefined {
  return typeof by === "string" ? tags[by] : by(tags);
}

/** Whether a failure is the caller's doing, and says nothing of the model: he called it off, or asked what the feature does not take. */
export function isCallers({ code, provider }: ModelError, { signal }: CallOptions): boolean {
  return code === "aborted" || signal?.aborted === true || (code === "invalid-request" && provider === undefined);
}

/** Runs a feature by one of its models and measures it. */
export class MeasuredRuns<Given, Of extends Schema | undefined, Name extends string> {
  readonly #feature: Feature<Given, Of, Name>;
  readonly #scorers: readonly Scorer<undefined>[];
  readonly #keep: KeptTexts | undefined;

  constructor(feature: Feature<Given, Of, Name>, { scorers = [], keep }: LiveRunOptions) {
    this.#feature = feature;
    this.#scorers = scorersOf(scorers);
    this.#keep = keep;
  }

  /**
   * `tell` hears of the measurement, once, later than the answer; not of one that was called off.
   *
   * @throws {ModelError} what the run does
   */
  async run(
    input: Given,
    call: FeatureCall<Name> & { readonly model: Name },
    item: string,
    tell: (measurement: Measurement) => void,
    fault: (error: unknown) => void,
  ): Promise<FeatureAnswer<FeatureOutput<Of>, Name>> {
    const began = Date.now();
    try {
      const answer = await this.#feature.run(input, call);
      this.#answered(input, call, item, answer, began).then(tell, fault);
      return answer;
    } catch (cause) {
      const error = ModelError.from(cause);
      if (!isCallers(error, call))
        tell(measurementOf(this.#measured(input, call, item), this.#keep, undefined, failedWith(error, this.#keep)));
      throw error;
    }
  }

  async #answered(
    input: Given,
    call: FeatureCall<Name> & { readonly model: Name },
    item: string,
    { output, result }: FeatureAnswer<FeatureOutput<Of>, Name>,
    began: number,
  ): Promise<Measurement> {
    const text = typeof output === "string" ? output : JSON.stringify(output);
    const answer = { ...answeredBy(result, began, undefined), text };
    const measured = this.#measured(input, call, item);
    const { prompt } = measured.item;
    const outcome = await scoreAnswer(this.#scorers, {
      ...answer,
      row: undefined,
      item,
      model: call.model,
      request: { messages: [{ role: "user", content: prompt }] },
      prompt,
    });
    return measurementOf(measured, this.#keep, answer, outcome);
  }

  #measured(input: Given, { model: name }: { readonly model: Name }, id: string) {
    return { item: { id, prompt: JSON.stringify(input), segments: undefined, cluster: undefined }, name };
  }
}
