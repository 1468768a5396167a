import type { Attempt } from "./attempt.ts";
import type { Call } from "./callable.ts";
import type { Cost } from "./cost.ts";
import type { ModelReply } from "./model-reply.ts";
import type { Notice } from "./notice.ts";
import type { ModelRequest } from "./request.ts";
import { checkRequest } from "./check-request.ts";
import { addCosts } from "./cost.ts";
import { ModelError } from "./error.ts";

/** What `generate` and `stream` share: checks the request, gathers the attempts, and puts them where the caller looks. */
export async function outermost(call: Call, asked: ModelRequest | string, stream: boolean): Promise<ModelReply> {
  const request = typeof asked === "string" ? { messages: [{ role: "user", content: asked } as const] } : asked;
  checkRequest(request);

  const attempts: Attempt[] = [];
  const notify = (notice: Notice): void => {
    if (notice.type === "attempt" && notice.attempt.outcome === "running") attempts.push(notice.attempt);
    if (request.notify) tell(request.notify, notice);
  };
  const conclude = (error: ModelError): void => {
    error.attempts = attempts;
    error.cost = costOf(attempts);
  };

  try {
    const reply = await call({ ...request, stream, notify });
    return reply
      .through("finish", (event, emit) => {
        const cost = costOf(attempts);
        emit(cost ? { ...event, attempts, cost } : { ...event, attempts });
      })
      .onEnd((outcome) => {
        if (outcome.status === "failed") conclude(outcome.error);
      });
  } catch (cause) {
    const error = ModelError.from(cause);
    conclude(error);
    throw error;
  }
}

/** Tells a listener; what it throws is told to it once, and is then nobody's. */
function tell(notify: (notice: Notice) => void, notice: Notice): void {
  try {
    notify(notice);
  } catch (error) {
    try {
      notify({ type: "fault", error });
    } catch {
      // It cannot be told of its own fault.
    }
  }
}

/** The sum, absent if any attempt has no price. One that provably cost nothing counts as nothing. */
function costOf(attempts: readonly Attempt[]): Cost | undefined {
  const costs: Cost[] = [];
  for (const { cost, unbilled } of attempts) {
    if (cost) costs.push(cost);
    else if (!unbilled) return undefined;
  }
  return addCosts(costs);
}
