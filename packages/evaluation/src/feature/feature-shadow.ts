import type { Measurement, Schema } from "@plugboard/core";
import type { Verdict } from "../parity/contest.ts";
import { shadowRunner } from "../live/shadow-runner.ts";
import type { ShadowOptions, ShadowRunner, ShadowState } from "../live/shadow-runner.ts";
import { EvidenceLog } from "./evidence-log.ts";
import type { LiveMigrationOptions } from "./evidence-log.ts";
import type { ShadowStep } from "./evidence.ts";
import type { Feature, FeatureRun } from "./feature.ts";
import { gatesOf } from "./live-gates-of.ts";
import { MeasuredRuns, userOf } from "./measured-run.ts";
import type { LiveRunOptions } from "./measured-run.ts";
import { version } from "./version.ts";

/** How a feature is shadowed. */
export interface FeatureShadowOptions<Name extends string = string>
  extends LiveMigrationOptions<Name>, LiveRunOptions, ShadowOptions {}

/** A feature that one of its models shadows. */
export interface ShadowedFeature<Given, Of extends Schema | undefined, Name extends string> extends FeatureRun<
  Given,
  Of,
  Name
> {
  readonly shadow: ShadowRunner;
  /** Writes the evidence as it is now: before the process ends. */
  saved(): Promise<void>;
}

/**
 * The second step of a migration: runs are answered by the model in use; a share of them is asked of the candidate, too, by its own prompt, aside
 * and later, and both are compared. See `shadow` in `@plugboard/evaluation/live`.
 *
 * Gates are those of the feature's checks that need no expected answer, unless given. What comes of it is kept in the evidence every few seconds.
 *
 * @throws {ModelError} `invalid-request` before parity is shown, unless `force`; for options that mean nothing
 * @example
 * const live = await featureShadow(triage, { to: "haiku", share: 0.05, evidence: "triage.migration.json" });
 * const { output } = await live.run({ ticket }, { tags: { user } });
 */
export async function featureShadow<Given, Of extends Schema | undefined, Name extends string>(
  feature: Feature<Given, Of, Name>,
  options: FeatureShadowOptions<Name>,
): Promise<ShadowedFeature<Given, Of, Name>> {
  const { record, onFault = () => undefined } = options;
  const gates = options.gates ?? (await gatesOf(feature));
  const shadow = shadowRunner({
    ...options,
    gates,
    async record(pair) {
      log.grown();
      await record?.(pair);
    },
  });
  const stepNow = (log: Pick<ShadowStep, "at" | "sides">): ShadowStep => {
    const { state } = shadow;
    const until = new Date().toISOString();
    return { type: "shadow", ...log, until, plugboard: version, verdict: verdictOf(state), state };
  };
  const log = await EvidenceLog.open<ShadowStep>(feature, "shadow", options, stepNow, onFault);
  const runs = new MeasuredRuns(feature, options);
  const [from, to] = [log.from as Name, log.to as Name];
  const run = crypto.randomUUID().slice(0, 8);
  let number = 0;

  return {
    shadow,
    saved: () => log.save(),
    run(input, call = {}) {
      const item = `${run}-${number++}`;
      const user = userOf(options, call);
      const { model = from } = call;
      if (model !== from) return feature.run(input, call);
      const offer = (baseline: Measurement): void => {
        if (baseline.error) return;
        shadow.offer(user, baseline, async (deadline) => {
          const { tags, headers } = call;
          const aside = { model: to, deadline, ...(tags && { tags }), ...(headers && { headers }) };
          const told = Promise.withResolvers<Measurement>();
          await runs.run(input, aside, item, told.resolve, told.reject).catch(() => undefined);
          return told.promise;
        });
      };
      return runs.run(input, { ...call, model }, item, offer, onFault);
    },
  };
}

function verdictOf({ gates }: ShadowState): Verdict {
  if (gates.some(({ verdict }) => verdict === "fail")) return "fail";
  return gates.every(({ verdict }) => verdict === "pass") ? "pass" : "undecided";
}
