import { expect, test } from "vitest";
import { BriefMap } from "./brief-map.ts";

test("holds what was set and not deleted, whatever it is called", () => {
  const map = new BriefMap<number>();
  for (const [value, name] of ["__proto__", "constructor", "7", ""].entries()) map.set(name, value);
  expect(["__proto__", "constructor", "7", "", "toString"].map((name) => map.get(name))).toEqual([
    0,
    1,
    2,
    3,
    undefined,
  ]);
  map.delete("7");
  map.delete("toString");
  expect(map.get("7")).toBeUndefined();
  expect(new Set(map.values())).toEqual(new Set([0, 1, 3]));
});
