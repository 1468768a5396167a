import { expect, test } from "vitest";
import { progressBar } from "./progress-bar.ts";
import type { Progress } from "./progress.ts";

const progress: Progress = {
  done: 1200,
  total: 3000,
  kept: 0,
  failed: 2,
  unscored: 0,
  badRows: 0,
  cost: 120_000_000,
  elapsed: 23_000,
  rate: 52.4,
  remaining: 34_500,
  ended: false,
};

function drawn(given: readonly Partial<Progress>[], live: boolean): string {
  let text = "";
  const bar = progressBar({ write: (more) => void (text += more), live });
  for (const each of given) bar({ ...progress, ...each });
  return text;
}

test("draws over its line in a terminal", () => {
  expect(drawn([{}, { done: 3000, ended: true, remaining: 0 }], true)).toBe(
    "\r████████░░░░░░░░░░░░ 1,200/3,000 40 %  52/s  $0.1200  35 s left  2 failed\u001B[K" +
      "\r████████████████████ 3,000/3,000 100 %  52/s  $0.1200  in 23 s  2 failed\u001B[K\n",
  );
});

test("writes a line now and then elsewhere, and the last one always", () => {
  const text = drawn(
    [{ elapsed: 5000 }, { elapsed: 11_000 }, { elapsed: 12_000 }, { elapsed: 12_500, ended: true }],
    false,
  );
  expect(text.split("\n")).toHaveLength(3);
});

test("says what it knows where nobody knows how much there is", () => {
  const text = drawn(
    [{ total: undefined, remaining: undefined, cost: 0, rate: 0.25, kept: 7, failed: 0, elapsed: 10_000 }],
    false,
  );
  expect(text).toBe("1,200  0.3/s  7 kept\n");
  expect(drawn([{ remaining: 3_725_000 }], true)).toContain("1 h 2 min left");
});
