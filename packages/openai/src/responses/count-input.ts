import type { ModelRequest } from "@plugboard/core";
import { countAt, only } from "@plugboard/wire";
import type { PreparedCount } from "@plugboard/wire";
import { encodeResponses } from "./encode.ts";
import { failureRules } from "./failures.ts";
import type { ResponsesModelParts } from "./model.ts";

/**
 * What the count depends on; other members are refused. https://developers.openai.com/api/reference/resources/responses/subresources/input_tokens
 */
const counted =
  `conversation input instructions model parallel_tool_calls previous_response_id reasoning text tool_choice tools
  truncation`.split(/\s+/);

/** Writes the question how many input tokens a request is: as the request itself would be sent, without what is only about the answer. */
export function prepareCount(parts: ResponsesModelParts): (request: ModelRequest) => PreparedCount {
  const { dialect, id: model, catalogId, options, url, authorize } = parts;
  return (request) => ({
    url: `${url()}/input_tokens`,
    ...(authorize && { authorize }),
    body: only(encodeResponses(request, { dialect, model, catalogId }).body, counted),
    options,
    failures: failureRules(dialect),
    warnings: [],
    whole: (answer) => ({ tokens: countAt(answer, "input_tokens"), bound: "exact" }),
  });
}
