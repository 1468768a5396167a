import { expect, test } from "vitest";
import { allOf } from "../test-all-of.ts";
import { inParallel } from "./in-parallel.ts";

async function* numbers(count: number): AsyncGenerator<number, void> {
  for (let number = 0; number < count; number++) yield number;
}

test("gives what is done as it is done", async () => {
  const work = (wait: number): Promise<number> =>
    new Promise((resolve) => setTimeout(() => resolve(wait), 5 * (3 - wait)));
  expect(await allOf(inParallel(numbers(3), 3, work))).toStrictEqual([2, 1, 0]);
});

test("does not run ahead of the reader", async () => {
  let begun = 0;
  const run = inParallel(numbers(100), 4, (number) => Promise.resolve((begun++, number)));
  await run.next();
  await new Promise((resolve) => void setTimeout(resolve, 10));
  expect(begun).toBeLessThanOrEqual(1 + 2 * 4);
  expect(await allOf(run)).toHaveLength(99);
});

test("fails once what is under way has ended, and begins nothing more", async () => {
  const ended: number[] = [];
  let begun = 0;
  const run = inParallel(numbers(100), 3, async (number) => {
    begun++;
    await new Promise((resolve) => void setTimeout(resolve, number === 1 ? 1 : 10));
    if (number === 1) throw new Error("no");
    ended.push(number);
    return number;
  });
  await expect(allOf(run)).rejects.toThrow("no");
  expect([begun, ended]).toStrictEqual([3, [0, 2]]);
});

test("passes on a failure of what brings the tasks, and closes it when the reader leaves", async () => {
  let closed = false;
  async function* failing(): AsyncGenerator<number, void> {
    try {
      yield 1;
      throw new Error("no more");
    } finally {
      closed = true;
    }
  }
  await expect(allOf(inParallel(failing(), 2, (number) => Promise.resolve(number)))).rejects.toThrow("no more");
  closed = false;
  for await (const _ of inParallel(failing(), 1, (number) => Promise.resolve(number))) break;
  expect(closed).toBe(true);
});
