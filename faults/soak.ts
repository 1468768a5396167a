// `pnpm soak [--seconds N] [--streams N] [--seed N]`: two minutes of a thousand streams with random faults, and what is left after it.
import { parseArgs } from "node:util";
import { runSoak } from "./soak/run-soak.ts";
import { watchOutput } from "./watch-output.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "120" },
    streams: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
  },
});
const [seconds, streams, seed] = [numberOf("seconds"), numberOf("streams"), numberOf("seed")];

const output = watchOutput();
const { tally, requests, heap, sockets, mostSockets, problems } = await runSoak({ seconds, streams, seed });
const stray = await output.stop();

const failed = [...tally.failed].toSorted(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}`);
const [before, after] = heap;
const lines: readonly (readonly [string, string])[] = [
  ["streams at once", `${streams} for ${seconds} s, seed ${seed}; Node ${process.version}`],
  ["calls started", String(tally.started)],
  ["finished", String(tally.finished)],
  ["cancelled", String(tally.cancelled)],
  ["failed", `${tally.failures}: ${failed.join(", ") || "none"}`],
  [
    "attempts",
    `${tally.attempts} begun, ${tally.ended} ended; ${requests} requests at the upstreams, warm-up included`,
  ],
  ["events read", String(tally.events)],
  [
    "heap collected",
    `${mebibytes(before)} MiB before, ${mebibytes(after)} MiB after: ${signed((after / before - 1) * 100)} %`,
  ],
  ["open sockets", `${mostSockets} at most; ${sockets[0]} here and ${sockets[1]} at the upstreams at the end`],
];
for (const [name, value] of lines) console.log(`${name.padEnd(16)} ${value}`);
for (const problem of [...problems, ...stray]) console.log(`✗ ${problem}`);
console.log(problems.length + stray.length === 0 ? "Nothing is left." : "Not as it must be.");
if (problems.length + stray.length > 0) process.exitCode = 1;

function numberOf(name: keyof typeof values): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value > 0) return value;
  console.error(`--${name} must be a whole number above 0; it is ${values[name]}.`);
  return process.exit(2);
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(2);
}

function signed(share: number): string {
  return `${share > 0 ? "+" : ""}${share.toFixed(2)}`;
}
