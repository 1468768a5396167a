import type { CallOptions } from "@plugboard/core";
import type { ClientRequest } from "./client-request.ts";

/** What an application says of the calls that its client makes. */
export interface Circumstances extends Pick<CallOptions, "notify"> {
  /** Tags of every call; or those of one by the client's headers, which nothing else sees. */
  readonly tags?: CallOptions["tags"] | ((headers: Headers) => CallOptions["tags"]);
}

/** The circumstances of one call. */
export function circumstances({ signal, headers }: ClientRequest, { notify, tags }: Circumstances): CallOptions {
  const told = typeof tags === "function" ? tags(headers) : tags;
  return { ...(signal && { signal }), ...(notify && { notify }), ...(told && { tags: told }) };
}
