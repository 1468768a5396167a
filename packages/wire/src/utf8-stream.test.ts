import fc from "fast-check";
import { expect, test } from "vitest";
import { Utf8Stream } from "./utf8-stream.ts";

test("gives what a streaming TextDecoder gives, for any bytes in any pieces", () => {
  // Bytes that begin, continue and break off characters, more often than chance would have them.
  const byte = fc.oneof(
    fc.nat(255),
    fc.constantFrom(0xef, 0xbb, 0xbf, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xc3, 0x61),
  );
  fc.assert(
    fc.property(fc.array(fc.array(byte, { maxLength: 6 }), { maxLength: 8 }), (pieces) => {
      const ours = new Utf8Stream();
      const theirs = new TextDecoder();
      let text = "";
      let expected = "";
      for (const piece of pieces) {
        text += ours.push(Uint8Array.from(piece));
        expected += theirs.decode(Uint8Array.from(piece), { stream: true });
      }
      expect(text + ours.end()).toBe(expected + theirs.decode());
    }),
    { numRuns: 2000 },
  );
});
