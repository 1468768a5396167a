import { ModelError } from "@plugboard/core";
import type { Schema } from "@plugboard/core";
import type { Verdict } from "../parity/contest.ts";
import type { SplitStatus } from "../live/split-state.ts";
import { trafficSplit } from "../live/traffic-split.ts";
import type { TrafficSplit, TrafficSplitOptions } from "../live/traffic-split.ts";
import { EvidenceLog } from "./evidence-log.ts";
import type { LiveMigrationOptions } from "./evidence-log.ts";
import type { CanaryStep } from "./evidence.ts";
import type { Feature, FeatureRun } from "./feature.ts";
import { gatesOf } from "./live-gates-of.ts";
import { MeasuredRuns, isCallers, userOf } from "./measured-run.ts";
import type { LiveRunOptions } from "./measured-run.ts";
import { version } from "./version.ts";

/** How the traffic of a feature is moved. */
export interface FeatureCanaryOptions<Name extends string = string>
  extends LiveMigrationOptions<Name>, LiveRunOptions, Omit<TrafficSplitOptions, "name" | "state" | "gates"> {
  /** @default those of the feature's checks that need no expected answer */
  readonly gates?: TrafficSplitOptions["gates"];
  /** Whether the model in use is asked where the candidate failed. It counts against the candidate all the same. @default true */
  readonly fallback?: boolean;
}

/** A feature whose traffic moves from one model to another. */
export interface CanaryFeature<Given, Of extends Schema | undefined, Name extends string> extends FeatureRun<
  Given,
  Of,
  Name
> {
  readonly split: TrafficSplit;
  /** Writes the evidence as it is now: before the process ends. */
  saved(): Promise<void>;
}

/**
 * The third step of a migration: a share of the users is answered by the candidate, by its own prompt, more by steps while the gates are shown to hold,
 * and none as soon as one is shown to be missed. See `canary` in `@plugboard/evaluation/live`.
 *
 * Every change of the share is kept in the evidence, and a canary that was interrupted goes on from there.
 *
 * @throws {ModelError} `invalid-request` before parity is shown and a shadow has followed, unless `force`; for options that mean nothing
 * @example
 * const live = await featureCanary(triage, { to: "haiku", steps: [0.01, 0.1, 0.5], evidence: "triage.migration.json" });
 * const { output, model } = await live.run({ ticket }, { tags: { user } });
 */
export async function featureCanary<Given, Of extends Schema | undefined, Name extends string>(
  feature: Feature<Given, Of, Name>,
  options: FeatureCanaryOptions<Name>,
): Promise<CanaryFeature<Given, Of, Name>> {
  const { fallback = true, onChange, onFault = () => undefined } = options;
  const gates = options.gates ?? (await gatesOf(feature));
  const stepNow = (log: Pick<CanaryStep, "at" | "sides">): CanaryStep => {
    const { state } = split;
    const until = new Date().toISOString();
    return { type: "canary", ...log, until, plugboard: version, verdict: verdicts[state.status], state };
  };
  const log = await EvidenceLog.open<CanaryStep>(feature, "canary", options, stepNow, onFault);
  const split = trafficSplit({
    ...options,
    // What is decided of one prompt, in a shared store too, says nothing of the next.
    name: `${feature.name} ${log.from} ${log.to} ${log.sides.to.slice(0, 12)}`,
    gates,
    state: log.earlier?.state,
    onChange(change, one) {
      log.save().catch(onFault);
      onChange?.(change, one);
    },
  });
  const runs = new MeasuredRuns(feature, options);
  const names = { baseline: log.from as Name, candidate: log.to as Name };
  let number = 0;

  return {
    split,
    saved: () => log.save(),
    async run(input, call = {}) {
      if (call.model !== undefined) return feature.run(input, call);
      const user = userOf(options, call);
      const arm = split.arm(user);
      const model = names[arm];
      if (!split.isRunning && arm === "baseline") return feature.run(input, { ...call, model });
      try {
        return await runs.run(
          input,
          { ...call, model },
          String(number++),
          (measurement) => {
            split.told(arm, user, measurement);
            log.grown();
          },
          onFault,
        );
      } catch (cause) {
        if (arm === "baseline" || !fallback || isCallers(ModelError.from(cause), call)) throw cause;
        return feature.run(input, { ...call, model: names.baseline });
      }
    },
  };
}

const verdicts: Readonly<Record<SplitStatus, Verdict>> = {
  running: "undecided",
  complete: "pass",
  "rolled-back": "fail",
};
