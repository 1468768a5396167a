// Two models, one dataset: asked, scored, interrupted, and gone on with.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contains, evaluate, length, progressBar } from "@plugboard/evaluation";
import { scriptedAs } from "@plugboard/testing";

const dataset = [
  { id: "fr", prompt: "The capital of France?", expected: "Paris" },
  { id: "it", prompt: "The capital of Italy?", expected: "Rome" },
  { id: "jp", prompt: "The capital of Japan?", expected: "Tokyo" },
];
const terse = scriptedAs({ id: "terse" }, "Paris.", "Rome.", "Tokyo.");
const wordy = scriptedAs(
  { id: "wordy" },
  "I believe that would be Paris.",
  "I believe that would be Milan.",
  "It is Tokyo.",
);

const directory = await mkdtemp(join(tmpdir(), "evaluation-"));
try {
  const options = {
    dataset,
    models: { terse, wordy },
    scorers: { right: contains(), words: length({ unit: "words" }) },
    results: join(directory, "results.jsonl"),
    concurrency: 1, // the scripts play their answers in order
  };
  for await (const { item, model, output } of evaluate(options)) {
    console.log(`${model} of ${item}: ${output}`);
    if (item === "it") break; // as if the process had ended here
  }

  const { models } = await evaluate({ ...options, onProgress: progressBar() }).result();
  for (const [name, { scores }] of Object.entries(models)) {
    const { mean, interval } = scores["right"]!;
    console.log(
      `${name}: ${mean.toFixed(2)} right, in truth between ${interval!.lower.toFixed(2)} and ${interval!.upper.toFixed(2)}`,
    );
  }
  assert.equal(terse.requests.length + wordy.requests.length, 6); // nothing was asked twice
  assert.equal((await readFile(options.results, "utf8")).trim().split("\n").length, 6);
  assert.equal(models["terse"]!.scores["right"]!.mean, 1);
} finally {
  await rm(directory, { recursive: true });
}
