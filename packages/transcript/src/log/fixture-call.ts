import type { LoggedCall } from "./logged-call.ts";

/**
 * A call as a test needs it: the question, the answer or failure, and how long each took; the same bytes whenever the same is recorded
 * again. Tags, attempts, costs, times of day, headers and ids of requests are left out: they tell of the day and of users.
 */
export function fixtureCall(call: LoggedCall, number: number): LoggedCall {
  const { started, firstContent, ended, provider, model, request, stream, outcome, result, error } = call;
  const { headers: _, cached: __, ...answer } = result ?? {};
  const { requestId: ___, ...failure } = error ?? {};
  return {
    id: String(number),
    // In the order of the file, so that answers to one question keep theirs.
    started: number,
    ...(firstContent !== undefined && { firstContent: number + firstContent - started }),
    ended: number + ended - started,
    provider,
    model,
    request,
    ...(stream !== undefined && { stream }),
    outcome,
    ...(result && { result: answer as typeof result }),
    ...(error && { error: failure as typeof error }),
  };
}
