import type { CanaryStep, Evidence, MigrationStep, ParityStep, ShadowStep } from "./evidence.ts";
import type { Feature } from "./feature.ts";
import { sideDigest } from "./side-digest.ts";

/** Where a migration stands. */
export interface MigrationStatus {
  readonly feature: string;
  readonly from: string;
  readonly to: string;
  /** The last step; undefined where nothing was done. */
  readonly last: MigrationStep | undefined;
  /** Why the last step no longer counts, a sentence; undefined while it does. */
  readonly stale: string | undefined;
  /** Whether the last step passed, and still counts. */
  readonly isShown: boolean;
  /** What to do now, a sentence. */
  readonly next: string;
}

/**
 * Where a migration stands, by its evidence and by the feature as it is now: what was shown of other prompts, schemas, settings or models does not
 * count.
 *
 * @throws {ModelError} `invalid-request` if the feature does not take the inputs of the evidence any more
 * @example
 * const evidence = await readEvidence("triage.migration.json");
 * if (evidence) console.log((await migrationStatus(triage, evidence)).next);
 */
export async function migrationStatus(feature: Feature, evidence: Evidence): Promise<MigrationStatus> {
  const { from, to, steps } = evidence;
  const last = steps.at(-1);
  const stale = last && (await staleness(feature, evidence, last));
  return {
    feature: evidence.feature,
    from,
    to,
    last,
    stale,
    isShown: last?.verdict === "pass" && stale === undefined,
    next: nextStep(last, stale, to),
  };
}

async function staleness(
  feature: Feature,
  { from, to, probes }: Evidence,
  last: MigrationStep,
): Promise<string | undefined> {
  const changed: string[] = [];
  for (const [side, model] of [
    ["from", from],
    ["to", to],
  ] as const) {
    if (!Object.hasOwn(feature.models, model)) return `The feature has no model ${JSON.stringify(model)} any more.`;
    if ((await sideDigest(feature, model, probes)) !== last.sides[side]) changed.push(model);
  }
  if (changed.length === 0) return undefined;
  return `The model, prompt, schema or settings of ${changed.join(" and ")} changed after the evidence of ${last.at}.`;
}

function nextStep(last: MigrationStep | undefined, stale: string | undefined, to: string): string {
  if (!last) return "Run parity: nothing has been shown yet.";
  if (stale !== undefined) return "Run parity again: what was shown is about something else.";
  if (last.type === "parity") return afterParity(last, to);
  return last.type === "shadow" ? afterShadow(last, to) : afterCanary(last, to);
}

function afterParity({ verdict, missing }: ParityStep, to: string): string {
  if (verdict === "pass") return `Parity is shown: let ${to} shadow the traffic.`;
  if (verdict === "fail") return "Parity is shown to be missed: change the prompt or the model, and run parity again.";
  return missing
    ? `Add about ${missing} items to the dataset, and run parity again.`
    : "Run parity again with more items.";
}

function afterShadow({ verdict, state }: ShadowStep, to: string): string {
  const missed = state.gates.filter((gate) => gate.verdict === "fail").map(({ name }) => name);
  if (verdict === "fail") return `On the traffic ${to} misses ${missed.join(", ")}: change it, and run parity again.`;
  return `After ${state.pairs} pairs nothing speaks against ${to}: give it a share of the traffic, as a canary.`;
}

function afterCanary({ verdict, state }: CanaryStep, to: string): string {
  if (verdict === "pass") return `All traffic is with ${to}: make it the first model of the feature.`;
  if (verdict === "fail") return `The traffic was taken back: ${state.history.at(-1)?.why ?? "no reason is told"}`;
  return `${to} has ${Math.round(100 * state.share * 1000) / 1000} % of the traffic: let the canary go on.`;
}
