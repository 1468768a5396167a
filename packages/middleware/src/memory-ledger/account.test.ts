import { expect, test } from "vitest";
import { Account } from "./account.ts";

const noon = Date.UTC(2026, 4, 14, 12);

test("is idle once its day is over, or its rolling window has left all, and nothing is open", () => {
  const day = new Account("day", noon);
  day.add("spent", 5, undefined);
  expect(day.isIdle(noon)).toBe(false);
  expect(day.isIdle(noon + 12 * 3_600_000)).toBe(true);
  day.open = 1;
  expect(day.isIdle(noon + 12 * 3_600_000)).toBe(false);

  const rolling = new Account({ rolling: 1000 }, noon);
  rolling.add("spent", 5, rolling.sliceAt(noon));
  expect(rolling.isIdle(noon + 999)).toBe(false);
  expect(rolling.isIdle(noon + 1000)).toBe(true);

  const total = new Account("total", noon);
  total.add("spent", 5, undefined);
  expect(total.isIdle(noon + 1e12)).toBe(false);
});
