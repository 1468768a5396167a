import { PerformanceObserver } from "node:perf_hooks";
import type { Measurement } from "@plugboard/core";
import { trainQuality } from "@plugboard/routing/quality";
import { seededRandom } from "@plugboard/testing";

/** What is promised: training of 10,000 items, the 99th percentile of a decision at 2,000 characters, and the size of the file. */
const bounds = { trainSeconds: 10, decideMs: 1, fileBytes: 2_000_000 } as const;
const [items, models, characters, decisions] = [10_000, 5, 2000, 5000] as const;

/** What a decision took, in milliseconds, and what came between. */
interface Timed {
  readonly start: number;
  /** That passed. */
  readonly passed: number;
  /** Of the processor, collection of garbage included. That of the thread alone is told in steps of milliseconds on some machines. */
  readonly used: number;
  /** How often another process was let in. */
  readonly preempted: number;
}

/**
 * Trains on 10,000 made-up prompts of five models and decides on longer ones. Training is told in seconds of the processor, since it is one
 * thread and machines are shared; a decision both in time that passed and, for machines that are busy with other things, in the processor's,
 * with what the slow ones waited for.
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

  const collections: { readonly start: number; readonly end: number }[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      collections.push({ start: startTime, end: startTime + duration });
  });
  observer.observe({ entryTypes: ["gc"] });
  const all: Timed[] = [];
  for (let decision = 0; decision < decisions; decision++) {
    const prompt = { text: textOf(characters), ...(decision % 2 === 0 && { segments: { task: "task 3" } }) };
    const { involuntaryContextSwitches: switches } = process.resourceUsage();
    const busy = process.cpuUsage();
    const start = performance.now();
    quality.predict(prompt);
    const passed = performance.now() - start;
    const { user: own, system: kernel } = process.cpuUsage(busy);
    const preempted = process.resourceUsage().involuntaryContextSwitches - switches;
    all.push({ start, passed, used: (own + kernel) / 1000, preempted });
    // Collections are told between turns.
    if (decision % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
  }
  observer.disconnect();

  const [passed, used] = [all.map((one) => one.passed), all.map((one) => one.used)];
  const decideMs = percentile(passed, 0.99);
  const usedMs = percentile(used, 0.99);
  const shown = (values: readonly number[]): string =>
    `${percentile(values, 0.99).toFixed(3)} ms (median ${percentile(values, 0.5).toFixed(3)}, p99.9 ${percentile(values, 0.999).toFixed(3)})`;
  return [
    "\n## speed\n",
    "| what | measured | bound | |",
    "| --- | --- | --- | --- |",
    `| training, ${items} items of ${models} models | ${trainSeconds.toFixed(1)} s | ${bounds.trainSeconds} s | ${held(trainSeconds, bounds.trainSeconds)} |`,
    `| decision at ${characters} characters, p99 | ${shown(passed)} | ${bounds.decideMs} ms | ${held(decideMs, bounds.decideMs)} |`,
    `| the same, time of the processor | ${shown(used)} | ${bounds.decideMs} ms | ${held(usedMs, bounds.decideMs)} |`,
    `| file | ${(fileBytes / 1e6).toFixed(2)} MB | ${bounds.fileBytes / 1e6} MB | ${held(fileBytes, bounds.fileBytes)} |`,
    "",
    whySlow(all, collections),
    "",
  ].join("\n");
}

/** Of the decisions that passed the bound, what they waited for. */
function whySlow(
  all: readonly Timed[],
  collections: readonly { readonly start: number; readonly end: number }[],
): string {
  const slow = all.filter(({ passed }) => passed > bounds.decideMs);
  const isCollected = ({ start, passed }: Timed): boolean =>
    collections.some((one) => one.start < start + passed && one.end > start);
  const busy = slow.filter(({ used }) => used > bounds.decideMs);
  const idle = slow.filter(({ used }) => used <= bounds.decideMs);
  return [
    `Of ${all.length} decisions, ${slow.length} took more than ${bounds.decideMs} ms: ${busy.length} by time of the processor`,
    ` (${busy.filter(isCollected).length} while garbage was collected, ${busy.filter((one) => !isCollected(one) && all.indexOf(one) < 500).length} others among the first 500), ${idle.length} waiting for the processor`,
    ` (${idle.filter(({ preempted }) => preempted > 0).length} while another process was let in,`,
    ` ${idle.filter((one) => one.preempted === 0 && isCollected(one)).length} more while garbage was collected).`,
    ` Garbage was collected in ${all.filter(isCollected).length} of them.`,
  ].join("");
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length * share)]!;
}

function held(value: number, bound: number): string {
  return value < bound ? "held" : "NOT held";
}
