import { expect, test } from "vitest";
import { meanInterval } from "../means/mean-interval.ts";
import { seededRandom } from "../random.ts";
import { ClusterTotals } from "./cluster-totals.ts";
import { runningDifference, runningMean } from "./running-difference.ts";
import { alarmAt } from "./traffic.samples.ts";
import type { Traffic } from "./traffic.samples.ts";

const alike: Traffic = { users: 400, calls: 2000, share: 0.2, rate: 0.1, worse: 0, troubled: 0.1 };

function alarms(traffic: Traffic, margin: number, studies: number): readonly number[] {
  const found = Array.from({ length: studies }, (_, seed) => alarmAt(traffic, margin, seed + 1));
  return found.filter((call) => call !== undefined).toSorted((left, right) => left - right);
}

test("of models that are alike it seldom says otherwise, with heavy users and a look after every tenth call", () => {
  const studies = 60;
  // 5 % and three standard errors.
  expect(alarms(alike, 0, studies).length / studies).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / studies));
});

test("on the line of the margin, it keeps its level, too", () => {
  const studies = 60;
  const onLine = { ...alike, worse: 0.03, troubled: 0 };
  expect(alarms(onLine, 0.03, studies).length / studies).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / studies));
});

test("a candidate that fails ten points more often is found within some hundred calls", () => {
  const worse = { users: 10_000, calls: 3000, share: 0.5, rate: 0.02, worse: 0.1, troubled: 0 };
  const found = alarms(worse, 0.02, 20);
  expect(found).toHaveLength(20);
  expect(found[10]).toBeLessThan(800);
});

function filled(values: Iterable<number>): ClusterTotals {
  const totals = new ClusterTotals(4096);
  let user = 0;
  for (const value of values) totals.add(user++, value);
  return totals;
}

test("is wider than an interval for one look, and of the same centre", () => {
  const random = seededRandom(5);
  const values = Array.from({ length: 500 }, () => random());
  const running = runningMean(filled(values))!;
  const once = meanInterval(values);
  expect(running.estimate).toBeCloseTo(once.estimate, 12);
  const ratio = (running.upper - running.lower) / (once.upper - once.lower);
  expect(ratio).toBeGreaterThan(1.3);
  expect(ratio).toBeLessThan(2.2);
});

test("swapping the arms turns the interval round", () => {
  const random = seededRandom(6);
  const [before, after] = [0.2, 0.5].map((mean) => filled(Array.from({ length: 300 }, () => mean + random())));
  const there = runningDifference(before!, after!)!;
  const back = runningDifference(after!, before!)!;
  expect(there.estimate).toBeCloseTo(0.3, 1);
  expect(there.lower).toBeCloseTo(-back.upper, 12);
  expect(there.upper).toBeCloseTo(-back.lower, 12);
});

test("a factor asks by how much more than the baseline's: of its exact multiple nothing is left", () => {
  const values = Array.from({ length: 200 }, (_, place) => 100 + (place % 7));
  const difference = runningDifference(filled(values), filled(values.map((value) => 1.1 * value)), { factor: 1.1 })!;
  expect(difference.estimate).toBeCloseTo(0, 9);
  expect(difference.lower).toBeLessThan(0);
  expect(difference.upper).toBeGreaterThan(0);
});

test("says nothing of a single user", () => {
  const totals = new ClusterTotals();
  totals.add("ada", 1);
  expect(runningMean(totals)).toBeUndefined();
  expect(runningDifference(totals, filled([0, 1]))).toBeUndefined();
});

test.each([
  [{ confidence: 1 }, /`confidence`/],
  [{ factor: 0 }, /`factor`/],
])("refuses %j", (options, message) => {
  expect(() => runningDifference(filled([0, 1]), filled([0, 1]), options)).toThrow(message);
});
