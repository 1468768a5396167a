import { expect, test } from "vitest";
import * as fc from "fast-check";
import { TextFilter, filterText } from "./text-filter.ts";
import { textFinder } from "./text-rule.ts";
import type { TextPattern, TextRule } from "./text-rule.ts";

const rule = (pattern: TextPattern, replacement = "[…]"): TextRule => ({
  ...textFinder(pattern, "test"),
  replace: () => replacement,
});

/** What comes of a text in pieces, a piece for each. */
function inPieces(pieces: readonly string[], ...patterns: readonly TextPattern[]): string[] {
  const filter = new TextFilter(patterns.map((pattern) => rule(pattern)));
  return [...pieces.map((piece) => filter.push(piece)), filter.end()];
}

test("holds back no more than what may be the beginning of a text that is looked for", () => {
  expect(inPieces(["my hunt", "er2", " is not hun", "ter2"], { find: "hunter2" })).toEqual([
    "my ",
    "",
    "[…] is not ",
    "",
    "[…]",
  ]);
});

test("holds back as much as a match may have", () => {
  expect(inPieces(["0123456789", "abc", "def"], { find: /b./, longest: 4 })).toEqual(["012345", "678", "9a[…]", "def"]);
});

test("holds back what is not finished, where that is told", () => {
  const email = { find: /\w+@\w+\.\w+/, unfinished: /\S+$/ };
  expect(inPieces(["write to ada", "@example.c", "om, or", " not"], email)).toEqual([
    "write to ",
    "",
    "[…], ",
    "or ",
    "not",
  ]);
});

test("holds a match that may go on until it ends, however long it is", () => {
  const key = { find: /sk-[a-z]{5,}/, longest: 10 };
  const pieces = ["so: sk-abc", ...Array.from({ length: 2300 }, () => "d"), "!", " fine, as it were"];
  const got = inPieces(pieces, key);
  expect(got.join("")).toBe("so: […]! fine, as it were");
  expect(got[0]).toBe("");
});

test("stays quick on a text that matches for ever", () => {
  const began = performance.now();
  const pieces = Array.from({ length: 100_000 }, () => "abcd");
  expect(inPieces(pieces, { find: /[a-z]{5,}/, longest: 10 }).join("")).toBe("[…]");
  expect(inPieces(pieces, { find: /[a-z]{5,9}\d/, unfinished: /\S+$/, longest: 10 }).join("")).toBe(pieces.join(""));
  expect(performance.now() - began).toBeLessThan(3000);
});

test("goes by the first match, and by the first rule of several at one place", () => {
  const rules = [rule({ find: "bcd" }, "1"), rule({ find: /ab/, longest: 2 }, "2"), rule({ find: "bc" }, "3")];
  expect(filterText("xabcd bcd bc", rules)).toBe("x2cd 1 3");
});

test("knows what stands before and behind: borders of words, looks ahead and behind", () => {
  const patterns = [
    { find: /\bcat\b/, longest: 3 },
    { find: /(?<=no )dog(?!s)/, longest: 3 },
  ];
  for (const text of ["cat concat cats, cat", "no dog no dogs dog", "bobcat"]) {
    const whole = filterText(
      text,
      patterns.map((pattern) => rule(pattern)),
    );
    expect(inPieces(Array.from(text), ...patterns).join("")).toBe(whole);
  }
  expect(inPieces(Array.from("cat concat cats, cat"), ...patterns).join("")).toBe("[…] concat cats, […]");
});

test("ignores what matches nothing, and takes expressions with whatever flags", () => {
  expect(inPieces(["aXbx"], { find: /x*/giy, longest: 2 }).join("")).toBe("a[…]b[…]");
});

test("tears no character apart", () => {
  const text = "a𝄞b𝄞c";
  const pieces = inPieces(Array.from(text), { find: /zz/, longest: 2 });
  expect(pieces.join("")).toBe(text);
  expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
});

test("lets through the same however a text is cut, and never a piece of what is looked for", () => {
  const patterns: readonly TextPattern[] = [
    { find: ["hunter2", "hunter", "pa$$"] },
    { find: /key-[a-f0-9]{4,12}/, longest: 20 },
    { find: /[a-z.]{1,10}@[a-z]{1,10}\.(?:com|org)\b/i, unfinished: /\S+$/, longest: 30 },
    { find: /\b\d{4}(?: ?\d{4}){3}\b/, longest: 20 },
    { find: /ab(?:cdef)?/, longest: 7 },
  ];
  const word = fc.constantFrom(
    ..."ab,cd,ef,hunter2,hunter,hunt,er2,pa$,$,key-,key-12ab,key-12ab34cd56,abc,ada@example.com,@,.com,1234 5678 1234 5678,12345678,1234, ,\n,𝄞,.".split(
      ",",
    ),
    " ",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 25 }), fc.array(fc.nat(12), { maxLength: 40 }), (words, cuts) => {
      const text = words.join("");
      const whole = filterText(
        text,
        patterns.map((pattern) => rule(pattern)),
      );
      const pieces: string[] = [];
      let at = 0;
      for (const cut of cuts) {
        pieces.push(text.slice(at, at + cut));
        at += cut;
      }
      pieces.push(text.slice(at));
      expect(inPieces(pieces, ...patterns).join("")).toBe(whole);
      expect(inPieces(text.split(""), ...patterns).join("")).toBe(whole);
      expect(whole).not.toContain("hunter");
    }),
    { numRuns: 1000 },
  );
});
