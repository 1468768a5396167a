// Whether a feature can move to a cheaper model: gates with margins, a verdict with its intervals, and a group that an average would hide.
import assert from "node:assert/strict";
import { compare, evaluate, exact, parity, textReport } from "@plugboard/evaluation";
import { scriptedAs } from "@plugboard/testing";
import { cost } from "@plugboard/middleware";
import type { Model } from "plugboard";

const capitals = {
  Frankreich: "Paris",
  France: "Paris",
  Italy: "Rome",
  Japan: "Tokyo",
  Spain: "Madrid",
  Kenya: "Nairobi",
};
const dataset = Array.from({ length: 400 }, (_, place) => {
  const [country, expected] = Object.entries(capitals)[place % 6]!;
  const language = country === "Frankreich" ? "de" : "en";
  return { id: `question-${place}`, prompt: `(${place}) The capital of ${country}?`, expected, segments: { language } };
});

/** A stand-in for a provider: it knows capitals, and fails where it is told to. `openai("gpt-4o")` stands here in an application. */
function geographer(id: string, fails: (place: number, country: string) => boolean): Model {
  const dollars = id === "large" ? 0.01 : 0.001;
  return scriptedAs({ provider: "school", id }, ({ messages }) => {
    const [, place, country] = /\((\d+)\) The capital of (\w+)/.exec(JSON.stringify(messages.at(-1)))!;
    const answer = fails(Number(place), country!) ? "I do not know." : capitals[country as keyof typeof capitals];
    return [answer, { usage: { input: 12, output: 4 } }];
  }).with(cost(() => ({ cost: { total: dollars * 1e9 } })));
}

const large = geographer("large", (place) => place % 50 === 0);
const small = geographer("small", (place) => place % 50 === 1);
const weak = geographer("weak", (place, country) => country === "Frankreich" && place % 4 === 0);

const gates = {
  quality: { score: "exact", margin: 0.05 },
  cost: { measure: "cost", margin: "0%" },
  errors: { measure: "errors", margin: 0.02 },
} as const;

console.log("The small model holds every gate: it is shown to be at most 5 points worse, and to cost no more.");
const passed = await parity(large, small, { dataset, scorers: [exact()], gates });
console.log(textReport(passed));
assert.equal(passed.verdict, "pass");

console.log("\nWith 40 questions nothing is shown either way, and the verdict says how many are missing.");
const early = await parity(large, small, { dataset: dataset.slice(0, 40), scorers: [exact()], gates });
assert.equal(early.verdict, "undecided");
console.log(`${early.verdict}: about ${early.missing} more items`);

console.log(
  "\nThe weak model is within 10 points on average, and far from them in German: the group is named, and the verdict is fail.",
);
const measurements = [];
for await (const line of evaluate({ dataset, models: { large, weak }, scorers: [exact()] })) measurements.push(line);
const failed = compare(measurements, {
  baseline: "large",
  candidate: "weak",
  gates: { quality: { score: "exact", margin: 0.1 } },
});
console.log(textReport(failed));
assert.equal(failed.gates[0]?.verdict, "pass");
assert.deepEqual(failed.reasons, ["Gate quality is missed where language is de."]);
