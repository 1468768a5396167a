import { execFile } from "node:child_process";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

// A closure of one object in a field of another made each call hold the next one, once a call in flight had grown old: young
// collections then freed nothing. Garbage for good it was not, so only how much survives them shows it.
test("calls that follow each other do not survive young collections", async () => {
  const script = fileURLToPath(new URL("attempt-run.samples.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(execPath, ["--expose-gc", "--no-warnings", script]);
  expect(Number(stdout)).toBeGreaterThan(0);
  expect(Number(stdout)).toBeLessThan(20_000_000); // of some 80 MB made; a busy machine collects more seldom
});
