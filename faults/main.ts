// `pnpm faults [pattern] [--fetch | --undici]`: does every fault whose id has the pattern in it, and exits with 1 when one was not survived.
// With `--fetch` requests are sent by the fetch of Node, with `--undici` by the transport on undici, and not by `node:http`.
import { parseArgs } from "node:util";
import { allFaults, groupOf } from "./all-faults.ts";
import { watchOutput } from "./watch-output.ts";
import { protocols } from "./protocols.ts";
import { runAll, runsOf } from "./run-all.ts";
import type { Verdict } from "./run-fault.ts";

const atOnce = 24;
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { fetch: { type: "boolean", default: false }, undici: { type: "boolean", default: false } },
});
const [pattern = ""] = positionals;
const transport = values.fetch ? "fetch" : values.undici ? "undici" : "node";
const faults = allFaults.filter(({ id }) => id.includes(pattern));
if (faults.length === 0) {
  console.error(
    `No fault has "${pattern}" in its id. The groups are: ${[...new Set(allFaults.map(groupOf))].join(", ")}.`,
  );
  process.exit(2);
}

const began = performance.now();
const output = watchOutput();
const verdicts = await runAll(runsOf(faults, protocols, transport), atOnce);
const stray = await output.stop();
const failed = verdicts.filter(({ problems }) => problems.length > 0);

table();
for (const { id, protocol, mode, problems } of failed)
  console.log(`✗ ${id} (${protocol}, ${mode}): ${problems.join("; ")}`);
for (const problem of stray) console.log(`✗ ${problem}`);
const bad = new Set(failed.map(({ id }) => id));
if (bad.size > 0) console.log(`\nFailed: ${[...bad].join(" ")}`);
const took = ((performance.now() - began) / 1000).toFixed(1);
console.log(
  `\n${verdicts.length - failed.length} of ${verdicts.length} runs, over ${transport === "node" ? "node:http" : transport}, in ${took} s; Node ${process.version}.`,
);
console.log(`${faults.length - bad.size} of ${faults.length}`);
// What a failure leaves behind, a clock for one, must not keep the process.
process.exit(bad.size > 0 || stray.length > 0 ? 1 : 0);

/** What passed, of how many, by group and protocol. */
function table(): void {
  const names = protocols.map(({ name }) => name);
  row(["group", "faults", ...names]);
  const groups = [...new Set(faults.map(groupOf))];
  for (const group of [...groups, "all"]) {
    const isIn = (id: string): boolean => group === "all" || groupOf({ id }) === group;
    const own = verdicts.filter(({ id }) => isIn(id));
    row([
      group,
      String(faults.filter(({ id }) => isIn(id)).length),
      ...names.map((name) => share(own.filter(({ protocol }) => protocol === name))),
    ]);
  }
  console.log();
}

function row(cells: readonly string[]): void {
  console.log(cells.map((cell, place) => (place === 0 ? cell.padEnd(12) : cell.padStart(17))).join(""));
}

function share(verdicts: readonly Verdict[]): string {
  return `${verdicts.filter(({ problems }) => problems.length === 0).length} of ${verdicts.length}`;
}
