import { expect, test } from "vitest";
import { cutLoose } from "./cut-loose.ts";

/** A text that is nothing but itself. */
function long(seed: number): string {
  return Buffer.alloc(50_000, 97 + (seed % 26)).toString("latin1");
}

test("is the piece, however long the text is", () => {
  for (const whole of ["a: 1\nb", `${long(1)}\nand the rest of it`, `${long(1)}é🙂 is beyond`]) {
    const piece = whole.slice(whole.indexOf("\n") + 1);
    expect(cutLoose(piece)).toBe(piece);
  }
});

test("lets the text go that it was cut from", () => {
  const cut = (seed: number): string => {
    const whole = `${long(seed)}\ndata: {"a":${seed},"b":"the beginning of an event`;
    return cutLoose(whole.slice(50_001));
  };
  for (let time = 0; time < 2000; time++) cut(time);
  globalThis.gc!();
  const before = process.memoryUsage().heapUsed;
  const kept = Array.from({ length: 500 }, (_, seed) => cut(seed));
  globalThis.gc!();
  expect((process.memoryUsage().heapUsed - before) / kept.length).toBeLessThan(1000);
  expect(kept).toHaveLength(500);
});
