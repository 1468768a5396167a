import type { Answer } from "./scorer.ts";

/** For tests: an answer with this text to this row. */
export function answerOf<Row>(text: string, row: Row, more: Partial<Answer<Row>> = {}): Answer<Row> {
  const prompt = "What is it?";
  const request = { messages: [{ role: "user", content: prompt } as const] };
  return { row, item: "1", model: "a", request, prompt, text, toolCalls: [], ...more };
}
