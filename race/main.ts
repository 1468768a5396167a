// `pnpm race`: four processes of fifty callers against one dollar, on each store or the one that is named; five seeds, or those named.
//
//     pnpm race                       every store in stores/ but the careless one
//     pnpm race sqlite careless       these
//     pnpm race sqlite --seeds 7,8    with these seeds
import { globSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { fullCourse, race } from "./race.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: "string", default: "1,2,3,4,5" } },
});
const known = globSync("stores/*.ts", { cwd: import.meta.dirname }).map((file) => basename(file, ".ts"));
const names = positionals.length > 0 ? positionals : known.filter((name) => name !== "careless");

const { processes, workers, limit, lease } = fullCourse;
console.log(
  `${processes} processes of ${workers} callers, limit $${limit / 1e9}, lease ${lease} ms, one process killed.\n`,
);
console.log("store     seed   calls  refused   billed    spent  charged (leases)   held");
for (const name of names) {
  for (const seed of values.seeds.split(",").map(Number)) {
    const module = new URL(`stores/${name}.ts`, import.meta.url).href;
    const { calls, endings, billed, spend, charged, broken } = await race(module, { ...fullCourse, seed });
    const share = (amount: number): string => `${((100 * amount) / limit).toFixed(2)} %`.padStart(9);
    const counts = [String(seed).padStart(4), String(calls).padStart(7), String(endings["budget"] ?? 0).padStart(8)];
    const sums = `${share(billed)}${share(spend.spent)}${share(spend.assumed)} ${`(${charged})`.padEnd(8)}${share(spend.held)}`;
    console.log(`${name.padEnd(9)} ${counts.join(" ")} ${sums}`);
    for (const promise of broken.slice(0, 10)) console.log(`          BROKEN: ${promise}`);
    if (broken.length > 0) process.exitCode = 1;
  }
}
