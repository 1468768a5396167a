// `pnpm replay-day [FOLDER] [--share 1] [--seed 7]`: a day of real traffic through cache, budget and limiter, in seconds. Ends with 1
// when a limit was broken.
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { common, dayOf } from "./day.ts";
import { dayLimits, seededRandom } from "./settings.ts";
import { replayDay } from "./replay-day.ts";
import { madeUpTraces, readTraces } from "./traces.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { share: { type: "string", default: "0.5" }, seed: { type: "string", default: "7" } },
});
const shared = process.env["PLUGBOARD_SHARED"] || fileURLToPath(new URL("../../../shared", import.meta.url));
const folder = positionals[0] ?? `${shared}/data/traces`;
const [seed, share] = [Number(values.seed), Number(values.share)];
const random = seededRandom(seed);
const read = readTraces(folder);
const traces = read ?? madeUpTraces(random);
const day = dayOf(traces, random, share);

const began = performance.now();
const limits = dayLimits(read !== undefined, share);
const report = await replayDay(day, limits);
const took = (performance.now() - began) / 1000;

const { ends, byTrace, waits, prompts, peak } = report;
console.log(
  read
    ? `A day of the Azure and Mooncake traces: a stretch of each in every hour, at its own pace.`
    : `No traces in ${folder}: a day of a trace that is made up instead.`,
);
console.log(
  `Seed ${seed}, share ${share}: ${report.requests} requests, played in ${took.toFixed(1)} s. The traces have tokens and times, no text:` +
    `\ntenants are drawn, and ${percent(common.share)} of ${traces[common.trace]!.name} are made common questions, ${common.questions} of them, by Zipf's law.\n`,
);
const known = (ends["hit"] ?? 0) + (ends["shared"] ?? 0);
line(
  "answered from the cache",
  `${percent((ends["hit"] ?? 0) / report.requests)}, and ${percent((ends["shared"] ?? 0) / report.requests)} by a call under way: ${known} requests`,
);
for (const [name, of] of Object.entries(byTrace)) line("", `${name}: ${percent(of.known / of.all)} of ${of.all}`);
line(
  "read by the provider's cache",
  `${percent(prompts.hitRate)} of ${(prompts.input / 1e6).toFixed(1)} million tokens, which saved ${dollars(prompts.saved)}`,
);
const sorted = waits.toSorted((one, other) => one - other);
const waited = sorted.filter((wait) => wait >= 1);
line(
  "sent",
  `${sorted.length}; ${percent(waited.length / sorted.length)} of them waited, half of these up to ${seconds(at(waited, 0.5))}, 95 % up to ${seconds(at(waited, 0.95))}, at most ${seconds(at(waited, 1))}`,
);
line(
  "most in any minute",
  `${peak.requests} requests of ${limits.requests}, ${peak.tokens} tokens of ${limits.tokens}`,
);
for (const [code, count] of Object.entries(ends)) {
  if (!["asked", "hit", "shared"].includes(code)) line("refused", `${count} with ${code}`);
}
line(
  "spent",
  `${dollars(report.spend.spent)} by the ledger, ${dollars(report.billed)} by the provider's bills, of ${dollars(limits.budget)}`,
);
line("", `${dollars(limits.tenantBudget)} for each tenant`);
console.log(
  report.broken.length === 0 ? "\nNo limit was broken." : `\nBROKEN:\n  ${report.broken.slice(0, 20).join("\n  ")}`,
);
if (report.broken.length > 0) process.exitCode = 1;

function line(what: string, text: string): void {
  console.log(`  ${what.padEnd(30)} ${text}`);
}
function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
function dollars(amount: number): string {
  return `$${(amount / 1e9).toFixed(4)}`;
}
function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
function at(values: readonly number[], place: number): number {
  return values[Math.floor(place * (values.length - 1))] ?? 0;
}
