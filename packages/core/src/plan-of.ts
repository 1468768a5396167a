import type { AttemptPlan } from "./attempt.ts";
import type { CallOptions } from "./request.ts";
import { ModelError } from "./error.ts";

/** Who is about to be asked. */
interface Asked {
  readonly provider: string;
  readonly id: string;
  readonly catalogId?: string | undefined;
}

/**
 * The attempt that is about to be made, for `admit` to be asked about.
 *
 * @throws {ModelError} why the call was called off already
 */
export function planOf({ provider, id, catalogId }: Asked, request: AttemptPlan["request"] & CallOptions): AttemptPlan {
  if (request.signal?.aborted) throw ModelError.calledOff(request.signal, { provider, model: id });
  return { provider, id, ...(catalogId !== undefined && { catalogId }), request: withoutHeaders(request) };
}

/** The plan is told and logged; headers may hold keys. Most requests have none, and are not copied. */
function withoutHeaders(request: AttemptPlan["request"] & CallOptions): AttemptPlan["request"] {
  if (!request.headers) return request;
  const { headers: _, ...rest } = request;
  return rest;
}
