import { ModelError } from "@plugboard/core";
import type { Measurement } from "@plugboard/core";
import type { Comparison, Coverage, GateResult, GroupResult, Names } from "./comparison.ts";
import { contestOf } from "./contest.ts";
import type { Contest, NoContest, Verdict } from "./contest.ts";
import { settleGates } from "./gate.ts";
import type { Gate, SettledGate } from "./gate.ts";
import { meanOf } from "./mean-of.ts";
import { answersOf, pairItems } from "./pair-items.ts";
import type { PairedItem, Pairing } from "./pair-items.ts";
import { regressionsOf } from "./regressions-of.ts";
import { applicability, sampleOf } from "./sample-of.ts";
import type { Sample } from "./sample-of.ts";
import { stepDown } from "./step-down.ts";
import { summariseModels } from "./summarise-models.ts";

/** What is to be shown, and how surely. */
export interface CompareOptions {
  /** The model that is in use, as the measurements name it. */
  readonly baseline: string;
  /** The model that may take its place. */
  readonly candidate: string;
  /** What must hold, by a name for each. */
  readonly gates: Readonly<Record<string, Gate>>;
  /** How sure a verdict is: at 0.95, at most 5 % of candidates that miss a gate pass, however many gates there are. @default 0.95 */
  readonly confidence?: number;
  /** How likely the items that are said to be missing should bring a decision. @default 0.8 */
  readonly power?: number;
  /** By which segments items are grouped, so that an average hides no group. @default all that have 2 to 50 groups */
  readonly segments?: readonly string[];
  /** The share of items that may lack an answer or a figure on one side alone before a pass is in doubt. @default 0.02 */
  readonly tolerance?: number;
  /** How many regressions are listed. @default 20 */
  readonly regressions?: number;
}

/** Groups of a segment that are tested at most, unless the segment is asked for: a user's id is no grouping. */
const mostGroups = 50;
/** Names that a list of left-out items holds. */
const shownNames = 20;

/** A gate with what it compared, and what can be asked of that. */
interface Trial {
  readonly gate: SettledGate;
  readonly sample: Sample;
  readonly contest: Contest | NoContest;
}

/** The trial of a gate on a group of items. */
interface GroupTrial extends Trial {
  readonly segment: string;
  readonly group: string;
}

/** How sure verdicts, and plans for more items, are to be. */
interface Sureness {
  readonly confidence: number;
  readonly power: number;
}

/**
 * Whether a candidate can take a baseline's place, from measurements of both on the same items: pass, fail or undecided, gate by gate.
 *
 * Figures are paired by item; repeats of an item are averaged; where items share a `cluster`, clusters are what is independent. An answer that
 * is missing for an error has the worst score. A pass needs every gate to pass at `confidence`, which is a test of level 1 − `confidence` without
 * any correction (an intersection-union test: Berger, Technometrics 24, 1982). A fail is one gate that is shown to be missed, corrected by Holm
 * for the number of gates; or one group of items, corrected for the number of groups and gates.
 *
 * @throws {ModelError} `invalid-request` for gates that say what cannot be, for a model without measurements, and for scores outside 0 to 1
 * @example
 * const { verdict } = compare(measurements, {
 *   baseline: "openai/gpt-4o",
 *   candidate: "openai/gpt-4o-mini",
 *   gates: { quality: { score: "exact", margin: 0.03 }, cost: { measure: "cost", margin: "0%" } },
 * });
 */
export function compare(measurements: Iterable<Measurement>, options: CompareOptions): Comparison {
  return compareBy(measurements, options, { gate: contestOf, group: contestOf });
}

/** Sets a gate before a sample. */
type Contests = (gate: SettledGate, sample: Sample) => Contest | NoContest;

/** As {@link compare}, by other tests. */
export function compareBy(
  measurements: Iterable<Measurement>,
  {
    baseline,
    candidate,
    gates,
    confidence = 0.95,
    power = 0.8,
    segments,
    tolerance = 0.02,
    regressions: listed = 20,
  }: CompareOptions,
  contests: { readonly gate: Contests; readonly group: Contests },
): Comparison {
  checkShare("confidence", confidence, 0.5);
  checkShare("power", power, 0);
  if (baseline === candidate)
    throw new ModelError(`Baseline and candidate are both named ${JSON.stringify(baseline)}.`, {
      code: "invalid-request",
    });
  const settled = settleGates(gates);
  const lines = [...measurements];
  const answers = answersOf(lines);
  const pairing = pairItems(answers, baseline, candidate);
  const applies = applicability(lines);
  const sureness = { confidence, power };

  const trials = settled.map((gate) => trialOf(gate, sampleOf(gate, pairing.items, applies), contests.gate));
  const missed = missedOf(trials, confidence);
  const results = trials.map((trial) =>
    gateResult(trial, missed.has(trial), { ...sureness, tolerance, gates: trials.length }),
  );

  const groupings = groupingsOf(pairing.items, segments);
  const groupTrials = groupings.tested.flatMap((grouping) =>
    groupTrialsOf(grouping, settled, (gate, isMember) =>
      trialOf(gate, sampleOf(gate, pairing.items.filter(isMember), applies), contests.group),
    ),
  );
  const missedGroups = missedOf(groupTrials, confidence);
  const groups = groupTrials.map((trial) => groupResult(trial, missedGroups.has(trial), sureness));

  const coverage = coverageOf(pairing, groupings.untested);
  const shares = 2 * confidence - 1;
  const quality = settled.find(({ subject }) => "score" in subject);
  const regressions = regressionsOf(trials);
  return {
    ...overall(results, groups, coverage, { tolerance, missing: missingOf(trials, results, sureness) }),
    baseline,
    candidate,
    confidence,
    items: pairing.items.length,
    gates: results,
    groups,
    regressions: regressions.slice(0, listed).map((show) => show()),
    regressed: regressions.length,
    models: summariseModels(answers, {
      items: pairing.items,
      quality,
      applies,
      confidence: shares,
      first: [baseline, candidate],
    }),
    coverage,
  };
}

