import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const soak = fileURLToPath(new URL("soak.ts", import.meta.url));

// In a process of its own: its heap and its sockets are counted.
test("leaves nothing behind: no memory, no socket, no call without an end", { timeout: 90_000 }, async () => {
  const options = ["--seconds", "2", "--streams", "100", "--seed", "7"];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--expose-gc", soak, ...options]);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^calls started +\d{3,}$/m);
  expect(stdout).toMatch(/^Nothing is left\.$/m);
});
