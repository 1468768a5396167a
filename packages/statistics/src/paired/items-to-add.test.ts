import { expect, test } from "vitest";
import { seededRandom } from "../random.ts";
import { itemsToAdd } from "./items-to-add.ts";

const open = { items: 200, estimate: 0, standardError: 0.02, lines: [-0.03, Infinity] } as const;

/** Standard normal numbers, by Box and Muller. */
function normalFrom(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

test.each([
  ["one line", [-0.03, Infinity], 0, 0.8],
  ["exactly on it", [0, Infinity], 0, 0.8],
  ["two lines", [-0.03, 0.03], 0.01, 0.8],
  ["more power", [-0.03, Infinity], 0, 0.9],
] as const)(
  "decides as often as it should, whatever the truth may be after what was seen: %s",
  (_, lines, estimate, power) => {
    const added = itemsToAdd({ ...open, lines, estimate, power });
    const normal = normalFrom(seededRandom(3));
    const deviation = 0.02 * Math.sqrt(200);
    const away = (1.6448536 * deviation) / Math.sqrt(200 + added);
    const studies = 20_000;
    let decided = 0;
    for (let study = 0; study < studies; study++) {
      const truth = estimate + 0.02 * normal();
      const more = truth + (deviation / Math.sqrt(added)) * normal();
      const later = (200 * estimate + added * more) / (200 + added);
      const passes = later - away >= lines[0] && later + away <= lines[1];
      if (passes || later + away <= lines[0] || later - away >= lines[1]) decided += 1;
    }
    expect(Math.abs(decided / studies - power)).toBeLessThan(0.012);
  },
);

test("on the line it is 42 times the items: 1.645 by √42 is what a normal number exceeds, either way, in 80 %", () => {
  expect(itemsToAdd({ ...open, lines: [0, Infinity] }) / 200).toBeCloseTo(42.16, 1);
});

test("what even a hundred times the items would not decide has no number", () => {
  expect(itemsToAdd({ ...open, lines: [0, Infinity], power: 0.95 })).toBe(Infinity);
  expect(itemsToAdd({ ...open, standardError: 0, lines: [0, Infinity] })).toBe(Infinity);
});

test("where items are all alike, it is those that a test takes", () => {
  // None of 20 pairs differ; (1.645 / 0.787)² × 20 = 88 would do.
  const standardErrorUnderHypothesis = 0.03 / 0.787;
  expect(itemsToAdd({ ...open, items: 20, standardError: 0, standardErrorUnderHypothesis })).toBe(68);
});

test.each([
  [{ items: 0 }, /`items`/],
  [{ standardError: -1 }, /`standardError`/],
  [{ estimate: NaN }, /`estimate`/],
  [{ confidence: 0.4 }, /`confidence`/],
  [{ power: 1 }, /`power`/],
])("refuses %j", (wrong, message) => {
  expect(() => itemsToAdd({ ...open, ...wrong })).toThrow(message);
});