function trialOf(gate: SettledGate, sample: Sample, contests: Contests): Trial {
  return { gate, sample, contest: contests(gate, sample) };
}

/** Those that are shown to be missed, corrected for how many could be tested. */
function missedOf(trials: readonly Trial[], confidence: number): ReadonlySet<Trial> {
  const tests = trials.flatMap(({ contest }) => ("verdictAt" in contest ? [contest] : []));
  const failed = stepDown(
    tests.map(
      ({ verdictAt }) =>
        (confidence) =>
          verdictAt(confidence) === "fail",
    ),
    confidence,
  );
  const contests = new Set<Trial["contest"]>([...failed].map((place) => tests[place]!));
  return new Set(trials.filter(({ contest }) => contests.has(contest)));
}

function gateResult(
  { gate, sample, contest }: Trial,
  isMissed: boolean,
  { confidence, power, tolerance, gates }: Sureness & { readonly tolerance: number; readonly gates: number },
): GateResult {
  const { name, statistic, unit, better, where, margin, relative, subject } = gate;
  const unjudged = sample.unjudged.baseline.length + sample.unjudged.candidate.length;
  const terms = {
    name,
    statistic,
    unit,
    better,
    where,
    margin,
    relative,
    kind: "score" in subject ? ("score" as const) : ("measure" as const),
    subject: "score" in subject ? subject.score : subject.measure.name,
    items: sample.items.length,
    tally: tallyOf(gate, sample),
    unjudged: { baseline: namesOf(sample.unjudged.baseline), candidate: namesOf(sample.unjudged.candidate) },
  };
  if ("reason" in contest) return { ...terms, verdict: "undecided", ...contest };

  const shown = isMissed ? "fail" : contest.verdictAt(confidence);
  const isInDoubt = shown === "pass" && unjudged > tolerance * (sample.items.length + unjudged);
  // One gate alone would have been missed; of several, one may look so by chance.
  const isByChance = shown === "fail" && !isMissed;
  const verdict: Verdict = isInDoubt || isByChance ? "undecided" : shown;
  const missing = isInDoubt ? unjudged : isByChance ? undefined : contest.missing(confidence, power);
  return {
    ...terms,
    verdict,
    difference: contest.difference(2 * confidence - 1),
    figures: contest.sides(2 * confidence - 1),
    ...(missing !== undefined && { missing }),
    ...(verdict === "undecided" && contest.open !== undefined && { reason: contest.open }),
    ...(isInDoubt && { reason: `It would pass, but ${unjudged} items have a figure of one model alone.` }),
    ...(isByChance && { reason: `It would fail by itself, but not after correction for ${gates} gates.` }),
  };
}

/** What each gate that is open lacks, if all of them together are to be decided with this power. */
function missingOf(
  trials: readonly Trial[],
  results: readonly GateResult[],
  { confidence, power }: Sureness,
): readonly (number | undefined)[] {
  const open = results.filter(({ verdict }) => verdict === "undecided").length;
  return trials.flatMap(({ contest }, place) => {
    const { verdict, reason, missing } = results[place]!;
    if (verdict !== "undecided") return [];
    return ["reason" in contest || reason !== undefined ? missing : contest.missing(confidence, power ** (1 / open))];
  });
}

function groupResult(
  { gate, sample, contest, segment, group }: GroupTrial,
  isMissed: boolean,
  { confidence, power }: Sureness,
): GroupResult {
  const terms = { gate: gate.name, segment, group, items: sample.items.length };
  if ("reason" in contest) {
    const { missing } = contest;
    return { ...terms, verdict: "undecided", ...(missing !== undefined && { missing }) };
  }
  const verdict = isMissed ? "fail" : contest.verdictAt(confidence) === "pass" ? "pass" : "undecided";
  const missing = verdict === "undecided" ? contest.missing(confidence, power) : 0;
  return {
    ...terms,
    verdict,
    difference: contest.difference(2 * confidence - 1),
    // A group that would fail by itself is none that items are missing of.
    ...(missing !== undefined && (verdict !== "undecided" || missing > 0) && { missing }),
  };
}

