/** What is said in answer to a call, so that whoever reads it can tell that it is whole, in order, and nobody else's. */
export function soakPieces(call: string, count: number): string[] {
  return Array.from({ length: count }, (_, place) => `${call}.${place} `);
}

/** Whether a text is the beginning of the answer to a call. */
export function isSoakAnswer(call: string, text: string): boolean {
  const count = text.split(" ").length - 1;
  return text === soakPieces(call, count).join("");
}
