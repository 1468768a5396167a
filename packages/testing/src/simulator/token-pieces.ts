/** Splits a text into pieces of about a token: up to four characters of a word, with the blanks before it. Together they are the text. */
export function tokenPieces(text: string): string[] {
  return text.match(/\s*\S{1,4}|\s+/gu) ?? [];
}
