// `pnpm bench`: our speed beside the floor and the peers, in one run, written to bench/results/. `pnpm bench --check` holds what is
// exact (promises a token, bytes of the bundle, packages) to its bounds, and prints times without judging or writing them.
// Words after it pick measures by their name: `pnpm bench loopback heap`; then nothing is written.
import { parseArgs } from "node:util";
import { streamFetch, wholeFetch } from "./answers.ts";
import { floors } from "./floor.ts";
import { printLedgers } from "./ledgers.ts";
import { measureDecisions } from "./measures/decisions.ts";
import { deliveries, measureInProcess } from "./measures/in-process.ts";
import { measureLeaving } from "./measures/leaving.ts";
import { measureLoopback } from "./measures/loopback.ts";
import { measureFirstToken, measureHeap } from "./measures/open-streams.ts";
import { countAllPromises } from "./measures/promises.ts";
import { measureImports, measureSizes } from "./measures/sizes.ts";
import { measureTokens } from "./measures/tokens.ts";
import { loadPeers } from "./peers/install.ts";
import { plugboards, transported } from "./plugboard.ts";
import { Report } from "./report.ts";
import type { Subject } from "./subject.ts";
import { textPieces } from "./wires/text.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { check: { type: "boolean" } } });
const check = values.check === true;
const pace = check ? { rounds: 5, span: 40 } : { rounds: 11, span: 150 };

const found = await loadPeers({ install: !check });
const subjects: readonly Subject[] = [...floors, ...plugboards, ...found.subjects];
await verify();

const report = new Report();
if (found.absent !== undefined) report.note(`skipped: the peers, since ${found.absent}.`);
const excess: string[] = [];
const measures: Readonly<Record<string, () => Promise<unknown>>> = {
  sizes: async () => excess.push(...(await measureSizes(report, found.peers))),
  promises: async () => excess.push(...(await countAllPromises(report, subjects))),
  "in-process": () => measureInProcess(report, subjects, pace),
  "first-token": () => measureFirstToken(report, subjects, pace),
  heap: () => measureHeap(report, subjects),
  loopback: () => {
    const byOwnTransports = subjects.filter(({ ours }) => !ours).concat(transported);
    return measureLoopback(report, byOwnTransports, pace);
  },
  leaving: () => measureLeaving(report, [...subjects.filter(({ ours }) => !ours), ...transported]),
  import: () => measureImports(report, found.peers, check ? 3 : 15),
  tokens: () => measureTokens(report),
  decisions: async () => measureDecisions(report),
  ledgers: () => printLedgers(pace),
};
const quick = ["sizes", "promises", "in-process", "loopback"];
const picked = positionals.length > 0 ? positionals : check ? quick : Object.keys(measures);
for (const name of picked) {
  const measure = measures[name];
  if (!measure) throw new Error(`There is no measure "${name}"; there are: ${Object.keys(measures).join(", ")}.`);
  await measure();
}

if (!check && positionals.length === 0) {
  report.write(new URL("results/", import.meta.url), found.versions);
  console.log("Written to bench/results/.");
}
for (const each of excess) console.error(`above its bound: ${each}`);
if (check && excess.length > 0) process.exitCode = 1;
process.exit();

/** No figure counts before every subject has given the right answer. */
async function verify(): Promise<void> {
  const text = textPieces(60).join("");
  for (const { name, wire, generate, stream } of subjects) {
    const answers = generate ? [await generate({ fetch: wholeFetch(wire, 60) })()] : [];
    for (const delivery of deliveries) answers.push(await stream({ fetch: streamFetch(wire, 60, delivery) })());
    if (!answers.every((given) => given.text === text && given.tokens === 60)) {
      throw new Error(`${name} gives a wrong answer over ${wire}.`);
    }
  }
}
