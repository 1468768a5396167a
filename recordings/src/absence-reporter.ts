import type { Reporter, TestModule } from "vitest/node";

/** Prints once, at the end of the run, how many cases were not run for want of something, and of what. Silent when all were. */
export class AbsenceReporter implements Reporter {
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void = (line) => void process.stdout.write(`${line}\n`)) {
    this.#print = print;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = new Map<string, number>();
    for (const module of modules) {
      for (const test of module.children.allTests("skipped")) {
        const skipped = test.meta().skippedCases;
        if (skipped) counts.set(skipped.reason, (counts.get(skipped.reason) ?? 0) + skipped.count);
      }
    }
    for (const [reason, count] of counts)
      this.#print(`skipped: ${count} ${count === 1 ? "case" : "cases"}, since ${reason}`);
  }
}
