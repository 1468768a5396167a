// Runs every example as a reader would, and fails when one does.
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";

const examples = globSync("examples/*.ts", { exclude: ["**/*.test.ts"] }).toSorted();
if (examples.length === 0) throw new Error("There are no examples.");

const failed = examples.filter((example) => {
  console.log(`\n── ${example}`);
  const { status } = spawnSync(process.execPath, [example], {
    stdio: ["ignore", "inherit", "inherit"],
    timeout: 60_000,
  });
  return status !== 0;
});
console.log(`\n${examples.length - failed.length} of ${examples.length} examples ran.`);
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(", ")}`);
  process.exitCode = 1;
}
