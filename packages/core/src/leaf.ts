import type { AdapterCall, Call } from "./callable.ts";
import type { ModelRequest } from "./request.ts";
import { AttemptRun } from "./attempt-run.ts";
import { planOf } from "./plan-of.ts";

/** An adapter, as it comes into `defineModel`. */
export interface Leaf {
  readonly provider: string;
  readonly id: string;
  readonly catalogId?: string | undefined;
  readonly call: AdapterCall;
}

/** How an adapter is called: asks `admit`, and makes one attempt. */
export function leaf(parts: Leaf): Call {
  return async (request: ModelRequest) => {
    const plan = planOf(parts, request);
    if (request.admit) await request.admit(plan);
    return new AttemptRun(plan, request).run(parts.call);
  };
}
