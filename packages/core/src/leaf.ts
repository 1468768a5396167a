import type { Attempt, AttemptPlan } from "./attempt.ts";
import type { Call } from "./callable.ts";
import type { ModelEvent } from "./event.ts";
import type { Flow } from "./flow.ts";
import type { ModelRequest } from "./request.ts";
import type { ModelResult } from "./result.ts";
import { ModelError } from "./error.ts";
import { ModelReply, flowOf } from "./model-reply.ts";

interface Leaf {
  readonly provider: string;
  readonly id: string;
  readonly catalogId?: string | undefined;
  readonly call: Call;
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

const isFinish = (event: ModelEvent): boolean => event.type === "finish";

/**
 * How an adapter is called: asks `admit`, tells the attempt, holds the answer until it is whole when nobody reads deltas, and ends it
 * at once when it is called off or late, whatever the adapter is waiting for.
 */
export function leaf({ provider, id, catalogId, call }: Leaf): Call {
  return async (request) => {
    const { signal, deadline, admit, notify } = request;
    if (signal?.aborted) throw calledOff(signal, provider, id);

    const plan: AttemptPlan = { provider, id, ...(catalogId !== undefined && { catalogId }), request };
    if (admit) await admit(plan);

    const attempt: Writable<Attempt> = { provider, model: id, started: Date.now(), outcome: "running" };
    notify?.({ type: "attempt", attempt, plan });

    const stop = new AbortController();
    let flow: Flow | undefined;
    let reject: ((error: ModelError) => void) | undefined;
    let timer: NodeJS.Timeout | undefined;

    // The listener goes when the attempt ends, so a long-lived signal gathers none; `AbortSignal.any` would.
    const onAbort = (): void => callOff(calledOff(signal!, provider, id));
    const onDeadline = (): void =>
      callOff(new ModelError("The deadline passed.", { code: "timeout", phase: "total", provider, model: id }));

    function callOff(error: ModelError): void {
      stop.abort(error);
      flow?.abort(error);
      reject?.(error);
    }

    function end(outcome: Attempt["outcome"], result: ModelResult | undefined, error?: ModelError): void {
      signal?.removeEventListener("abort", onAbort);
      if (timer) clearTimeout(timer);
      attempt.ended = Date.now();
      attempt.outcome = outcome;
      if (result && Object.keys(result.usage).length > 0) attempt.usage = result.usage;
      if (error) {
        attempt.error = error.code;
        if (wasRefused(error)) attempt.unbilled = true;
      }
      if (!notify) return;
      if (outcome === "finished" || !result) notify({ type: "attempt", attempt, plan });
      else notify({ type: "attempt", attempt, plan, partial: result });
    }

    if (signal?.aborted) {
      attempt.unbilled = true;
      end("cancelled", undefined, calledOff(signal, provider, id));
      throw calledOff(signal, provider, id);
    }

    try {
      let answer = open(call, { ...request, signal: stop.signal }, (begun) => (flow = begun));
      if (signal || deadline !== undefined) {
        signal?.addEventListener("abort", onAbort, { once: true });
        if (deadline !== undefined)
          timer = setTimeout(onDeadline, Math.min(Math.max(deadline - Date.now(), 0), 2 ** 31 - 1));
        answer = orRejected(answer, (callback) => (reject = callback));
      }
      const reply = await answer;
      reject = undefined;
      attempt.firstEvent = Date.now();
      if (flow && notify) flow.onFault = (error) => notify({ type: "fault", error });
      return reply.onEnd((outcome) => {
        if (outcome.status === "finished") return end("finished", outcome.result);
        const error = outcome.status === "failed" ? outcome.error : undefined;
        if (!stop.signal.aborted) stop.abort(error);
        end(error && error.code !== "aborted" ? "failed" : "cancelled", outcome.partial, error);
      });
    } catch (cause) {
      const error = ModelError.from(cause, { code: "unknown", provider, model: id });
      end(error.code === "aborted" ? "cancelled" : "failed", error.partial, error);
      if (!stop.signal.aborted) stop.abort(error);
      throw error;
    }
  };
}

/** Calls the adapter; `begin` is told of the flow as soon as there is one, so that it can be called off while it is held. */
async function open(call: Call, request: ModelRequest, begin: (flow: Flow | undefined) => void): Promise<ModelReply> {
  let reply = await call(request);
  // A reply of another copy of this package is opened once more, so that it can be called off from here.
  if (!flowOf(reply)) reply = await ModelReply.open(reply);
  begin(flowOf(reply));
  if (request.stream || flowOf(reply)?.gathered.finish) return reply;
  const whole = await ModelReply.open(reply, isFinish);
  begin(flowOf(whole));
  return whole;
}

/** The answer, unless it is called off first; one that comes too late is let go. */
function orRejected(
  answer: Promise<ModelReply>,
  take: (reject: (error: ModelError) => void) => void,
): Promise<ModelReply> {
  return new Promise((resolve, reject) => {
    let late = false;
    take((error) => {
      late = true;
      reject(error);
    });
    answer.then((reply) => (late ? reply.cancel() : resolve(reply)), reject);
  });
}

/** What an aborted signal means: a clock of ours, a timeout of the caller's, or that nobody wants it. */
function calledOff(signal: AbortSignal, provider: string, model: string): ModelError {
  const reason: unknown = signal.reason;
  if (reason instanceof ModelError) return reason;
  const timeout = reason instanceof Error && reason.name === "TimeoutError";
  const [message, code] = timeout
    ? (["The time given ran out.", "timeout"] as const)
    : (["The call was called off.", "aborted"] as const);
  return new ModelError(message, { code, cause: reason, provider, model, ...(timeout && { phase: "total" }) });
}

/** Whether the provider cannot have billed it: never connected, or refused. */
function wasRefused({ phase, status }: ModelError): boolean {
  return phase === "connect" || (status !== undefined && status >= 400 && status < 500);
}
