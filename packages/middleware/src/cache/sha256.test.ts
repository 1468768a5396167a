import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import * as fc from "fast-check";
import { portable, sha256 } from "./sha256.ts";

const reference = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

test("both forms give what Node gives, for any text and bytes", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.uint8Array({ maxLength: 200 })), (data) => {
      expect(sha256(data)).toBe(reference(data));
      expect(portable(data)).toBe(reference(data));
    }),
  );
});

test.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 128])("the portable form pads %d bytes as it should", (length) => {
  const bytes = new Uint8Array(length).fill(7);
  expect(portable(bytes)).toBe(reference(bytes));
});
