// "The verdict can be trusted": how often `compare` passes wrongly, and rightly, over real pairs of models from the shared data.
//
//     node packages/evaluation/scripts/verdict.ts [studies of each cell, 1000] [kinds, all]
//
// The items of two models are a population whose truth is known; a study draws n of them with replacement, and `compare` is asked. What a pass
// takes is whole: gates, percentiles, groups, clusters, gaps. A cell fails that passes wrongly more often than 5 % and three standard errors of the simulation, since there are dozens of cells.
import { sharedHas, sharedPath } from "@plugboard/recordings";
import {
  clusterDesigns,
  gapDesigns,
  groupDesigns,
  scoreDesigns,
  severalDesigns,
} from "../src/parity/verdict/designs.ts";
import type { Design } from "../src/parity/verdict/designs.ts";
import { graded, realPairs, rightOrWrong } from "../src/parity/verdict/real-pairs.ts";
import { tryOut } from "../src/parity/verdict/trial.ts";

const studies = Number(process.argv[2] ?? 1000);
const only = process.argv[3]?.split(",");
const sizes = [100, 200, 400, 800];

const kinds: Readonly<Record<string, () => readonly Design[]>> = {
  right: () => scoreDesigns("right or wrong", rightOrWrong.flatMap(realPairs)),
  graded: () => scoreDesigns("graded", graded.flatMap(realPairs)),
  gaps: () => gapDesigns(realPairs("mmlu-pro/data")),
  clusters: () => clusterDesigns([...realPairs("mmlu-pro/data"), ...realPairs("bfcl/data")]),
  groups: () => groupDesigns(realPairs("mmlu-pro/data")),
  p50: () => severalDesigns(realPairs("bfcl/data"), "p50"),
  p95: () => severalDesigns(realPairs("bfcl/data"), "p95"),
};

if (!sharedHas("data")) throw new Error(`${sharedPath("data")} is not there; set PLUGBOARD_SHARED.`);
console.log(
  `${studies} studies of each cell, a quarter of those that take long; ± is twice the standard error of the simulation.`,
);
console.log("ideal: the tests of someone who knows the true spread, on the same draws.");
console.log(
  "later: of studies that are undecided, gone on with as many items as are said to be missing, how many are decided; and of all",
);
console.log(
  "studies how many pass, if one looks twice like that. open: undecided ones of which no number is said, or more than 8000.\n",
);
console.log(
  [
    "truth".padEnd(46),
    ...["pairs", "n", "pass %", "±", "ideal", "short", "±", "fail %", "later %", "twice %", "open %"].map(column),
  ].join(""),
);
let broken = 0;
for (const [kind, designs] of Object.entries(kinds)) {
  if (only && !only.includes(kind)) continue;
  for (const design of designs()) {
    for (const items of sizes) {
      const count = design.slow ? Math.ceil(studies / 4) : studies;
      const goOn = Math.ceil(count / (design.slow ? 20 : 5));
      const { pass, fail, ideal, goneOn, decided, passedLater, leftOpen } = tryOut(design, {
        items,
        studies: count,
        goOn,
      });
      const doubt = 2 * Math.sqrt(Math.max((pass / count) * (1 - pass / count), 1 / count) / count);
      const isBroken = design.missed && pass / count > 0.05 + 3 * Math.sqrt((0.05 * 0.95) / count);
      if (isBroken) broken += 1;
      const open = (count - pass - fail) / count;
      console.log(
        [
          design.name.padEnd(46),
          column(design.settings.length),
          column(items),
          percent(pass / count),
          percent(doubt),
          ...(design.missed
            ? ["", "", ""].map(column)
            : [percent(ideal / count), percent((ideal - pass) / count), percent(doubt)]),
          percent(fail / count),
          goneOn > 0 ? percent(decided / goneOn) : column("–"),
          goneOn > 0 ? percent(pass / count + (open * passedLater) / (goneOn + leftOpen)) : column("–"),
          goneOn + leftOpen > 0 ? percent(leftOpen / (goneOn + leftOpen)) : column("–"),
          isBroken ? "  TOO OFTEN" : "",
        ].join(""),
      );
    }
  }
}
if (broken > 0) process.exitCode = 1;

function column(value: string | number): string {
  return String(value).padStart(8);
}

function percent(part: number): string {
  return column((100 * part).toFixed(1));
}
