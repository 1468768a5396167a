import { crc32 as zlibs } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { crc32 } from "./crc32.ts";

test("agrees with zlib on any bytes, whole and in a range", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, at) => {
      const start = Math.min(at, bytes.length);
      expect(crc32(bytes, 0, bytes.length)).toBe(zlibs(bytes));
      expect(crc32(bytes, start, bytes.length)).toBe(zlibs(bytes.subarray(start)));
    }),
  );
});

test("gives the value that the standard names", () => {
  const digits = new TextEncoder().encode("123456789");
  expect(crc32(digits, 0, digits.length)).toBe(0xcbf43926);
});
