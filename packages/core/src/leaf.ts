import type { AttemptPlan } from "./attempt.ts";
import type { Call } from "./callable.ts";
import type { ModelRequest } from "./request.ts";
import { AttemptRun } from "./attempt-run.ts";
import { ModelError } from "./error.ts";

/** An adapter, as it comes into `defineModel`. */
export interface Leaf {
  readonly provider: string;
  readonly id: string;
  readonly catalogId?: string | undefined;
  readonly call: Call;
}

/** How an adapter is called: asks `admit`, and makes one attempt. */
export function leaf({ provider, id, catalogId, call }: Leaf): Call {
  return async (request: ModelRequest) => {
    const { signal, admit } = request;
    if (signal?.aborted) throw ModelError.calledOff(signal, { provider, model: id });
    const plan: AttemptPlan = { provider, id, ...(catalogId !== undefined && { catalogId }), request };
    if (admit) await admit(plan);
    return new AttemptRun(plan, request).run(call);
  };
}
