import { expect, test } from "vitest";
import { parseDuration, retryAfterOf } from "./retry-after.ts";

const now = Date.UTC(2026, 10, 24, 12, 0, 0);

test.each<[Record<string, string>, number | undefined]>([
  [{}, undefined],
  [{ "retry-after": "2" }, 2000],
  [{ "retry-after": "0.5" }, 500],
  [{ "retry-after": "4", "retry-after-ms": "4012" }, 4012],
  [{ "retry-after": "1", "retry-after-ms": "0" }, 1000],
  [{ "retry-after-ms": "0" }, 0],
  [{ "retry-after": "Tue, 24 Nov 2026 12:00:30 GMT" }, 30_000],
  [{ "retry-after": "Tue, 24 Nov 2026 11:00:00 GMT" }, 0],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "-5" }, undefined],
  [{ "retry-after": "" }, undefined],
])("%j asks for %s ms", (headers, wait) => {
  expect(retryAfterOf(headers, now)).toBe(wait);
});

test.each([
  ["34.07s", 34_070],
  ["48s", 48_000],
  ["0s", 0],
  ["2m", undefined],
])("a duration of %s is %s ms", (text, wait) => {
  expect(parseDuration(text)).toBe(wait);
});
