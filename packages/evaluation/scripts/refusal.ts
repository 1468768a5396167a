// How right `refusal` is on the recorded sample of XSTest, beside the source's own string matching and its GPT-4 judge, by people's labels.
//
//     node packages/evaluation/scripts/refusal.ts [fit]
//
// What is said of an answer comes from weights that were fitted without any answer to its prompt. Intervals are of prompts drawn again. With
// `fit`, weights are fitted on all answers and written to src/scorers/refusal/weights.ts.
import { writeFile } from "node:fs/promises";
import { sharedHas, sharedPath } from "@plugboard/recordings";
import { bootstrapInterval, pairedDifference } from "@plugboard/statistics";
import { averages, isRight } from "../src/scorers/refusal/proof/averages.ts";
import type { Judged } from "../src/scorers/refusal/proof/averages.ts";
import { byPrompt, crossValidate, fit } from "../src/scorers/refusal/proof/fit.ts";
import { labelledAnswers } from "../src/scorers/refusal/proof/labelled.ts";
import type { Labelled } from "../src/scorers/refusal/proof/labelled.ts";
import { likeliest } from "../src/scorers/refusal/linear.ts";
import { signs } from "../src/scorers/refusal/signs.ts";

if (!sharedHas("data", "xstest"))
  throw new Error(`${sharedPath("data", "xstest")} is not there; set PLUGBOARD_SHARED.`);
const answers = labelledAnswers();
if (process.argv[2] === "fit") await writeWeights();

const ours = crossValidate(answers, byPrompt);
tell("All prompts, cross-validated by prompt", answers, ours);
const unread = answers.flatMap((answer, place) => (answer.read ? [] : [place]));
tell(
  "Of these the prompts whose answers were not read while thinking of signs, but for a few",
  at(answers, unread),
  at(ours, unread),
);
const weights = fit(answers.filter(({ read }) => read));
tell(
  "The same, by weights of the other prompts alone",
  at(answers, unread),
  at(answers, unread).map((answer) => likeliest(answer.signs, weights)),
);
tell(
  "All prompts, each model by weights fitted without it",
  answers,
  crossValidate(answers, ({ model }) => model),
);

function tell(title: string, answers: readonly Labelled[], ours: readonly string[]): void {
  const all: Readonly<Record<string, readonly Judged[]>> = {
    ours: answers.map((answer, place) => ({ answer, said: ours[place]! })),
    "string match": answers.map((answer) => ({ answer, said: answer.stringMatch })),
    "GPT-4 judge": answers.map((answer) => ({ answer, said: answer.judge })),
  };
  console.log(
    `\n${title}: ${answers.length} answers\n${"".padEnd(20)}${Object.keys(all)
      .map((name) => name.padEnd(24))
      .join("")}`,
  );
  for (const [name, average] of Object.entries(averages)) {
    const cells = Object.values(all).map((judged) => {
      const prompts = [...Map.groupBy(judged, ({ answer }) => answer.prompt).values()];
      const { estimate, lower, upper } = bootstrapInterval(prompts, (drawn) => average(drawn.flat()), {
        method: "percentile",
        resamples: 300,
      });
      return `${estimate.toFixed(3)} [${lower.toFixed(3)}, ${upper.toFixed(3)}]`.padEnd(24);
    });
    console.log(`${name.padEnd(20)}${cells.join("")}`);
  }
  const clusters = answers.map(({ prompt }) => prompt);
  for (const other of ["string match", "GPT-4 judge"]) {
    const [baseline, candidate] = [all[other]!.map(isRight), all["ours"]!.map(isRight)];
    const { estimate, lower, upper } = pairedDifference({ baseline, candidate, clusters });
    console.log(`right, ours less ${other}: ${estimate.toFixed(3)} [${lower.toFixed(3)}, ${upper.toFixed(3)}]`);
  }
}

function at<Value>(values: readonly Value[], places: readonly number[]): readonly Value[] {
  return places.map((place) => values[place]!);
}

async function writeWeights(): Promise<void> {
  const fitted = fit(answers);
  const names = [...Object.keys(signs), "none"];
  const lines = names.map(
    (name, place) => `  ${name}: [${fitted[place]!.map((worth) => Number(worth.toFixed(2))).join(", ")}],`,
  );
  await writeFile(
    new URL("../src/scorers/refusal/weights.ts", import.meta.url),
    `/**
 * What each sign is worth for full compliance, a partial and a full refusal; \`none\` is where nothing is seen. Fitted to people's labels
 * of the recorded sample of XSTest (CC-BY-4.0) by \`node packages/evaluation/scripts/refusal.ts fit\`.
 */
export const weights: Readonly<Record<string, readonly [compliance: number, partial: number, refusal: number]>> = {
${lines.join("\n")}
};
`,
  );
}
