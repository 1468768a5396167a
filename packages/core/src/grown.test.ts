import { expect, test } from "vitest";
import { grown } from "./grown.ts";

const tokens = Array.from({ length: 50 }, (_, place) => `w${place}ord`);

function built(seed: number, pieces: number): string {
  let text = "";
  for (let piece = 0; piece < pieces; piece++) text = grown(text, tokens[(piece * seed) % 50]!);
  return text;
}

test("is the sum of the pieces", () => {
  for (const pieces of [0, 1, 300, 5000]) {
    expect(built(7, pieces)).toBe(Array.from({ length: pieces }, (_, piece) => tokens[(piece * 7) % 50]!).join(""));
  }
});

test("is kept in little more than its characters, also once it has been compiled", () => {
  let length = 0;
  for (let time = 0; time < 3000; time++) length += built(time, 2000).length;
  globalThis.gc!();
  const before = process.memoryUsage().heapUsed;
  const kept = Array.from({ length: 500 }, (_, seed) => built(seed, 2000));
  globalThis.gc!();
  const bytes = (process.memoryUsage().heapUsed - before) / kept.length;
  expect(kept.at(-1)).toHaveLength(built(499, 2000).length);
  expect(length).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(20_000); // 11,000 characters; a tree of them would be 64,000 bytes
});
