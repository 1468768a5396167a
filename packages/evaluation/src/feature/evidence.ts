import { ModelError } from "@plugboard/core";
import type { Json } from "@plugboard/core";
import type { ShadowState } from "../live/shadow-runner.ts";
import type { SplitState } from "../live/split-state.ts";
import type { Comparison } from "../parity/comparison.ts";
import type { Verdict } from "../parity/contest.ts";
import type { DatasetDigest } from "./dataset-digest.ts";

/** What is known of a migration: one file of plain JSON. */
export interface Evidence {
  readonly format: "plugboard.migration";
  readonly version: 1;
  /** The feature's name. */
  readonly feature: string;
  /** The model in use, by its name in the feature. */
  readonly from: string;
  /** What is to take its place. */
  readonly to: string;
  /** Inputs by which a change of prompts is noticed; of the dataset that was asked last. */
  readonly probes: readonly Json[];
  /** What was done, the oldest first. */
  readonly steps: readonly MigrationStep[];
}

/** What was done, and what came of it. */
export type MigrationStep = ParityStep | ShadowStep | CanaryStep;

/** What every step says. */
interface StepTerms {
  /** When it ended, as ISO 8601; of traffic, when it began. */
  readonly at: string;
  /** The version of `@plugboard/evaluation`. */
  readonly plugboard: string;
  /** Digests of what each side was asked: models, prompts, schemas, settings. */
  readonly sides: Sides;
}

/** The candidate was asked aside what the application asked. */
export interface ShadowStep extends StepTerms {
  readonly type: "shadow";
  /** When this was written, as ISO 8601. */
  readonly until: string;
  /** Of all its gates: `fail` if one is missed, `pass` if all are shown to hold. */
  readonly verdict: Verdict;
  readonly state: ShadowState;
}

/** Traffic was moved by steps. */
export interface CanaryStep extends StepTerms {
  readonly type: "canary";
  /** When this was written, as ISO 8601. */
  readonly until: string;
  /** `pass` once all traffic is moved, `fail` once it is taken back. */
  readonly verdict: Verdict;
  readonly state: SplitState;
}

/** Parity, offline: both models were asked the feature's dataset. */
export interface ParityStep
  extends
    StepTerms,
    Pick<
      Comparison,
      "verdict" | "reasons" | "missing" | "confidence" | "items" | "gates" | "groups" | "regressed" | "regressions"
    > {
  readonly type: "parity";
  readonly dataset: DatasetDigest;
}

/** What each side was asked, as digests. */
export interface Sides {
  readonly from: string;
  readonly to: string;
}

/** Whose migration it is. */
export type MigrationName = Pick<Evidence, "feature" | "from" | "to">;

type Fits = (value: unknown) => boolean;

const isText: Fits = (value) => typeof value === "string";
const isList: Fits = (value) => Array.isArray(value);
const isCount: Fits = (value) => Number.isSafeInteger(value);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What a field must be; the first that is not is named. */
type Shape = Readonly<Record<string, readonly [fits: Fits, expected: string]>>;

const file: Shape = {
  format: [(value) => value === "plugboard.migration", '"plugboard.migration"'],
  version: [(value) => value === 1, "1: a newer version of @plugboard/evaluation wrote it"],
  feature: [isText, "a text"],
  from: [isText, "a text"],
  to: [isText, "a text"],
  probes: [isList, "a list"],
  steps: [isList, "a list"],
};

const verdicts: ReadonlySet<unknown> = new Set(["pass", "fail", "undecided"]);
const isTime: Fits = (value) => typeof value === "string" && !Number.isNaN(Date.parse(value));

/** What every step says. */
const terms: Shape = {
  at: [isTime, "a time as ISO 8601"],
  plugboard: [isText, "a text"],
  sides: [(value) => isObject(value) && isText(value["from"]) && isText(value["to"]), "two digests, `from` and `to`"],
  verdict: [(value) => verdicts.has(value), "pass, fail or undecided"],
};

/** What steps on traffic say: the state is checked by who goes on from it. */
const traffic: Shape = { ...terms, until: [isTime, "a time as ISO 8601"], state: [isObject, "an object"] };

const steps: Readonly<Record<MigrationStep["type"], Shape>> = {
  parity: {
    ...terms,
    dataset: [(value) => isObject(value) && isText(value["sha256"]) && isCount(value["rows"]), "`sha256` and `rows`"],
    reasons: [isList, "a list"],
    items: [isCount, "a whole number"],
    gates: [isList, "a list"],
    groups: [isList, "a list"],
    regressions: [isList, "a list"],
  },
  shadow: traffic,
  canary: traffic,
};

/**
 * Reads evidence that stands as JSON in `path`.
 *
 * @throws {ModelError} `parse` for what is none, with the field and what it must be
 */
export function parseEvidence(text: string, path: string): Evidence {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw bad(path, `it is no JSON: ${(cause as Error).message}`, cause);
  }
  check(value, file, "", path);
  const evidence = value as Evidence; // its steps are checked now
  for (const [place, member] of evidence.steps.entries()) checkStep(member, `steps[${place}]`, path);
  return evidence;
}

function checkStep(value: unknown, place: string, path: string): void {
  if (!isObject(value)) throw bad(path, `${place} must be an object`);
  const { type } = value;
  if (typeof type !== "string" || !Object.hasOwn(steps, type))
    throw bad(path, `\`${place}.type\` must be one of ${Object.keys(steps).join(", ")}`);
  check(value, steps[type as MigrationStep["type"]], `${place}.`, path);
}

function check(value: unknown, shape: Shape, place: string, path: string): void {
  if (!isObject(value)) throw bad(path, `${place === "" ? "it" : place.slice(0, -1)} must be an object`);
  for (const [name, [fits, expected]] of Object.entries(shape)) {
    if (!fits(value[name])) throw bad(path, `\`${place}${name}\` must be ${expected}`);
  }
}

function bad(path: string, why: string, cause?: unknown): ModelError {
  return new ModelError(`${path} is no evidence of a migration: ${why}.`, {
    code: "parse",
    ...(cause !== undefined && { cause }),
  });
}
