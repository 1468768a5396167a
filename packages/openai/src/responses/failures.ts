import type { FailureRule } from "@plugboard/wire";
import type { ResponsesDialect } from "./dialect.ts";

/** Codes of `response.error` that stand without a status, and mean that the request was wrong. */
const images =
  `invalid_image invalid_image_format invalid_base64_image invalid_image_url image_too_large image_too_small
  image_parse_error invalid_image_mode image_file_too_large unsupported_image_media_type empty_image_file
  failed_to_download_image image_file_not_found`.split(/\s+/);

/** https://platform.openai.com/docs/api-reference/responses/object, `error.code`. */
const ofTheProtocol: readonly FailureRule[] = [
  { status: 401, code: "auth" },
  { type: images, code: "invalid-request" },
  { type: "image_content_policy_violation", code: "content-filter" },
  { type: "vector_store_timeout", code: "timeout" },
];

/** What failures of a vendor mean, before the common table is asked. */
export function failureRules({ failures = [] }: ResponsesDialect): readonly FailureRule[] {
  return [...failures, ...ofTheProtocol];
}
