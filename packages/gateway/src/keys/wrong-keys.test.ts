import { expect, test } from "vitest";
import { wrongKeys } from "./wrong-keys.ts";

function counted() {
  let time = 0;
  const wrong = wrongKeys({ burst: 3, every: 1000, now: () => time });
  return { wrong, pass: (milliseconds: number) => (time += milliseconds) };
}

test("an address may be wrong so many times, and then waits, right or wrong", () => {
  const { wrong, pass } = counted();
  for (let time = 0; time < 3; time++) {
    expect(wrong.wait("1.1.1.1", undefined)).toBe(0);
    wrong.wrong("1.1.1.1");
  }
  expect(wrong.wait("1.1.1.1", undefined)).toBe(1000);
  expect(wrong.wait("1.1.1.1", "guessed")).toBe(1000);
  expect(wrong.wait("2.2.2.2", undefined)).toBe(0);
  pass(750);
  expect(wrong.wait("1.1.1.1", undefined)).toBe(250);
  pass(250);
  expect(wrong.wait("1.1.1.1", undefined)).toBe(0);
});

test("a key that was right there before passes all the same", () => {
  const { wrong } = counted();
  wrong.right("1.1.1.1", "a");
  for (let time = 0; time < 9; time++) wrong.wrong("1.1.1.1");
  expect(wrong.wait("1.1.1.1", "a")).toBe(0);
  expect(wrong.wait("1.1.1.1", "b")).toBeGreaterThan(0);
});

test("a network of IPv6 is one address, however it is written", () => {
  const { wrong } = counted();
  for (const address of ["2a00:1:2:3::1", "2a00:1:2:3:4:5:6:7", "2a00:1:2:3::"]) wrong.wrong(address);
  expect(wrong.wait("2a00:1:2:3:9::9", undefined)).toBeGreaterThan(0);
  expect(wrong.wait("2a00:1:2:4::1", undefined)).toBe(0);
});

test("remembers no more than so many addresses", () => {
  const { wrong } = counted();
  for (let time = 0; time < 3; time++) wrong.wrong("first");
  for (let address = 0; address < 10_000; address++) wrong.wrong(`a${address}`);
  expect(wrong.wait("first", undefined)).toBe(0);
});
