import type { AttemptPlan } from "./attempt.ts";
import type { Call } from "./callable.ts";
import type { CallOptions } from "./request.ts";
import type { Usage } from "./usage.ts";
import { AttemptWatch } from "./attempt-watch.ts";
import { planOf } from "./plan-of.ts";

/** What every answer tells that comes whole. */
export interface WholeAnswer {
  readonly model: string;
  readonly usage: Usage;
}

/** An adapter whose answers come whole, as it comes into `defineEmbeddingModel` or `defineRerankModel`. */
export interface WholeLeaf<Request extends CallOptions, Result extends WholeAnswer> {
  readonly provider: string;
  readonly id: string;
  readonly catalogId?: string | undefined;
  readonly call: Call<Request, Result>;
}

/** How an adapter is called whose answers come whole: asks `admit`, and makes one attempt. */
export function wholeLeaf<Request extends CallOptions & AttemptPlan["request"], Result extends WholeAnswer>(
  parts: WholeLeaf<Request, Result>,
): Call<Request, Result> {
  return async (request) => {
    const plan = planOf(parts, request);
    if (request.admit) await request.admit(plan);
    const watch = new AttemptWatch(plan, request);
    let result: Result;
    try {
      watch.begin();
      result = await watch.over(parts.call({ ...request, signal: watch.controller.signal }));
    } catch (cause) {
      throw watch.fail(cause);
    }
    watch.arrived();
    const { model, usage } = result;
    // There is nothing a model could write, so its output is known: whoever prices the attempt need not ask what kind it is.
    watch.finish({ model, usage: usage.input === undefined ? usage : { output: 0, ...usage } });
    return result;
  };
}
