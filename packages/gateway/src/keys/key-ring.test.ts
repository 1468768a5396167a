import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { keyRing } from "./key-ring.ts";
import { hashOfKey, newKey } from "./new-key.ts";

test("finds a key by its text alone", () => {
  const [a, b] = [newKey(), newKey()];
  const ring = keyRing([{ name: "a", hash: a.hash }, { name: "b", hash: b.hash }]);
  expect(ring.find(a.key)?.name).toBe("a");
  expect(ring.find(b.key)?.name).toBe("b");
  for (const text of ["", "a", a.hash, a.hash.slice(7), `${a.key} `, a.key.slice(0, -1)]) expect(ring.find(text)).toBeUndefined();
});

test("a hash is the SHA-256 of the key, so that any tool can make one", () => {
  expect(hashOfKey("k")).toBe(`sha256:${createHash("sha256").update("k").digest("hex")}`);
  expect(newKey().key).toMatch(/^pb-[\w-]{43}$/);
  expect(newKey().key).not.toBe(newKey().key);
});

test("refuses what is no hash without repeating it: it may be the key", () => {
  const secret = "pb-my-own-key";
  let message = "";
  try {
    keyRing([{ name: "a", hash: secret }]);
  } catch (error) {
    message = String(error);
  }
  expect(message).toContain("keys[0].hash");
  expect(message).not.toContain(secret);
});

test.each([
  [[{ name: "a b", hash: hashOfKey("a") }], "keys[0].name"],
  [[{ name: "a", hash: hashOfKey("a") }, { name: "a", hash: hashOfKey("b") }], "keys[1].name"],
  [[{ name: "a", hash: hashOfKey("a") }, { name: "b", hash: hashOfKey("a") }], "keys[1].hash"],
])("refuses names and hashes that cannot be meant", (keys, field) => {
  expect(() => keyRing(keys)).toThrow(field);
});

test("takes as long for a key that is nearly right as for one that is not", () => {
  const right = newKey();
  const ring = keyRing([{ name: "a", hash: right.hash }]);
  const near = `${right.key.slice(0, -1)}!`;
  const far = `!${right.key.slice(1)}`;
  const times = { near: [] as number[], far: [] as number[] };
  const time = (text: string): number => {
    const before = performance.now();
    for (let count = 0; count < 200; count++) ring.find(text);
    return performance.now() - before;
  };
  for (let round = 0; round < 60; round++) {
    times.near.push(time(near));
    times.far.push(time(far));
  }
  const least = (list: number[]): number => list.toSorted((a, b) => a - b)[5]!;
  // It is the digests that are compared, and those have nothing to do with how near the text is.
  expect(least(times.near) / least(times.far)).toBeGreaterThan(0.6);
  expect(least(times.near) / least(times.far)).toBeLessThan(1.6);
});
