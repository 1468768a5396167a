import { ModelError } from "@plugboard/core";
import type { Call, CallOptions, ModelKey } from "@plugboard/core";
import { isOver } from "../is-over.ts";
import { Row } from "./row.ts";
import type { RowRules, Turn } from "./row.ts";
import { sliceOf } from "./slice.ts";
import type { Slice } from "./slice.ts";

declare module "@plugboard/core" {
  interface Notices {
    /** A model did not answer, or not well enough, and the next one is asked. */
    failover: { readonly from: ModelKey; readonly to: ModelKey; readonly error: ModelError };
  }
}

/** An answer, and what is wrong with it; one that is given or let go later. */
export interface Judged<Reply> {
  readonly answer: Reply;
  readonly wrong?: ModelError | undefined;
  letGo(): void;
}

/** What is done with answers before the caller gets them. */
export interface Handling<Request extends CallOptions, Reply> {
  /** Looks at an answer, perhaps once it is whole. */
  judge(answer: Reply, turn: Turn<Request, Reply>): Promise<Judged<Reply>>;
  /** The answer as the caller gets it; told to the row when it ends. */
  give(answer: Reply, turn: Turn<Request, Reply>, row: Row<Request, Reply>): Reply | Promise<Reply>;
  /** Tells when an answer has ended. */
  onEnd(answer: Reply, listener: () => void): void;
}

/**
 * Asks one after the other, until one answers. An answer that is not good enough is given where there is nobody left to ask.
 *
 * @param rules - who is asked in which order; made for each request, where that depends on it
 */
export function inTurn<Request extends CallOptions, Reply>(
  rules: RowRules<Request, Reply> | ((request: Request) => RowRules<Request, Reply>),
  handling?: Handling<Request, Reply>,
): Call<Request, Reply> {
  return async (request) => {
    const row = new Row(typeof rules === "function" ? rules(request) : rules, request);
    let turn = await row.next();
    while (turn) {
      const slice = sliceOf(row, turn);
      const judged = await ask(row, turn, slice, handling);
      if (judged && !judged.wrong) return give(judged.answer, turn, row);

      const next: Turn<Request, Reply> | undefined = isOver(request) ? undefined : await (slice.next ?? row.next());
      if (judged && !next && !request.signal?.aborted) return give(judged.answer, turn, row);
      judged?.letGo();
      if (!next || isOver(request)) break;
      const error = row.lastFailure;
      request.notify?.({ type: "failover", from: turn.target.key, to: next.target.key, error });
      turn = next;
    }
    throw row.failure();
  };

  function give(answer: Reply, turn: Turn<Request, Reply>, row: Row<Request, Reply>): Reply | Promise<Reply> {
    return handling ? handling.give(answer, turn, row) : answer;
  }
}

/**
 * One model's answer; nothing where it failed and the next one is to be asked.
 *
 * @throws {ModelError} a failure that is not passed on
 */
async function ask<Request extends CallOptions, Reply>(
  row: Row<Request, Reply>,
  turn: Turn<Request, Reply>,
  slice: Slice<Request, Reply>,
  handling: Handling<Request, Reply> | undefined,
): Promise<Judged<Reply> | undefined> {
  const { model, key } = turn.target;
  try {
    const answer = await model.call(slice.request);
    const judged = handling ? await handling.judge(answer, turn) : { answer, letGo: () => {} };
    const late = slice.stop();
    if (late) {
      judged.letGo();
      throw late;
    }
    if (handling) handling.onEnd(judged.answer, () => slice.end());
    else slice.end();
    if (!handling || judged.wrong) row.answered(turn);
    if (judged.wrong) row.poor(turn.target, judged.wrong);
    return judged;
  } catch (cause) {
    slice.stop();
    slice.end();
    const error = ModelError.from(cause, { code: "unknown", provider: key.provider, model: key.id });
    if (error.code === "aborted") throw error;
    if (slice.isHaste(error)) row.poor(turn.target, error);
    else row.failed(turn, error);
    if (isOver(row.request) || row.rules.passes(error)) return undefined;
    throw row.failure(undefined, error);
  }
}
