import { expect, test } from "vitest";
import { checkDay } from "./check-day.ts";

test.each(["2026-11-25", "2024-02-29", "1999-12-31"])("takes %s", (day) => {
  expect(() => checkDay(day)).not.toThrow();
});

test.each(["", "today", "2026-2-3", "2026-02-29", "2026-13-01", "2026-11-25T00:00:00Z", "+12026-11-25"])(
  "refuses %j, and says it",
  (day) => {
    expect(() => checkDay(day)).toThrow(JSON.stringify(day));
  },
);
