import { textOf, toolCallsOf } from "@plugboard/core";
import type { Json, Message, ModelErrorCode, ModelResult, Prompt, Usage } from "@plugboard/core";
import { sha256 } from "../sha256.ts";
import { beginningOf } from "../dataset/said.ts";
import type { LoggedCall } from "./logged-call.ts";

/** A logged call as `evaluate` of `@plugboard/evaluation` reads it: what was asked, and what one model answered. */
export interface LoggedRow {
  readonly id: string;
  /** What was asked. */
  readonly messages: readonly Message[];
  /** What else was asked: tools, a schema, a temperature. */
  readonly request?: Omit<Prompt, "messages">;
  /** The call's tags. */
  readonly segments?: Readonly<Record<string, string>>;
  /** Calls of one conversation share it. */
  readonly cluster: string;
  /** The answer, under `provider/model`. */
  readonly models: Readonly<Record<string, LoggedAnswer>>;
}

/** What a model answered, and what that took. */
export interface LoggedAnswer {
  readonly output?: string;
  readonly toolCalls?: readonly { readonly name: string; readonly input: Json }[];
  readonly usage?: Usage;
  /** US dollars. */
  readonly costUSD?: number;
  /** Milliseconds. */
  readonly latencyMs?: number;
  /** Milliseconds. */
  readonly firstContentMs?: number;
  readonly finishReason?: ModelResult["finishReason"];
  readonly error?: { readonly code: ModelErrorCode; readonly message: string };
}

/** How rows are made. */
export interface EvaluationRowsOptions {
  /** What the calls of one conversation have in common, such as `({ tags }) => tags?.["conversation"]`. @default how they begin */
  readonly clusterOf?: (call: LoggedCall) => string | undefined;
}

/**
 * The rows of an evaluation from a log, so that an application's own traffic is what models are evaluated on: the answers that were given
 * are scored without a call, and other models are asked the same, with the same tools and settings. Calls that were let go are left out.
 *
 * @example
 * const rows = evaluationRows(readLog(createReadStream("calls.jsonl")));
 * const run = evaluate({ dataset: rows, models: { now: "openai/gpt-4o", next: anthropic("claude-sonnet-4-5") }, scorers: [refusal()] });
 */
export async function* evaluationRows(
  calls: Iterable<LoggedCall> | AsyncIterable<LoggedCall>,
  { clusterOf = () => undefined }: EvaluationRowsOptions = {},
): AsyncGenerator<LoggedRow, void, undefined> {
  for await (const call of calls) {
    if (call.outcome === "cancelled" || call.error?.code === "aborted") continue;
    const { messages, ...request } = call.request;
    yield {
      id: call.id,
      messages,
      ...(Object.keys(request).length > 0 && { request }),
      ...(call.tags && Object.keys(call.tags).length > 0 && { segments: call.tags }),
      cluster: clusterOf(call) ?? sha256(Buffer.from(beginningOf(messages))).slice(0, 16),
      models: { [`${call.provider}/${call.model}`]: answerOf(call) },
    };
  }
}

function answerOf({ outcome, result, error, cost, stream, started, firstContent, ended }: LoggedCall): LoggedAnswer {
  const paid = cost && { costUSD: cost.total / 1e9 };
  if (outcome !== "finished" || !result) {
    const { code = "unknown", message = "The call failed." } = error ?? {};
    return { error: { code, message }, ...paid };
  }
  const toolCalls = toolCallsOf(result).map(({ name, input }) => ({ name, input }));
  return {
    output: textOf(result),
    ...(toolCalls.length > 0 && { toolCalls }),
    usage: result.usage,
    finishReason: result.finishReason,
    ...paid,
    // Of a hit in a cache, the time says nothing of the model.
    ...(!result.cached && {
      latencyMs: ended - started,
      ...(stream && firstContent !== undefined && { firstContentMs: firstContent - started }),
    }),
  };
}
