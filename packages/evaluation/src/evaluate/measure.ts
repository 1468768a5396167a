import { ModelError } from "@plugboard/core";
import type { Measurement, Model, ModelErrorCode } from "@plugboard/core";
import type { Scorer } from "../scorer.ts";
import type { EvaluationOptions } from "./evaluation-options.ts";
import type { RecordedAnswer } from "./evaluation-row.ts";
import type { Item } from "./items.ts";
import { answeredBy, failedWith, measurementOf } from "./measurement-of.ts";
import type { Answered } from "./measurement-of.ts";
import { scoreAnswer } from "./score-answer.ts";

/** One thing to measure. */
export interface Task<Row> {
  readonly item: Item<Row>;
  /** As the results name it. */
  readonly name: string;
  /** Who is asked, or the answer that is there. */
  readonly from: Model | RecordedAnswer;
  readonly repeat: number;
}

/** How tasks are measured: some of the options, with their defaults. */
export interface Measuring<Row> extends Pick<EvaluationOptions<Row>, "signal" | "tags" | "keep"> {
  readonly scorers: readonly Scorer<Row>[];
  readonly stream: boolean;
  readonly repeats: number;
  readonly stopOn: ReadonlySet<ModelErrorCode>;
}

/**
 * Gets the answer and has it scored. That a model fails is an outcome, too.
 *
 * @throws {ModelError} a failure that ends the evaluation
 */
export async function measure<Row>(task: Task<Row>, how: Measuring<Row>): Promise<Measurement> {
  const { from } = task;
  if (!("call" in from)) {
    if (from.error) return measurementOf(task, how.keep, undefined, { scores: {}, error: from.error });
    return scored(task, how, recordedAnswer(from));
  }

  let answer: Answered;
  try {
    answer = await asked(from, task, how);
  } catch (cause) {
    const error = ModelError.from(cause);
    if (how.stopOn.has(error.code) || how.signal?.aborted) throw error;
    return measurementOf(task, how.keep, undefined, failedWith(error, how.keep));
  }
  return scored(task, how, answer);
}

async function asked<Row>(model: Model, { item, repeat }: Task<Row>, how: Measuring<Row>): Promise<Answered> {
  const { signal, repeats } = how;
  const tags = { ...item.request.tags, ...how.tags, ...(repeats > 1 && { repeat: String(repeat) }) };
  const request = { ...item.request, tags, ...(signal && { signal }) };
  const began = Date.now();
  if (!how.stream) return answeredBy(await model.generate(request), began, undefined);
  const reply = await model.stream(request);
  const first = Date.now();
  return answeredBy(await reply.result(), began, first);
}

function recordedAnswer(recorded: RecordedAnswer): Answered {
  const {
    output,
    toolCalls = [],
    finishReason,
    costUSD,
    latencyMs,
    firstContentMs,
    inputTokens,
    outputTokens,
  } = recorded;
  const counted = inputTokens !== undefined || outputTokens !== undefined;
  return {
    recorded,
    text: output ?? "",
    toolCalls,
    finishReason,
    usage:
      recorded.usage ?? (counted ? { ...counts("input", inputTokens), ...counts("output", outputTokens) } : undefined),
    cost: costUSD === undefined ? undefined : { total: Math.round(costUSD * 1e9) },
    latency: latencyMs,
    firstContent: firstContentMs,
  };
}

function counts(
  name: "input" | "output",
  count: number | undefined,
): { readonly input?: number; readonly output?: number } {
  return count === undefined ? {} : { [name]: count };
}

async function scored<Row>(task: Task<Row>, how: Measuring<Row>, answered: Answered): Promise<Measurement> {
  const { item, name } = task;
  const { signal, scorers } = how;
  const { row, id, request, prompt } = item;
  const outcome = await scoreAnswer(scorers, { ...answered, row, item: id, model: name, request, prompt, signal });
  // A judge that was called off has not failed: the item is measured when the evaluation goes on.
  if (outcome.unscored && signal?.aborted) throw ModelError.calledOff(signal);
  return measurementOf(task, how.keep, answered, outcome);
}
