import type { ModelRequest, TokenCount } from "@plugboard/core";
import type { ServedWhole } from "@plugboard/wire/serve";
import { readBy } from "../shared/read-by.ts";
import { writeError } from "../shared/write-error.ts";
import type { ItemShelf } from "./item-shelf.ts";
import { readResponsesRequest } from "./read-request.ts";

/**
 * What clients of the responses protocol ask to have their input tokens counted, and what they expect back.
 *
 * @param items - those that may be referred to
 * @example
 * const protocol = inputTokensProtocol();
 * const asked = protocol.readRequest({ model: "gpt-5.2", input: "Hello" });
 * const answer = protocol.writeResult(await model.countTokens(asked.request), asked);
 */
export function inputTokensProtocol(items?: ItemShelf): ServedWhole<ModelRequest, TokenCount> {
  return {
    name: "responses-input-tokens",
    readBy,
    readRequest: (body) => readResponsesRequest(body, items),
    writeResult: ({ tokens }) => ({ object: "response.input_tokens", input_tokens: tokens }),
    writeError,
  };
}
