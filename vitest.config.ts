import { defineConfig } from "vitest/config";
import type { ViteUserConfig } from "vitest/config";
import { AbsenceReporter } from "./recordings/src/absence-reporter.ts";

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "{demo,race,bench,examples,faults,recordings,scripts}/**/*.test.ts"],
    // Processes, not threads: --expose-gc lets a test collect what nobody holds, and a thread refuses the flag.
    pool: "forks",
    // Workers are kept from file to file: starting one for each took longer than the tests of most.
    isolate: false,
    setupFiles: ["./vitest.setup.ts"],
    execArgv: ["--expose-gc"],
    maxWorkers: 2,
    maxConcurrency: 24, // of tests that wait for sockets side by side
    testTimeout: 20_000, // properties take their time on a busy machine
    reporters: ["default", new AbsenceReporter()],
    // Only when asked for: `pnpm coverage`, of one package `pnpm coverage packages/openai --coverage.include='packages/openai/src/**'`.
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts"],
      exclude: ["**/*.{test,test-d,samples,arbitrary}.ts"],
      reporter: ["text-summary", "json"],
      // A mapping between a wire and the contract has hardly a branch that no test takes.
      thresholds: { "packages/*/src/**/{encode,decode}*.ts": { branches: 95, perFile: true } },
    },
  },
});
export default config;
