import fc from "fast-check";
import { expect, test } from "vitest";
import { tokenPieces } from "./token-pieces.ts";

test("splits words into about tokens", () => {
  expect(tokenPieces("It is  understood.\n")).toStrictEqual(["It", " is", "  unde", "rsto", "od.", "\n"]);
});

test("loses nothing and tears no character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const pieces = tokenPieces(text);
      expect(pieces.join("")).toBe(text);
      expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
    }),
  );
});
