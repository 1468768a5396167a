import { textOf, toolCallsOf } from "@plugboard/core";
import type { Measurement, ModelError, ModelResult } from "@plugboard/core";
import type { Answer } from "../scorer.ts";
import type { Item } from "./items.ts";

/** What scorers are given of the answer itself. */
export type Answered = Omit<Answer, "row" | "item" | "model" | "request" | "prompt" | "signal">;

/** What a measurement is of. */
export interface Measured {
  readonly item: Pick<Item<unknown>, "id" | "prompt" | "segments" | "cluster">;
  /** The model, as the results name it. */
  readonly name: string;
  readonly repeat?: number;
}

/** What came of it. */
export type MeasuredOutcome = Partial<Measurement> & Pick<Measurement, "scores">;

/** Which texts are kept in results. */
export interface KeptTexts {
  /** What was asked. @default true */
  readonly prompt?: boolean;
  /** What was answered. @default true */
  readonly output?: boolean;
}

/** Waiting for our own limits is no time of the model's: what counts is from the first attempt on. */
export function answeredBy(result: ModelResult, called: number, first: number | undefined): Answered {
  const ended = Date.now();
  const began = result.attempts?.[0]?.started ?? called;
  return {
    text: textOf(result),
    toolCalls: toolCallsOf(result),
    finishReason: result.finishReason,
    usage: result.usage,
    cost: result.cost,
    ...(result.cached ? { cached: true } : { latency: ended - began, firstContent: first && first - began }),
  };
}

/** That a model failed is an outcome, too: with what it used and cost. */
export function failedWith(error: ModelError, keep: KeptTexts | undefined): MeasuredOutcome {
  const { code, partial } = error;
  return {
    scores: {},
    ...(partial && { usage: partial.usage }),
    // An answer that is not what was asked for is worth a look.
    ...(partial && code === "parse" && keep?.output !== false && { output: textOf(partial) }),
    ...(error.cost && { cost: error.cost }),
    error: { code, message: error.message },
  };
}

/** One line of results. */
export function measurementOf(
  { item, name, repeat = 0 }: Measured,
  keep: KeptTexts | undefined,
  answer: Answered | undefined,
  outcome: MeasuredOutcome,
): Measurement {
  return {
    item: item.id,
    model: name,
    ...(keep?.prompt !== false && { prompt: item.prompt }),
    ...(item.segments && { segments: item.segments }),
    ...(item.cluster !== undefined && { cluster: item.cluster }),
    ...(repeat > 0 && { repeat }),
    ...(answer && keep?.output !== false && { output: answer.text }),
    ...(answer?.finishReason && { finishReason: answer.finishReason }),
    ...(answer?.usage && { usage: answer.usage }),
    ...(answer?.cost && { cost: answer.cost }),
    ...(answer?.cached && { cached: true }),
    ...(answer?.latency !== undefined && { latency: answer.latency }),
    ...(answer?.firstContent !== undefined && { firstContent: answer.firstContent }),
    ...outcome,
  };
}
