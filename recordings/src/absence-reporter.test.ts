import { expect, test } from "vitest";
import type { TestModule } from "vitest/node";
import { AbsenceReporter } from "./absence-reporter.ts";

/** What the reporter looks at of a test file. */
function moduleOf(...metas: readonly object[]): TestModule {
  return { children: { allTests: () => metas.map((meta) => ({ meta: () => meta })) } } as unknown as TestModule;
}

test("adds up the cases of all files, a line for each reason", () => {
  const lines: string[] = [];
  new AbsenceReporter((line) => lines.push(line)).onTestRunEnd([
    moduleOf({ skippedCases: { count: 46, reason: "it is not there" } }, {}),
    moduleOf(
      { skippedCases: { count: 11, reason: "it is not there" } },
      { skippedCases: { count: 2, reason: "it is odd" } },
    ),
  ]);
  expect(lines).toStrictEqual(["skipped: 57 cases, since it is not there", "skipped: 2 cases, since it is odd"]);
});

test("is silent when nothing was skipped", () => {
  const lines: string[] = [];
  new AbsenceReporter((line) => lines.push(line)).onTestRunEnd([moduleOf({})]);
  expect(lines).toStrictEqual([]);
});
