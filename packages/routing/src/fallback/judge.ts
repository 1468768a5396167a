import { ModelError, ModelReply, objectCheck } from "@plugboard/core";
import type { FinishReason, ModelEvent, ModelKey, ModelResult, Schema } from "@plugboard/core";
import { refused } from "../refused.ts";
import type { Judged } from "./in-turn.ts";

/** Which answers are let go. */
export interface AnswerRules {
  /** Ends at which an answer is let go; it has to be held to its `"end"`. @default none */
  readonly finishReasons?: readonly FinishReason[];
  /**
   * What an answer must be a value of, as `generateObject` reads it; one that is not is let go. It has to be held to its `"end"`. An
   * answer that asks for tools is none yet, and is given. @default anything will do
   */
  readonly schema?: Schema;
  /** Whether to let go of what has arrived of an answer. @default never */
  readonly result?: (arrived: ModelResult) => boolean;
}

/** How much of an answer is kept back before it is judged: up to its first content, so many characters of text, or all of it. */
export type FallbackHold = "start" | "end" | number;

/** Holds an answer, and says what is wrong with it. */
export type Judge = (reply: ModelReply, model: ModelKey) => Promise<Judged<ModelReply>>;

/** Holds answers, and judges them by the rules. */
export function judge({ when = {}, hold }: { readonly when?: AnswerRules; readonly hold?: FallbackHold }): Judge {
  const { finishReasons = [], schema, result: isPoor } = when;
  const check = schema && objectCheck(schema);
  const judges = finishReasons.length > 0 || check !== undefined || isPoor !== undefined;
  const amount = hold ?? (judges ? "end" : "start");

  /** What is wrong with an answer, in words. */
  async function wrongWith(arrived: ModelResult): Promise<string | undefined> {
    if (finishReasons.includes(arrived.finishReason)) return `ended with "${arrived.finishReason}"`;
    const problem = await check?.(arrived);
    if (problem !== undefined) return `is not the object asked for: ${problem}`;
    return isPoor?.(arrived) ? "was not good enough" : undefined;
  }

  return async (reply, model) => {
    const answer = amount === "start" ? reply : await ModelReply.open(reply, untilEnough(amount));
    const letGo = (): void => answer.cancel();
    if (!judges) return { answer, letGo };
    try {
      const why = await wrongWith(answer.arrived);
      return { answer, letGo, wrong: why === undefined ? undefined : wrongAnswer(answer.arrived, model, why) };
    } catch (cause) {
      letGo();
      throw refused("`when` failed to judge an answer.", cause);
    }
  };
}

function wrongAnswer(partial: ModelResult, { provider, id }: ModelKey, why: string): ModelError {
  const isRefusal = partial.finishReason === "content-filter" || partial.finishReason === "refusal";
  const code = isRefusal ? "content-filter" : "unknown";
  return new ModelError(`The answer of ${id} ${why}.`, { code, provider, model: id, partial });
}

function untilEnough(hold: FallbackHold): (event: ModelEvent) => boolean {
  let characters = 0;
  return (event) => {
    if (event.type === "text-delta") characters += event.text.length;
    return event.type === "finish" || (hold !== "end" && characters >= Number(hold));
  };
}
