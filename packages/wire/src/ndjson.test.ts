import fc from "fast-check";
import { expect, test } from "vitest";
import { ndjson } from "./ndjson.ts";

function read(pieces: readonly string[], largest = Infinity): unknown[] {
  const messages: unknown[] = [];
  const framing = ndjson.open({ push: (data) => void messages.push(JSON.parse(data)), end() {} }, largest);
  for (const piece of pieces) framing.push(piece, []);
  framing.end([]);
  return messages;
}

test("reads every line in order, whatever the pieces, breaks, blank lines and the end", () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }));
  const ending = fc.constantFrom("\n", "\r\n", "\n\n", "\r\n \r\n");
  fc.assert(
    fc.property(fc.array(fc.tuple(value, ending)), fc.array(fc.nat(300)), fc.boolean(), (lines, cuts, unended) => {
      const whole = lines.map(([value, ending]) => JSON.stringify(value) + ending).join("");
      const body = unended ? whole.trimEnd() : whole;
      const places = [0, ...cuts.filter((cut) => cut < body.length).toSorted((a, b) => a - b), body.length];
      const pieces = places.slice(1).map((end, index) => body.slice(places[index], end));
      expect(read(pieces)).toEqual(lines.map(([value]) => JSON.parse(JSON.stringify(value))));
    }),
  );
});

test("refuses a line that is too large, ended or not", () => {
  expect(() => read(Array.from('"' + "x".repeat(200)), 100)).toThrow(/too large: more than 100 characters/);
  expect(() => read([`"${"x".repeat(200)}"\n`], 100)).toThrow(/too large/);
});
