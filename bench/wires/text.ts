const words = ["The", " quick", " brown", " fox", " jumps", " over", " the", " lazy", " dog", " and", " rests", "."];

/** An answer of so many tokens, a piece each. */
export function textPieces(tokens: number): string[] {
  return Array.from({ length: tokens }, (_, place) => words[place % words.length]!);
}
