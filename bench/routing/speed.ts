import type { Measurement } from "@plugboard/core";
import { trainQuality } from "@plugboard/routing/quality";
import { seededRandom } from "@plugboard/testing";

/** What is promised: training of 10,000 items, the 99th percentile of a decision at 2,000 characters, and the size of the file. */
const bounds = { trainSeconds: 10, decideMs: 1, fileBytes: 2_000_000 } as const;
const [items, models, characters, decisions] = [10_000, 5, 2000, 5000] as const;

/**
 * Trains on 10,000 made-up prompts of five models and decides on longer ones. Training is told in seconds of the processor, since it is one
 * thread and machines are shared; a decision both in time that passed and, for machines that are busy with other things, in the processor's.
 */
export async function measureSpeed(): Promise<string> {
  const random = seededRandom(1);
  const word = (): string => `w${Math.floor(random() ** 3 * 20_000).toString(36)}`;
  const textOf = (length: number): string => {
    const words: string[] = [];
    for (let size = 0; size < length; size += words.at(-1)!.length + 1) words.push(word());
    return words.join(" ").slice(0, length);
  };
  const measurements: Measurement[] = [];
  for (let item = 0; item < items; item++) {
    const prompt = textOf(400);
    // Words with an "a" are hard for the later models, so that there is something to learn.
    const hardness = prompt.split("a").length / 60;
    for (let model = 0; model < models; model++)
      measurements.push({
        item: `${item}`,
        model: `model ${model}`,
        prompt,
        segments: { task: `task ${item % 20}` },
        scores: { right: random() > 0.1 + (hardness * model) / models ? 1 : 0 },
        usage: { output: 50 + (item % 100) },
      });
  }
  const before = process.cpuUsage();
  const quality = await trainQuality(measurements);
  const { user, system } = process.cpuUsage(before);
  const trainSeconds = (user + system) / 1e6;
  const fileBytes = JSON.stringify(quality).length;

  const [passed, used]: [number[], number[]] = [[], []];
  for (let decision = 0; decision < decisions; decision++) {
    const prompt = { text: textOf(characters), ...(decision % 2 === 0 && { segments: { task: "task 3" } }) };
    const start = performance.now();
    const busy = process.cpuUsage();
    quality.predict(prompt);
    const { user: own, system: kernel } = process.cpuUsage(busy);
    passed.push(performance.now() - start);
    used.push((own + kernel) / 1000);
  }
  const [median, decideMs, usedMs] = [percentile(passed, 0.5), percentile(passed, 0.99), percentile(used, 0.99)];
  return [
    "\n## speed\n",
    "| what | measured | bound | |",
    "| --- | --- | --- | --- |",
    `| training, ${items} items of ${models} models | ${trainSeconds.toFixed(1)} s | ${bounds.trainSeconds} s | ${held(trainSeconds, bounds.trainSeconds)} |`,
    `| decision at ${characters} characters, p99 | ${decideMs.toFixed(3)} ms (median ${median.toFixed(3)}) | ${bounds.decideMs} ms | ${held(decideMs, bounds.decideMs)} |`,
    `| the same, time of the processor | ${usedMs.toFixed(3)} ms | ${bounds.decideMs} ms | ${held(usedMs, bounds.decideMs)} |`,
    `| file | ${(fileBytes / 1e6).toFixed(2)} MB | ${bounds.fileBytes / 1e6} MB | ${held(fileBytes, bounds.fileBytes)} |`,
    "",
  ].join("\n");
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length * share)]!;
}

function held(value: number, bound: number): string {
  return value < bound ? "held" : "NOT held";
}
