// `pnpm bench`: our speed beside the floor, in one run. `--check` gates on what is exact (promises a token); times are only printed.
import { floor } from "./floor.ts";
import { bare, chained } from "./plugboard.ts";
import { streamFetch, textOfTokens, wholeFetch } from "./answers.ts";
import type { Delivery } from "./answers.ts";
import { printLedgers } from "./ledgers.ts";
import { measure } from "./measure.ts";
import type { Timing } from "./measure.ts";
import { promisesPerToken } from "./promises.ts";
import type { Subject } from "./subject.ts";

const check = process.argv.includes("--check");
const pace = check ? { rounds: 5, span: 60 } : { rounds: 15, span: 250 };
const subjects: readonly Subject[] = [floor, bare, chained];
const tokens = { generate: 60, stream: 500 };
/** `bound`: promises a token at most. */
const deliveries: readonly (Delivery & { readonly name: string; readonly bound: number })[] = [
  { name: "one event a read", reads: "event", bound: 8 },
  { name: "16 KiB reads", reads: 16 * 1024, bound: 3 },
  { name: "16 KiB reads, every chunk different", reads: 16 * 1024, varied: true, bound: 3 },
];

await verify();
console.log(
  `Node ${process.version}, ${process.platform} ${process.arch}; medians of ${pace.rounds} rounds, interleaved.\n`,
);

await table(
  `generate, ${tokens.generate} tokens, µs a call`,
  subjects.map((subject) => ({ name: subject.name, run: subject.generate(wholeFetch(tokens.generate)) })),
  1,
);
for (const delivery of deliveries) {
  await table(
    `stream, ${delivery.name}, µs a token`,
    subjects.map((subject) => ({ name: subject.name, run: subject.stream(streamFetch(tokens.stream, delivery)) })),
    tokens.stream,
  );
}

await printLedgers(pace);

console.log("promises a token (counted)");
const passed: boolean[] = [];
for (const { name, bound, ...delivery } of deliveries) {
  for (const subject of subjects) {
    const count = await promisesPerToken((length) => subject.stream(streamFetch(length, delivery)));
    const judged = subject !== floor;
    if (judged) passed.push(count <= bound);
    const verdict = judged ? `${count <= bound ? "ok" : "TOO MANY"}, at most ${bound}` : "";
    console.log(`  ${name.padEnd(36)} ${subject.name.padEnd(14)} ${count.toFixed(2).padStart(7)}  ${verdict}`);
  }
}
if (check && passed.includes(false)) {
  console.error("\nbench --check: more promises a token than the bound.");
  process.exitCode = 1;
}

/** No figure counts before every subject has given the right answer. */
async function verify(): Promise<void> {
  for (const subject of subjects) {
    const answers = [await subject.generate(wholeFetch(60))()];
    for (const delivery of deliveries) answers.push(await subject.stream(streamFetch(60, delivery))());
    if (!answers.every(({ text, tokens: told }) => text === textOfTokens(60) && told === 60))
      throw new Error(`${subject.name} gives a wrong answer.`);
  }
}

async function table(
  title: string,
  timed: readonly { readonly name: string; readonly run: () => Promise<unknown> }[],
  unit: number,
): Promise<void> {
  const timings = await measure(
    timed.map(({ name, run }) => ({
      name,
      run: async (times) => {
        for (let time = 0; time < times; time++) await run();
      },
    })),
    pace,
  );
  const base = timings.get(floor.name)!;
  console.log(title);
  for (const [name, timing] of timings) console.log(`  ${name.padEnd(14)} ${figures(timing, base, unit)}`);
  console.log();
}

function figures(timing: Timing, base: Timing, unit: number): string {
  return (["cpu", "wall"] as const)
    .map((kind) => {
      const { least, median, most } = timing[kind];
      const ratio = (median / base[kind].median).toFixed(2);
      const [low, middle, high] = [least, median, most].map((value) => (value / unit).toFixed(2).padStart(7));
      return `${kind} ${middle} (${low} –${high})  ${ratio}×`;
    })
    .join("   ");
}
