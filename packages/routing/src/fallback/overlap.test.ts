import fc from "fast-check";
import { expect, test } from "vitest";
import { Overlap } from "./overlap.ts";

/** What is left of a continuation that comes in these pieces. */
function left(given: string, pieces: readonly string[], { untold = 0, exact = false } = {}): string {
  const overlap = new Overlap(given, { untold, exact });
  let out = "";
  let open = true;
  for (const piece of pieces) {
    const fresh = open ? overlap.add(piece) : piece;
    if (fresh === undefined) continue;
    open = false;
    out += fresh;
  }
  return open ? out + overlap.end() : out;
}

test.each([
  ["nothing", "The quick", " brown fox", " brown fox"],
  ["the word that was cut", "The quick bro", "brown fox", "wn fox"],
  ["the last words", "The quick brown", "quick brown fox", " fox"],
  ["all of it", "The quick brown", "The quick brown fox", " fox"],
  ["a word, from a blank on", "it is very long", "very long indeed", " indeed"],
  ["so much that it is no chance, from inside a word on", "internationalisa", "ationalisation", "tion"],
])("finds that %s is repeated", (_, given, said, fresh) => {
  expect(left(given, [said])).toBe(fresh);
  expect(left(given, Array.from(said))).toBe(fresh);
});

test.each([
  ["a letter that is double", "hel", "lo"],
  ["letters that are so by chance", "Missi", "ssippi"],
  ["digits", "in 20", "20"],
  ["blanks", "if (x) {\n    ", "    return"],
  ["a rule", "| --- | -----", "----- |"],
  ["what was said twice before", "la la la", "la la"],
  ["cells of a table", "| 0.00 | 0.00 | 0.00", " | 0.00 | 0.00 |"],
])("takes %s for no repeat", (_, given, said) => {
  expect(left(given, [said])).toBe(said);
  expect(left(given, Array.from(said))).toBe(said);
});

test("holds no more back than what may be a repeat", () => {
  const overlap = new Overlap("The quick brown", { untold: 0, exact: false });
  expect(overlap.add("qui")).toBeUndefined();
  expect(overlap.add("et")).toBe("quiet");
});

test("what was not told is said once, and no more is taken from one that is exact", () => {
  expect(left("Hello  ", ["  world"], { untold: 2, exact: true })).toBe("world");
  expect(left("Hello  ", ["world"], { untold: 2, exact: true })).toBe("world");
  expect(left("Hello", ["Hello"], { exact: true })).toBe("Hello");
});

const letter = fc.constantFrom(...Array.from("abcdefghijklmnopqrstuvwxyzäéø"));
const words = fc.uniqueArray(
  fc.uniqueArray(letter, { minLength: 3, maxLength: 9 }).map((letters) => letters.join("")),
  { minLength: 2, maxLength: 30, selector: (word) => word.slice(0, 3) },
);
const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 20 });

/** A text in pieces of these lengths, over and over. */
function inPieces(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = [];
  for (let from = 0, turn = 0; from < text.length; turn++) {
    const length = lengths[turn % lengths.length]!;
    pieces.push(text.slice(from, from + length));
    from += length;
  }
  return pieces;
}

test("a text of words that differ is whole, wherever it breaks off and from whichever word on it is repeated", () => {
  fc.assert(
    fc.property(words, fc.nat(), fc.nat(), cuts, (list, cutAt, wordAt, lengths) => {
      const text = list.join(" ");
      const cut = 1 + (cutAt % text.length);
      const starts = [...text.matchAll(/\S+/g)].map(({ index }) => index).filter((start) => start < cut);
      const from = starts[wordAt % starts.length]!;
      const given = text.slice(0, cut);
      expect(given + left(given, inPieces(text.slice(from), lengths))).toBe(text);
    }),
  );
});

test("whatever the texts are: what one that is exact says is given as it is, in whichever pieces", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), cuts, (given, said, lengths) => {
      expect(left(given, inPieces(said, lengths), { exact: true })).toBe(said);
    }),
  );
});

test("whatever the texts are: only a beginning is left out, it is what was given last, and pieces do not matter", () => {
  const few = fc.string({ unit: fc.constantFrom("a", "b", " ", "1"), maxLength: 40 });
  fc.assert(
    fc.property(few, few, cuts, (given, said, lengths) => {
      const fresh = left(given, [said]);
      expect(said.endsWith(fresh)).toBe(true);
      expect(given.endsWith(said.slice(0, said.length - fresh.length))).toBe(true);
      expect(left(given, inPieces(said, lengths))).toBe(fresh);
    }),
  );
});

test("one that begins a long text anew is held until it is past it, quickly", () => {
  const given = Array.from({ length: 5000 }, (_, place) => `w${place}`).join(" ");
  const started = performance.now();
  expect(left(given, inPieces(`${given} end`, [4]))).toBe(" end");
  expect(left("a".repeat(30_000), inPieces(`${"a".repeat(40_000)}b`, [4])).length).toBeLessThanOrEqual(40_001);
  expect(performance.now() - started).toBeLessThan(2000);
});
