// `pnpm routing`: what routing saves on recorded outcomes, by cross-validation over questions: the tables of docs/guide/routing-measured.md.
// Words after it pick sets by name: `pnpm routing mmlu gsm8k`; `speed` measures training and deciding. `--plots` writes the curves to
// bench/results/.
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { sharedHas } from "@plugboard/recordings";
import {
  agreementPolicy,
  cascadePolicy,
  lengthPolicy,
  qualityPolicy,
  simulate,
  simulationPlot,
  simulationTable,
  tablePolicy,
} from "@plugboard/routing/simulate";
import type { Policy, SimulateOptions, Simulation } from "@plugboard/routing/simulate";
import { NoHarm } from "./routing/no-harm.ts";
import { recordedOutcomes } from "./routing/recorded-outcomes.ts";
import { measureSpeed } from "./routing/speed.ts";

interface Pool extends SimulateOptions {
  readonly sets: readonly string[];
  readonly models: readonly string[];
  readonly policies: readonly Policy[];
  /** Over how many splits into folds the APGR is averaged besides. */
  readonly splits?: number;
  /** Whether it is one of the five that targets are counted on. */
  readonly counted?: true;
}

const pair = { models: ["gpt-4-1106-preview", "mixtral-8x7b-instruct-v0.1"], reference: "gpt-4-1106-preview" };
const zeroeval = [
  "gpt-4o-2024-05-13",
  "Meta-Llama-3-70B-Instruct",
  "Meta-Llama-3-8B-Instruct",
  "Phi-3.5-mini-instruct",
];
const [table, length, quality, cascade, agreement] = [
  tablePolicy(),
  lengthPolicy(),
  qualityPolicy(),
  cascadePolicy({ mostAsked: 4 }),
  agreementPolicy(),
];

/** The last policy of each is the one that is counted. */
const pools: Readonly<Record<string, Pool>> = {
  gsm8k: { ...pair, sets: ["routellm/gsm8k"], folds: 10, policies: [length, table, quality], counted: true, splits: 5 },
  mmlu: {
    ...pair,
    sets: ["routellm/mmlu"],
    folds: 10,
    policies: [length, table, qualityPolicy({ tasksTold: false }), quality],
    counted: true,
  },
  "mmlu-1500": {
    ...pair,
    sets: ["routellm/mmlu"],
    learnFrom: 1500,
    splits: 5,
    policies: [table, quality],
  },
  zeroeval: {
    sets: ["zeroeval/gsm", "zeroeval/math-l5", "zeroeval/crux"],
    models: zeroeval,
    reference: "gpt-4o-2024-05-13",
    policies: [length, table, quality, cascade, agreement],
    counted: true,
  },
  "mmlu-pro": {
    sets: ["mmlu-pro/data"],
    models: [
      "gemini-1.5-pro-002",
      "gemini-1.5-flash-002",
      "Meta-Llama-3.1-70B-Instruct",
      "Meta-Llama-3.1-8B-Instruct",
      "Phi-3-mini-4k-instruct",
    ],
    reference: "gemini-1.5-pro-002",
    policies: [length, table, cascadePolicy(), agreement, quality],
    counted: true,
  },
  bfcl: {
    sets: ["bfcl/data"],
    models: ["gpt-4o-2024-05-13", "gpt-4o-mini-2024-07-18", "Meta-Llama-3-70B-Instruct", "Meta-Llama-3-8B-Instruct"],
    reference: "gpt-4o-2024-05-13",
    policies: [length, table, quality, cascade],
    counted: true,
  },
  crux: {
    sets: ["zeroeval/crux"],
    models: zeroeval,
    reference: "gpt-4o-2024-05-13",
    policies: [length, table, quality],
  },
  alpacaeval: {
    sets: ["alpacaeval/data"],
    models: ["gpt4_1106_preview", "FuseChat-Llama-3.2-1B-Instruct", "claude-2.1", "gpt-3.5-turbo-1106"],
    policies: [length, table, quality],
  },
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { plots: { type: "boolean" } } });
const picked = positionals.length > 0 ? positionals : Object.keys(pools);
for (const name of picked)
  if (!pools[name] && name !== "speed")
    throw new Error(`There is no set "${name}"; there are: ${Object.keys(pools).join(", ")}, speed.`);
