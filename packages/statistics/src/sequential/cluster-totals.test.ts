import { expect, test } from "vitest";
import { clusterCorrection, clustersOf } from "../means/clusters.ts";
import { ClusterTotals } from "./cluster-totals.ts";

test("the mean's variance is that of clusters, by the correction that small samples take", () => {
  const totals = new ClusterTotals(65_536); // so many groups that each of these users has one
  const users = ["ada", "bob", "eve", "kim"];
  const values = [1, 0, 1, 1, 0, 0, 0, 1];
  const keys = values.map((_, place) => users[place % users.length]!);
  for (const [place, value] of values.entries()) totals.add(keys[place]!, value);
  const clusters = clustersOf(values, keys);
  const { degrees, factors } = clusterCorrection(clusters);
  const squares = clusters.map(({ sum, size }, place) => factors[place]! * (sum - size * 0.5) ** 2);
  const seen = totals.mean()!;
  expect(seen.mean).toBe(0.5);
  expect(seen.variance).toBeCloseTo(squares.reduce((sum, square) => sum + square) / 8 ** 2, 12);
  expect(seen.degrees).toBeCloseTo(degrees, 9);
  expect(seen.spread).toBeCloseTo(2 / 7, 12); // eight values, half of them 1: 8 × 0.25 / 7
  expect(totals.clusters).toBe(4);
});

test("a user's values stay together, however many there are", () => {
  const totals = new ClusterTotals();
  for (let call = 0; call < 1000; call++) totals.add("ada", 1);
  expect(totals.mean()).toBeUndefined();
  for (let call = 0; call < 10; call++) totals.add("bob", 0);
  expect(totals.clusters).toBe(2);
  expect(totals.mean()!.mean).toBeCloseTo(1000 / 1010, 12);
});

test("values that are all the same have a variance once some at the ends of the scale are added", () => {
  const totals = new ClusterTotals();
  for (let user = 0; user < 20; user++) totals.add(user, 0);
  expect(totals.mean()!.variance).toBe(0);
  expect(totals.mean([0, 1])!.variance).toBeGreaterThan(0);
  expect(totals.mean([0, 1])!.mean).toBe(0);
});

test("goes on from a snapshot as if nothing had been", () => {
  const first = new ClusterTotals();
  for (let call = 0; call < 100; call++) first.add(`user ${call % 30}`, call % 7);
  const second = ClusterTotals.from(JSON.parse(JSON.stringify(first.snapshot())));
  for (const totals of [first, second]) totals.add("user 3", 5);
  expect(second.mean()).toEqual(first.mean());
  expect(second.clusters).toBe(first.clusters);
});

test.each([
  [{ groups: 1, totals: [], squares: 0 }, /`groups`/],
  [{ groups: 4, totals: [[4, 1, 1]], squares: 1 }, /`place`/],
  [{ groups: 4, totals: [[0, 0, 1]], squares: 1 }, /`size`/],
  [{ groups: 4, totals: [[0, 1, NaN]], squares: 1 }, /`sum`/],
  [{ groups: 4, totals: [], squares: -1 }, /`squares`/],
] as const)("a snapshot that cannot be is refused: %j", (snapshot, message) => {
  expect(() => ClusterTotals.from(snapshot)).toThrow(message);
});

test("a value that is no number is refused", () => {
  expect(() => new ClusterTotals().add("ada", NaN)).toThrow(RangeError);
});
