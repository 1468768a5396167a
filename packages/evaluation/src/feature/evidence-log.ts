import { ModelError, checkOption } from "@plugboard/core";
import { evidenceOf, writeEvidence } from "./evidence-file.ts";
import type { CanaryStep, Evidence, MigrationStep, ShadowStep, Sides } from "./evidence.ts";
import type { Feature } from "./feature.ts";
import { sideDigest } from "./side-digest.ts";

/** Which migration is gone on with, on traffic. */
export interface LiveMigrationOptions<Name extends string = string> {
  /** What is to take the place, by its name in the feature. */
  readonly to: Name;
  /** Whose place. @default the first of the feature's models */
  readonly from?: Name;
  /** The JSON file of evidence: what was shown before is read there, and this step is kept there. @default none: nothing is checked or kept */
  readonly evidence?: string;
  /** Goes on though an earlier step is missing, was about something else, or did not pass. @default false */
  readonly force?: boolean;
  /** Milliseconds between two writings of the evidence while calls come in. @default 10000 */
  readonly saveInterval?: number;
}

/** A step that is added to as calls come in. */
type LiveStep = ShadowStep | CanaryStep;

/** The evidence of a migration in a running application. */
export class EvidenceLog<Step extends LiveStep> {
  readonly from: string;
  readonly to: string;
  readonly sides: Sides;
  /** The step of this kind that was the last one and still counts: it is gone on with. */
  readonly earlier: Step | undefined;
  readonly #feature: string;
  readonly #path: string | undefined;
  readonly #interval: number;
  readonly #stepNow: (at: string) => Step;
  readonly #fault: (error: unknown) => void;
  readonly #probes: Evidence["probes"];
  readonly #at: string;
  #next: number;
  #writing: Promise<void> = Promise.resolve();

  private constructor(parts: {
    readonly feature: string;
    readonly from: string;
    readonly options: LiveMigrationOptions;
    readonly sides: Sides;
    readonly evidence: Evidence | undefined;
    readonly earlier: Step | undefined;
    readonly stepNow: (log: { readonly at: string; readonly sides: Sides }) => Step;
    readonly fault: (error: unknown) => void;
  }) {
    const { options, sides, stepNow, evidence, earlier } = parts;
    this.#feature = parts.feature;
    this.from = parts.from;
    this.to = options.to;
    this.sides = sides;
    this.earlier = earlier;
    this.#path = options.evidence;
    this.#interval = options.saveInterval ?? 10_000;
    this.#next = Date.now() + this.#interval;
    this.#probes = evidence?.probes ?? [];
    this.#at = earlier?.at ?? new Date().toISOString();
    this.#stepNow = (at) => stepNow({ at, sides });
    this.#fault = parts.fault;
  }

  /**
   * Reads what was shown before, and checks that this step may follow.
   *
   * @throws {ModelError} `invalid-request` where it may not, with what is missing; for evidence of another migration, and a model that the feature has
   * not; `parse` for a file that is no evidence
   */
  static async open<Step extends LiveStep>(
    feature: Feature,
    type: Step["type"],
    options: LiveMigrationOptions,
    stepNow: (log: { readonly at: string; readonly sides: Sides }) => Step,
    fault: (error: unknown) => void,
  ): Promise<EvidenceLog<Step>> {
    const { to, from = Object.keys(feature.models)[0]!, evidence: path, force = false, saveInterval = 0 } = options;
    checkOption("saveInterval", saveInterval, { least: 0 });
    for (const name of [from, to]) {
      if (Object.hasOwn(feature.models, name)) continue;
      const known = Object.keys(feature.models).join(", ");
      throw invalid(`The feature "${feature.name}" has no model ${JSON.stringify(name)}; there are: ${known}.`);
    }
    if (from === to)
      throw invalid(`The feature "${feature.name}" is to move from ${to} to itself; give another \`to\`.`);
    const evidence = path === undefined ? undefined : await evidenceOf({ feature: feature.name, from, to }, path);
    const probes = evidence?.probes ?? [];
    const sides = { from: await sideDigest(feature, from, probes), to: await sideDigest(feature, to, probes) };
    const counting = (evidence?.steps ?? []).filter(
      (step) => step.sides.from === sides.from && step.sides.to === sides.to,
    );
    const objection = path === undefined || force ? undefined : objectionTo(type, counting);
    if (objection !== undefined)
      throw invalid(
        `The ${type} of "${feature.name}" from ${from} to ${to} cannot begin: ${objection}. \`force: true\` begins it all the same.`,
      );
    const last = counting.at(-1);
    const earlier = last?.type === type ? (last as Step) : undefined;
    return new EvidenceLog({ feature: feature.name, from, options, sides, evidence, earlier, stepNow, fault });
  }

  /** Writes if it is time to. */
  grown(): void {
    if (Date.now() >= this.#next) this.save().catch(this.#fault);
  }

  /**
   * Writes the step as it is now, after what is being written.
   *
   * @throws {ModelError} what the file could not be written for
   */
  save(): Promise<void> {
    this.#next = Date.now() + this.#interval;
    const saved = this.#writing.catch(() => undefined).then(() => this.#write());
    this.#writing = saved;
    return saved;
  }

  async #write(): Promise<void> {
    if (this.#path === undefined) return;
    const migration = { feature: this.#feature, from: this.from, to: this.to };
    const step = this.#stepNow(this.#at);
    const evidence = await evidenceOf(migration, this.#path);
    const others = (evidence?.steps ?? []).filter(({ type, at }) => type !== step.type || at !== step.at);
    await writeEvidence(this.#path, {
      format: "plugboard.migration",
      version: 1,
      ...migration,
      probes: evidence?.probes ?? this.#probes,
      steps: [...others, step],
    });
  }
}

/** What keeps a step from following those that count; undefined where nothing does. */
function objectionTo(type: LiveStep["type"], steps: readonly MigrationStep[]): string | undefined {
  const parity = steps.findLastIndex((step) => step.type === "parity");
  if (parity === -1) return "no parity is shown of these models, prompts and settings";
  if (steps[parity]!.verdict !== "pass") return `parity was ${steps[parity]!.verdict}`;
  if (type === "shadow") return undefined;
  const shadow = steps.findLast((step, place) => step.type === "shadow" && place > parity);
  if (!shadow) return "no shadow has followed parity";
  return shadow.verdict === "fail" ? "the shadow missed a gate" : undefined;
}

function invalid(message: string): ModelError {
  return new ModelError(message, { code: "invalid-request" });
}
