import { expect, test } from "vitest";
import { sizeOf } from "./size-of.ts";

test("is about the bytes of the JSON, with files as they are", () => {
  const value = { messages: [{ role: "user", content: "word ".repeat(1000) }], tags: { user: "ada" }, seed: 1 };
  const bytes = JSON.stringify(value).length;
  expect(sizeOf(value)).toBeGreaterThan(bytes * 0.8);
  expect(sizeOf(value)).toBeLessThan(bytes * 1.2);
  expect(sizeOf({ data: new Uint8Array(1e6) })).toBeGreaterThan(1e6);
});
