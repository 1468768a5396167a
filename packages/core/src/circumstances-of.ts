import type { CallOptions } from "./request.ts";

/** What of a request is no part of the question, for who asks another one in its place. */
export function circumstancesOf(
  request: CallOptions & { readonly stream?: boolean },
): CallOptions & { readonly stream?: boolean } {
  const { signal, deadline, attemptTimeout, headers, tags, notify, admit, stream } = request;
  return {
    ...(signal && { signal }),
    ...(deadline !== undefined && { deadline }),
    ...(attemptTimeout !== undefined && { attemptTimeout }),
    ...(headers && { headers }),
    ...(tags && { tags }),
    ...(notify && { notify }),
    ...(admit && { admit }),
    ...(stream !== undefined && { stream }),
  };
}
