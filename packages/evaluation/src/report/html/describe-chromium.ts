import { spawnSync } from "node:child_process";
import { skipCases } from "@plugboard/recordings";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";

/** What Chromium is called, on Debian and elsewhere. */
const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** Tests in a real browser without a window, which is there while they run; where there is none, they are reported as skipped. */
export function describeChromium(name: string, tests: (browser: () => Browser) => void): void {
  const command = names.find((name) => spawnSync(name, ["--version"]).status === 0);
  if (command === undefined) {
    const reason = "there is no chromium on the PATH (Debian and Ubuntu: apt-get install chromium)";
    if (process.env["PLUGBOARD_REQUIRE_CHROMIUM"] === "1")
      throw new Error(`${reason}, and PLUGBOARD_REQUIRE_CHROMIUM=1 wants one.`);
    return skipCases(1, `suite in a browser (${name})`, reason);
  }
  // oxlint-disable-next-line vitest/valid-title -- it is the caller's
  describe(name, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      const { stdout } = spawnSync("which", [command], { encoding: "utf8" });
      // Its sandbox refuses to run as root, which containers are; the pages are our own.
      browser = await chromium.launch({ executablePath: stdout.trim(), args: ["--no-sandbox", "--disable-gpu"] });
    }, 60_000);
    afterAll(() => browser?.close());
    tests(() => browser!);
  });
}
