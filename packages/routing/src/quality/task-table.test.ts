import { seededRandom } from "@plugboard/statistics";
import { expect, test } from "vitest";
import { taskTable } from "./task-table.ts";

/** Level and one contrast of items of four tasks that differ in level only. */
function items(
  perTask: number,
  differ: number,
  seed = 5,
): { values: Float64Array; rows: Int32Array; taskOf: Int32Array } {
  const random = seededRandom(seed);
  const count = perTask * 4;
  const values = new Float64Array(count * 2);
  const taskOf = new Int32Array(count);
  for (let item = 0; item < count; item++) {
    taskOf[item] = item % 4;
    values[item * 2] = (taskOf[item]! - 1.5) * differ + random() - 0.5;
    values[item * 2 + 1] = random() - 0.5;
  }
  return { values, rows: Int32Array.from(taskOf.keys()), taskOf };
}

test("keeps the means of tasks that differ, nearly as they are", () => {
  const { values, rows, taskOf } = items(200, 1);
  const table = taskTable(values, 2, rows, taskOf, 4);
  for (const task of [0, 1, 2, 3]) expect(table[task * 2]).toBeCloseTo(task - 1.5, 1);
});

test("makes less of what tasks differ by chance alone than their means do", () => {
  let [kept, plain] = [0, 0];
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const { values, rows, taskOf } = items(50, 1, seed);
    const table = taskTable(values, 2, rows, taskOf, 4);
    for (const task of [0, 1, 2, 3]) {
      const own = rows.filter((row) => taskOf[row] === task);
      kept += Math.abs(table[task * 2 + 1]!);
      plain += Math.abs(own.reduce((sum, row) => sum + values[row * 2 + 1]!, 0) / own.length);
    }
  }
  expect(kept).toBeLessThan(plain * 0.6);
});

test("draws a task of few items further to the mean than one of many", () => {
  const { values, rows, taskOf } = items(100, 0.3);
  const many = taskTable(values, 2, rows, taskOf, 4)[0]!;
  const fewRows = rows.filter((row) => taskOf[row] !== 0 || row < 12);
  const exact = fewRows.filter((row) => taskOf[row] === 0);
  const mean = exact.reduce((sum, row) => sum + values[row * 2]!, 0) / exact.length;
  const few = taskTable(values, 2, fewRows, taskOf, 4)[0]!;
  expect(few / mean).toBeLessThan(many / -0.45 + 0.05);
  expect(few / mean).toBeGreaterThan(0);
});

test("says nothing of items without a task", () => {
  const { values, rows, taskOf } = items(10, 1);
  expect(taskTable(values, 2, rows, taskOf.fill(-1), 4).every((value) => value === 0)).toBe(true);
});
