import { ModelError, textOf, toolCallsOf } from "@plugboard/core";
import type { Message, Middleware, ModelRequest, Outcome } from "@plugboard/core";
import type { EvaluationRow, RecordedAnswer } from "../evaluate/evaluation-row.ts";
import { LineWriter } from "../results/line-writer.ts";

/** What is logged, and how. */
export interface DatasetLogOptions {
  /** Changes a row before it is written, to take out what may not be kept; `undefined` leaves it out. @default as it is */
  readonly rewrite?: (row: EvaluationRow) => EvaluationRow | undefined;
  /** The share of calls that is logged, from 0 to 1. @default 1 */
  readonly share?: number;
  /** Where chance comes from. @default Math.random */
  readonly random?: () => number;
}

/** A middleware that logs, and how to end the log. */
export type DatasetLog = Middleware & {
  /** Waits for what is being written, and closes the file. */
  readonly close: () => Promise<void>;
};

/**
 * Logs what an application asks and what it is answered as rows of a dataset, so that its own traffic is what models are evaluated on:
 * `evaluate({ dataset: jsonl(path), … })` scores the answers that were given, or asks others the same.
 *
 * A row has the conversation, the call's tags as `segments`, and the answer. It is written when the answer has ended, and nobody waits
 * for it; that it could not be is a `fault`. Prompts hold what people typed: keep the file accordingly, or `rewrite` rows. Requests with files, and
 * answers that were called off, are not logged.
 *
 * @example
 * const log = datasetLog("traffic.jsonl", { share: 0.1 });
 * const model = openai("gpt-4o").with(log, retry());
 */
export function datasetLog(path: string, options: DatasetLogOptions = {}): DatasetLog {
  const { rewrite = (row: EvaluationRow) => row, share = 1, random = Math.random } = options;
  const lines = new LineWriter(path);

  const layer: Middleware = (model) => async (request) => {
    if (random() >= share || request.messages.some(hasFiles)) return model.call(request);
    const name = `${model.provider}/${model.id}`;
    const began = Date.now();
    try {
      const reply = await model.call(request);
      const first = request.stream ? Date.now() - began : undefined;
      return reply.onEnd((outcome) => {
        if (outcome.status !== "cancelled") write(request, name, answerOf(outcome, Date.now() - began, first));
      });
    } catch (cause) {
      const error = ModelError.from(cause);
      if (error.code !== "aborted") write(request, name, errorOf(error));
      throw error;
    }
  };

  function write(request: ModelRequest, name: string, answer: RecordedAnswer): void {
    const { messages, tags } = request;
    try {
      const row = rewrite({
        id: crypto.randomUUID(),
        messages,
        ...(tags && Object.keys(tags).length > 0 && { segments: tags }),
        models: { [name]: answer },
      });
      if (row) lines.add(row).catch((error: unknown) => request.notify?.({ type: "fault", error }));
    } catch (error) {
      request.notify?.({ type: "fault", error });
    }
  }

  return Object.assign(layer, { close: () => lines.close() });
}

function hasFiles({ content }: Message): boolean {
  return typeof content !== "string" && content.some(({ type }) => type === "file");
}

function answerOf(
  outcome: Exclude<Outcome, { readonly status: "cancelled" }>,
  latencyMs: number,
  first: number | undefined,
): RecordedAnswer {
  if (outcome.status === "failed") return errorOf(outcome.error);
  const { result } = outcome;
  const toolCalls = toolCallsOf(result).map(({ name, input }) => ({ name, input }));
  return {
    output: textOf(result),
    ...(toolCalls.length > 0 && { toolCalls }),
    usage: result.usage,
    finishReason: result.finishReason,
    ...(!result.cached && { latencyMs, ...(first !== undefined && { firstContentMs: first }) }),
  };
}

function errorOf({ code, message }: ModelError): RecordedAnswer {
  return { error: { code, message } };
}
