import fc from "fast-check";
import { expect, test } from "vitest";
import { tokenPieces } from "./token-pieces.ts";

test("splits words into about tokens", () => {
  expect(tokenPieces("It is  understood.\n")).toStrictEqual(["It", " is", "  unde", "rsto", "od.", "\n"]);
});

test("loses nothing and tears no character", () => {
  const texts = fc.string({ unit: "grapheme", maxLength: 60 });
  fc.assert(
    fc.property(texts, (text) => {
      const pieces = tokenPieces(text);
      return pieces.join("") === text && pieces.every((piece) => piece.isWellFormed());
    }),
  );
  expect(tokenPieces("🥊".repeat(6))).toStrictEqual(["🥊🥊🥊🥊", "🥊🥊"]);
});