function tallyOf({ better }: SettledGate, { baseline, candidate }: Sample): GateResult["tally"] {
  let [more, same, less] = [0, 0, 0];
  for (const [place, figures] of baseline.entries()) {
    const difference = meanOf(candidate[place]!) - meanOf(figures);
    if (difference > 0) more += 1;
    else if (difference < 0) less += 1;
    else same += 1;
  }
  return better === "lower" ? { better: less, same, worse: more } : { better: more, same, worse: less };
}

/** The groups of each segment, by the order in which they are met. */
interface Groupings {
  readonly tested: readonly { readonly segment: string; readonly groups: readonly string[] }[];
  readonly untested: readonly string[];
}

function groupingsOf(items: readonly PairedItem[], wanted: readonly string[] | undefined): Groupings {
  const groups = new Map<string, Set<string>>();
  for (const { segments } of items) {
    for (const [segment, group] of Object.entries(segments)) {
      const known = groups.get(segment);
      if (known) known.add(group);
      else groups.set(segment, new Set([group]));
    }
  }
  const isTested = (segment: string): boolean => {
    const { size } = groups.get(segment)!;
    return wanted ? wanted.includes(segment) : size >= 2 && size <= mostGroups;
  };
  const names = [...groups.keys()];
  return {
    tested: names.filter(isTested).map((segment) => ({ segment, groups: [...groups.get(segment)!].toSorted() })),
    untested: names.filter((segment) => !isTested(segment)),
  };
}

function groupTrialsOf(
  { segment, groups }: Groupings["tested"][number],
  gates: readonly SettledGate[],
  trialOn: (gate: SettledGate, isMember: (item: PairedItem) => boolean) => Trial,
): readonly GroupTrial[] {
  return groups.flatMap((group) =>
    gates
      .map((gate) => ({ ...trialOn(gate, ({ segments }) => segments[segment] === group), segment, group }))
      .filter(({ sample }) => sample.items.length > 0),
  );
}

function coverageOf(pairing: Pairing, untestedSegments: readonly string[]): Coverage {
  const clusters = new Set(pairing.items.flatMap(({ cluster }) => cluster ?? []));
  let repeats = 0;
  for (const { baseline, candidate } of pairing.items) repeats = Math.max(repeats, baseline.length, candidate.length);
  return {
    paired: pairing.items.length,
    onlyBaseline: namesOf(pairing.onlyBaseline),
    onlyCandidate: namesOf(pairing.onlyCandidate),
    superseded: pairing.superseded,
    ...(clusters.size > 0 && { clusters: clusters.size }),
    repeats,
    untestedSegments,
  };
}

function namesOf(names: readonly string[]): Names {
  return { count: names.length, first: names.slice(0, shownNames) };
}

/** The verdict over all gates and groups, why it is no pass, and what is missing to it. */
function overall(
  gates: readonly GateResult[],
  groups: readonly GroupResult[],
  { paired, onlyBaseline, onlyCandidate }: Coverage,
  { tolerance, missing: ofGates }: { readonly tolerance: number; readonly missing: readonly (number | undefined)[] },
): Pick<Comparison, "verdict" | "reasons" | "missing"> {
  const unpaired = onlyBaseline.count + onlyCandidate.count;
  const isPartial = unpaired > tolerance * (paired + unpaired);
  const failed = [
    ...gates.filter(({ verdict }) => verdict === "fail").map(({ name }) => `Gate ${name} is missed.`),
    ...groups
      .filter(({ verdict }) => verdict === "fail")
      .map(({ gate, segment, group }) => `Gate ${gate} is missed where ${segment} is ${group}.`),
  ];
  const open = gates.filter(({ verdict }) => verdict === "undecided");
  const doubts = [
    ...open.map(({ name, reason, missing }) => `Gate ${name} is undecided. ${reason ?? itemsMissing(missing)}`),
    ...(isPartial ? [`${unpaired} of ${paired + unpaired} items have answers of one model alone.`] : []),
  ];
  const verdict: Verdict = failed.length > 0 ? "fail" : doubts.length > 0 ? "undecided" : "pass";
  const missing = [...ofGates, ...(isPartial ? [unpaired] : [])];
  const isKnown = missing.every((count) => count !== undefined);
  return {
    verdict,
    reasons: [...failed, ...doubts],
    ...(isKnown && { missing: Math.max(0, ...missing) }),
  };
}

function itemsMissing(missing: number | undefined): string {
  if (missing === undefined) return "What was seen stands too near the margin for items to decide.";
  return `About ${missing.toLocaleString("en-US")} more ${missing === 1 ? "item" : "items"} would likely decide.`;
}

function checkShare(name: string, value: number, least: number): void {
  if (value > least && value < 1) return;
  throw new ModelError(`\`${name}\` must be above ${least} and below 1; it is ${value}.`, { code: "invalid-request" });
}
