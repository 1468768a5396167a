import type { ModelRequest, TokenCount } from "@plugboard/core";
import { objectOf } from "@plugboard/wire";
import type { ServedWhole } from "@plugboard/wire/serve";
import { readRequest } from "./read-request.ts";
import { readBy } from "./serve.ts";
import { writeError } from "./write-error.ts";

/**
 * What clients of Anthropic's API ask of `count_tokens`, and what they expect back.
 *
 * @example
 * const protocol = countTokensProtocol();
 * const asked = protocol.readRequest({ model: "claude-sonnet-4-6", messages: [{ role: "user", content: "Hello" }] });
 * const answer = protocol.writeResult(await model.countTokens(asked.request), asked);
 */
export function countTokensProtocol(): ServedWhole<ModelRequest, TokenCount> {
  return {
    name: "messages-count-tokens",
    readBy,
    readRequest(body) {
      // What is only counted has no limit, which every other request must have.
      const { model, request } = readRequest({ max_tokens: 1, ...objectOf(body) });
      const { maxOutputTokens: _, ...counted } = request;
      return { model, request: counted };
    },
    // As API version 2026-10-21 answers; where nothing manages the context, there is nothing to say of it.
    writeResult: ({ tokens }) => ({ input_tokens: tokens, context_management: null }),
    writeError,
  };
}
