import { ModelError, defineModel } from "@plugboard/core";
import type { Model, ModelRequest } from "@plugboard/core";
import type { KeptTexts } from "../evaluate/measurement-of.ts";
import { scorersOf } from "../evaluate/score-answer.ts";
import type { Scorers } from "../scorer.ts";
import { nameOf, userReader } from "./caller.ts";
import type { By } from "./caller.ts";
import { MeasuredCall } from "./measured-call.ts";
import type { MeasuringCalls } from "./measured-call.ts";
import { trafficSplit } from "./traffic-split.ts";
import type { TrafficSplit, TrafficSplitOptions } from "./traffic-split.ts";

/** How a canary's calls are told apart and judged. */
export interface CanaryOptions extends Omit<TrafficSplitOptions, "name"> {
  /** @default the providers and ids of both models */
  readonly name?: string;
  /** The tag whose value says who a call is of, or what reads it. Calls without one go to the candidate at random. @default "user" */
  readonly by?: By;
  /** Judge answers as they come, for gates of scores: by rule, as they have no row to compare with. @default none */
  readonly scorers?: Scorers<undefined>;
  /** For gates with `where`. @default none */
  readonly segments?: (request: ModelRequest) => Readonly<Record<string, string>>;
  /** Whether the baseline is asked where the candidate failed before its first content. It counts against the candidate all the same. @default true */
  readonly fallback?: boolean;
}

/** A model that moves its traffic from one to another. */
export interface CanaryModel extends Model {
  /** Where it stands, and how it is stepped by hand. */
  readonly split: TrafficSplit;
}

/**
 * Sends a share of the traffic to another model, more by steps while the gates are shown to hold, and none as soon as one is shown to be missed.
 * A user stays with one model. What is in flight at a roll-back is finished.
 *
 * Prices are read where the models are: put `cost()` on each of them for a gate of `cost`.
 *
 * @throws {ModelError} `invalid-request` for options that mean nothing; otherwise whatever the model asked does
 * @example
 * const model = canary(openai("gpt-4o"), anthropic("claude-haiku-4-5"), {
 *   steps: [0.01, 0.1, 0.5],
 *   gates: { errors: { measure: "errors", margin: 0.01 }, latency: { measure: "latency", statistic: "mean", margin: "20%" } },
 *   onChange: ({ share, why }) => console.log(share, why),
 * });
 * await model.generate({ messages, tags: { user: "ada" } });
 */
export function canary(baseline: Model, candidate: Model, options: CanaryOptions): CanaryModel {
  const { by = "user", scorers = [], segments, fallback = true } = options;
  const names = { baseline: nameOf(baseline), candidate: nameOf(candidate) };
  const split = trafficSplit({ ...options, name: options.name ?? `${names.baseline} to ${names.candidate}` });
  const how: MeasuringCalls = { scorers: scorersOf(scorers), keep: noTexts, segments };
  const userOf = userReader(by);
  let number = 0;

  const model = defineModel({
    provider: "plugboard",
    id: `canary(${baseline.id},${candidate.id})`,
    fingerprint: `canary(${baseline.fingerprint},${candidate.fingerprint})`,
    models: [baseline, candidate],
    async call(request) {
      const user = userOf(request);
      const arm = split.arm(user);
      const asked = arm === "candidate" ? candidate : baseline;
      if (!split.isRunning && arm === "baseline") return asked.call(request);
      const item = String(number++);
      const measured = new MeasuredCall(request, { item, model: names[arm], cluster: user }, how);
      const onFault = (error: unknown): void => request.notify?.({ type: "fault", error });
      try {
        const reply = await asked.call(request);
        if (split.isRunning) measured.follow(reply, (measurement) => split.told(arm, user, measurement), onFault);
        return reply;
      } catch (cause) {
        const error = ModelError.from(cause);
        if (measured.wasCalledOff(error)) throw error;
        split.told(arm, user, measured.failed(error));
        if (arm === "candidate" && fallback) return baseline.call(request);
        throw error;
      }
    },
  });
  return { ...model, split };
}

/** What a canary measures is added up at once, so that no words need be kept. */
const noTexts: KeptTexts = { prompt: false };