if (positionals.length === 0 || picked.includes("speed")) console.log(await measureSpeed());

const counted: string[] = [];
const noHarm = new NoHarm();
let [kept, cases, toReference, below] = [0, 0, 0, 0];
for (const name of picked.filter((each) => each !== "speed")) {
  const { sets, models, policies, counted: counts, splits = 1, ...options } = pools[name]!;
  const absent = sets.find((set) => !sharedHas("data", `${set}.jsonl.gz`));
  if (absent !== undefined) {
    console.log(`skipped: ${name}, since the recorded outcomes ${absent} are not there.`);
    continue;
  }
  const outcomes = sets.flatMap((set) => recordedOutcomes(set, models));
  console.log(`\n## ${name}\n`);
  const simulations = policies.map((policy) =>
    simulate(policy, outcomes, { ...options, simpleRules: policy === policies.at(-1) }),
  );
  for (const simulation of simulations) console.log(simulationTable(simulation));
  const last = simulations.at(-1)!;
  for (const other of simulations.slice(0, -1)) compare(last, other);
  if (splits > 1) {
    const others = Array.from(
      { length: splits },
      (_, seed) => simulate(policies.at(-1)!, outcomes, { ...options, seed: seed + 1 }).pair!.apgr.estimate,
    );
    const mean = others.reduce((sum, apgr) => sum + apgr, 0) / splits;
    const shown = others.map((apgr) => apgr.toFixed(3)).join(", ");
    console.log(`APGR over ${splits} splits into folds: ${shown}; ${mean.toFixed(3)} on average.`);
  }
  if (values.plots === true) {
    const folder = new URL("results/", import.meta.url);
    mkdirSync(folder, { recursive: true });
    writeFileSync(new URL(`routing-${name}.svg`, folder), simulationPlot(simulations, name));
  }
  if (counts) count(name, last);
  noHarm.add(name, last);
}
if (counted.length > 0) {
  console.log(`\n## Whether the confident point keeps its target on new questions\n\n${counted.join("\n")}`);
  console.log(
    `\n${kept} of ${cases} kept, ${below} significantly below; ${toReference} more send everything to the reference.`,
  );
}
if (picked.some((name) => name !== "speed")) console.log(noHarm.toString());

/** Says how the APGR of two policies differs on the same samples of items. */
function compare(one: Simulation, other: Simulation): void {
  if (!one.pair || !other.pair) return;
  const before = other.pair.resampled;
  const differences = one.pair.resampled.map((apgr, sample) => apgr - before[sample]!).toSorted((a, b) => a - b);
  const [lower, upper] = [
    differences[Math.floor(0.025 * before.length)]!,
    differences[Math.ceil(0.975 * before.length) - 1]!,
  ];
  const gain = one.pair.apgr.estimate - other.pair.apgr.estimate;
  console.log(
    `APGR of ${one.policy} less that of ${other.policy}: ${gain.toFixed(3)} (${lower.toFixed(3)} to ${upper.toFixed(3)}).`,
  );
}

function count(name: string, { points }: Simulation): void {
  for (const { kind, target, margin, allToReference, saving } of points) {
    if (kind !== "confident") continue;
    const keeps = margin.estimate >= 0;
    if (allToReference) toReference++;
    else {
      cases++;
      if (keeps) kept++;
      if (margin.upper < 0) below++;
    }
    const how = allToReference ? "all to the reference" : keeps ? "kept" : "not kept";
    counted.push(`- ${name} at ${target * 100} %: ${how}, ${(saving * 100).toFixed(1)} % saved`);
  }
}
