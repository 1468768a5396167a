import type { CallOptions, ModelRequest } from "@plugboard/core";

/** Whether a request is one to a chat model, whose answer is a reply. */
export function isChat<Request extends CallOptions>(request: Request): request is Request & ModelRequest {
  return "messages" in request;
}
