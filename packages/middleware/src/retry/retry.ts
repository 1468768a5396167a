import pRetry from "p-retry";
import { ModelError, checkOption } from "@plugboard/core";
import type { AnyMiddleware, CallOptions } from "@plugboard/core";
import { wait } from "../wait.ts";
import { retryBudget } from "./retry-budget.ts";
import type { RetryBudget } from "./retry-budget.ts";

declare module "@plugboard/core" {
  interface Notices {
    /** A call failed, and attempt number `attempt` follows in `delay` milliseconds. */
    retry: { readonly delay: number; readonly attempt: number; readonly error: ModelError };
  }
}

/** How often to ask again, and how long to wait before. */
export interface RetryOptions {
  /** How often to ask in all, the first time included. @default 3 */
  readonly attempts?: number;
  /** Milliseconds before the second attempt at most; doubled for each after it. The wait is drawn from 0 to that. @default 500 */
  readonly delay?: number;
  /** The most milliseconds that doubling leads to. @default 8000 */
  readonly maxDelay?: number;
  /** A provider that asks for more milliseconds than this is not waited for: the call fails at once. @default 60000 */
  readonly maxRetryAfter?: number;
  /** Tokens that retries are paid from. @default one of its own, with a bucket for each model */
  readonly budget?: RetryBudget;
  /** A number from 0 to 1, drawn for each wait. @default Math.random */
  readonly random?: () => number;
}

/** Failures that an inner layer has already repeated as often as is right, and which layer: one further out lets them be. */
const givenUp = new WeakMap<ModelError, object>();

/**
 * Asks again when a call fails in a way that may pass, after a wait with full jitter that is never shorter than the provider asks for.
 *
 * It gives up at once when the wait would pass the deadline of the call. An answer that breaks off after its first content is not
 * repeated: somebody has read it. Of several such layers in one chain, the innermost does the work.
 *
 * @throws {ModelError} the last failure, once the attempts, the deadline or the retry budget are spent
 * @example
 * const model = openai("gpt-4o").with(retry({ attempts: 5 }));
 */
export function retry({
  attempts = 3,
  delay = 500,
  maxDelay = 8000,
  maxRetryAfter = 60_000,
  budget = retryBudget(),
  random = Math.random,
}: RetryOptions = {}): AnyMiddleware {
  checkOption("attempts", attempts, { least: 1, whole: true });
  for (const [name, value] of Object.entries({ delay, maxDelay, maxRetryAfter })) {
    checkOption(name, value, { least: 0, most: 2 ** 31 - 1 });
  }

  function pauseBefore(attempt: number, { retryAfter = 0 }: ModelError): number {
    const backoff = Math.round(random() * Math.min(maxDelay, delay * 2 ** (attempt - 2)));
    // All who were told the same time would come back together; so up to a tenth later.
    return Math.max(backoff, Math.ceil(retryAfter * (1 + random() / 10)));
  }

  return ({ call, fingerprint }) => {
    const layer = {};

    /** A budget of the application's that fails pays for nothing, and costs no answer. */
    function pays(error: ModelError, notify: CallOptions["notify"]): boolean {
      try {
        return budget.spend(fingerprint, error);
      } catch (fault) {
        notify?.({ type: "fault", error: fault });
        return false;
      }
    }
    function earn({ notify }: CallOptions): void {
      try {
        budget.earn(fingerprint);
      } catch (error) {
        notify?.({ type: "fault", error });
      }
    }

    /** Says no, or says yes once the wait is over. */
    async function again(
      error: ModelError,
      attempt: number,
      { deadline, signal, notify }: CallOptions,
    ): Promise<boolean> {
      if (error.retryAfter !== undefined && error.retryAfter > maxRetryAfter) return false;
      const pause = pauseBefore(attempt, error);
      if (deadline !== undefined && Date.now() + pause > deadline) return false;
      if (!pays(error, notify)) return false;
      notify?.({ type: "retry", delay: pause, attempt, error });
      await wait(pause, signal);
      return true;
    }

    /** The loop is entered at the first failure alone: most calls have none, and need not pay for it. */
    function goOn(failure: unknown, request: Parameters<typeof call>[0]): ReturnType<typeof call> {
      // p-retry is the loop alone: the wait is ours, since its own knows neither retry-after nor the deadline nor a ModelError.
      return pRetry((attempt) => (attempt === 1 ? Promise.reject(failure) : call(request)), {
        retries: attempts - 1,
        minTimeout: 0,
        shouldRetry: ({ error, attemptNumber }) =>
          mayPass(error, layer) && !request.signal?.aborted && again(error, attemptNumber + 1, request),
      });
    }

    return async (request) => {
      try {
        let reply: Awaited<ReturnType<typeof call>>;
        try {
          reply = await call(request);
        } catch (error) {
          reply = await goOn(error, request);
        }
        earn(request);
        return reply;
      } catch (error) {
        if (error instanceof ModelError && !givenUp.has(error)) givenUp.set(error, layer);
        throw error;
      }
    };
  };
}

/** Whether it is ours to repeat: it may pass, and no layer inside has given it up, on its own or as the cause of this one. */
function mayPass(error: unknown, layer: object): error is ModelError {
  if (!(error instanceof ModelError) || !error.retryable) return false;
  for (let cause: unknown = error, depth = 0; cause instanceof ModelError && depth < 8; cause = cause.cause, depth++) {
    const by = givenUp.get(cause);
    if (by !== undefined && by !== layer) return false;
  }
  return true;
}
