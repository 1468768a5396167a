import { defineConfig } from "vitest/config";
import type { ViteUserConfig } from "vitest/config";
import { AbsenceReporter } from "./recordings/src/absence-reporter.ts";

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "{demo,bench,examples,recordings,scripts}/**/*.test.ts"],
    // Processes, not threads: --expose-gc lets a test collect what nobody holds, and a thread refuses the flag.
    pool: "forks",
    execArgv: ["--expose-gc"],
    maxWorkers: 2,
    reporters: ["default", new AbsenceReporter()],
  },
});
export default config;
