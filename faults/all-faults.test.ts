import { expect, test } from "vitest";
import { allFaults, groupOf } from "./all-faults.ts";

test("there are at least 97, each with an id of its own in a known group and with its reason", () => {
  expect(allFaults.length).toBeGreaterThanOrEqual(97);
  expect(new Set(allFaults.map(({ id }) => id)).size).toBe(allFaults.length);
  for (const { id, why } of allFaults) {
    expect(id).toMatch(/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(why).toMatch(/^[^\n]{10,160}[.:)]$/);
  }
  expect(new Set(allFaults.map(groupOf))).toEqual(
    new Set("connection truncation hang cancel bounds retry malformed sse tools secrets".split(" ")),
  );
});
