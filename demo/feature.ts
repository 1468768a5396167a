import { generateObject } from "plugboard";
import type { Message, Model, ModelResult } from "plugboard";
import { z } from "zod";

/** What the application's one feature is asked. */
export const Question: z.ZodType<Question> = z.object({ kind: z.string(), question: z.string().min(1) });
export interface Question {
  readonly kind: string;
  readonly question: string;
}

/** What it answers. */
export const Solution: z.ZodType<Solution> = z.object({ reasoning: z.string(), answer: z.string() });
export interface Solution {
  readonly reasoning: string;
  readonly answer: string;
}

const instructions =
  "Solve the question. Answer with JSON: `reasoning`, your working in a few sentences, and `answer`, the bare result.";

/**
 * The feature: typed on both sides, and the same for every model.
 *
 * @param maxOutputTokens - the longest answer that is paid for
 * @throws {ModelError} `parse` when the answer is not a solution, and whatever the model fails with
 */
export async function solve(
  model: Model,
  question: Question,
  maxOutputTokens: number,
): Promise<{ readonly object: Solution; readonly result: ModelResult }> {
  const { kind } = Question.parse(question);
  return generateObject(model, {
    schema: Solution,
    name: "solution",
    messages: messagesFor(question),
    maxOutputTokens,
    repair: 0,
    tags: { kind },
  });
}

/** The question as the model gets it. */
export function messagesFor({ question }: Question): readonly Message[] {
  return [
    { role: "system", content: instructions },
    { role: "user", content: question },
  ];
}
