// Spoils recorded answers by the thousand, for every protocol: `pnpm fuzz`, `pnpm fuzz 50000 7` for another count and seed.
import { spawnSync } from "node:child_process";

const [count = "10000", seed = "1"] = process.argv.slice(2);
if (![count, seed].every((number) => /^\d+$/.test(number))) {
  console.error("Usage: pnpm fuzz [answers for each protocol] [seed]; both are whole numbers.");
  process.exit(2);
}
const env = { ...process.env, PLUGBOARD_FUZZ: count, PLUGBOARD_FUZZ_SEED: seed };
const { status } = spawnSync("vitest", ["run", "recordings/proof/mutations.test.ts", "--reporter=verbose"], {
  stdio: "inherit",
  env,
  shell: process.platform === "win32",
});
process.exitCode = status ?? 1;
