import type { ModelRequest, TokenCount } from "@plugboard/core";
import type { ServedWhole } from "@plugboard/wire/serve";
import { objectAt, objectOf } from "@plugboard/wire";
import { camelCased } from "./camel-cased.ts";
import { readRequest } from "./read-request.ts";
import { readBy } from "./serve.ts";
import { writeError } from "./write-error.ts";

/**
 * What clients of Gemini ask of `:countTokens`, and what they expect back. The name of the model stands in the path; put it into the
 * body as `model` first.
 *
 * @example
 * const protocol = countTokensProtocol();
 * const asked = protocol.readRequest({ ...JSON.parse(body), model: "gemini-3.5-flash" });
 * const answer = protocol.writeResult(await model.countTokens(asked.request), asked);
 */
export function countTokensProtocol(): ServedWhole<ModelRequest, TokenCount> {
  return {
    name: "generate-content-count-tokens",
    readBy,
    readRequest(body) {
      const asked = objectAt(camelCased(body), "body");
      const whole = objectOf(asked["generateContentRequest"]);
      return readRequest(whole ? { ...whole, model: asked["model"] ?? null } : asked, false);
    },
    writeResult: ({ tokens }) => ({ totalTokens: tokens }),
    writeError,
  };
}
