import { expect, test } from "vitest";
import { questions } from "./questions.ts";

const answerOf = (text: string): string | undefined =>
  questions.find((question) => question.text.includes(text))?.answer;

test("the questions are told apart, and a third of them is of each kind", () => {
  expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
  expect(new Set(questions.map(({ text }) => text)).size).toBe(questions.length);
  const kinds = Map.groupBy(questions, ({ kind }) => kind);
  expect(Array.from(kinds.values(), (asked) => asked.length)).toEqual([36, 36, 36]);
});

test("the answers are those of the textbook", () => {
  expect(answerOf("from 1 to 60 share no divisor")).toBe("16"); // Euler's phi of 60
  expect(answerOf("How many divisors has 360?")).toBe("24"); // (3+1)(2+1)(1+1)
  expect(answerOf("7^222 divided by 13")).toBe("12"); // 7^12 = 1, 222 = 18 * 12 + 6, 7^6 = 12
  expect(answerOf("primes are there below 100")).toBe("25");
  expect(answerOf("1105 be written as a sum of two squares")).toBe("4");
  expect(answerOf("primes are there below 300")).toBe("62");
  expect(answerOf("425 be written as a sum of two squares")).toBe("3"); // 5² · 17: 5² + 20², 8² + 19², 13² + 16²
  expect(answerOf("How many divisors has 1296?")).toBe("25"); // 2^4 · 3^4
  expect(answerOf("What does f(10) return?")).toBe("55");
  expect(answerOf("What does f(1071, 462) return?")).toBe("21");
});
