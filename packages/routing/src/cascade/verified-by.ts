import type { Model } from "@plugboard/core";
import { circumstancesOf, textOf } from "@plugboard/core";
import type { Accept } from "./accept.ts";

/** What the verifier is asked, and what it must say. */
export interface VerifiedByOptions {
  /** @default asks whether the answer is right and complete, for a yes or a no */
  readonly ask?: (question: string, answer: string) => string;
  /** Whether what it says is a yes. @default it begins with "yes" */
  readonly passes?: (said: string) => boolean;
}

/**
 * Trusts an answer that another model finds right. The verifier is asked within the call: its attempt is in `attempts`, and budgets pay for
 * it. It sees the answer as text, which may try to talk it round.
 *
 * @example
 * const model = cascade([small, large], { accept: verifiedBy(judge) });
 */
export function verifiedBy(model: Model, { ask = askWhetherRight, passes = isYes }: VerifiedByOptions = {}): Accept {
  const accept: Accept = async ({ request, question, answer }) => {
    const messages = [{ role: "user", content: ask(question, answer) }] as const;
    const { headers: _, ...circumstances } = circumstancesOf(request); // those are for the model that answers
    const reply = await model.call({ ...circumstances, messages, stream: false });
    const accepted = passes(textOf(await reply.result()));
    return { accepted, why: `gave an answer that ${model.id} finds ${accepted ? "right" : "wrong"}` };
  };
  return Object.assign(accept, { models: [model] });
}

function askWhetherRight(question: string, answer: string): string {
  return `A question, and an answer to it. Is the answer right and complete? Reply with yes or no.\n\n<question>\n${question}\n</question>\n\n<answer>\n${answer}\n</answer>`;
}

function isYes(said: string): boolean {
  return /^\W*yes\b/i.test(said);
}
