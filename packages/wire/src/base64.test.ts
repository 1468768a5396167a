import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { dataURL, fromBase64, toBase64 } from "./base64.ts";

test("writes and reads the same in every runtime", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const expected = Buffer.from(bytes).toString("base64");
      const url = Buffer.from(bytes).toString("base64url");
      const round = (): unknown[] => [toBase64(bytes), [...fromBase64(expected)], [...fromBase64(url)]];
      const withBuffer = round();
      vi.stubGlobal("Buffer", undefined);
      const without = round();
      vi.unstubAllGlobals();
      expect(withBuffer).toEqual([expected, [...bytes], [...bytes]]);
      expect(without).toEqual(withBuffer);
    }),
  );
});

test("takes files that are larger than the arguments of one call", () => {
  const bytes = new Uint8Array(300_000).fill(7);
  const expected = Buffer.from(bytes).toString("base64");
  vi.stubGlobal("Buffer", undefined);
  const written = dataURL("image/png", bytes);
  vi.unstubAllGlobals();
  expect(written).toBe(`data:image/png;base64,${expected}`);
});

test("refuses what is not base64", () => {
  expect(() => fromBase64("no base64!")).toThrow(/not base64/);
});
