import type { Json, JsonObject, TokenCount } from "@plugboard/core";
import { countAt, only, toBase64 } from "@plugboard/wire";
import type { CountForm } from "./dialect.ts";

interface Counting {
  readonly form: CountForm;
  /** What goes on the wire. */
  readonly model: string;
  /** Beta features are on, which `count_tokens` knows more members of. */
  readonly beta: boolean;
}

/** What of a request `count_tokens` takes; on Vertex the version goes along. */
const counted =
  "messages system tools tool_choice thinking output_config cache_control speed anthropic_version anthropic_beta".split(
    " ",
  );
const countedInBeta = ["mcp_servers", "context_management"];

/** A request to be counted: the body of a call, without what only writing an answer needs. */
export function encodeCount(body: JsonObject, { form, model, beta }: Counting): JsonObject {
  if (form === "invoke-model") {
    return { input: { invokeModel: { body: toBase64(new TextEncoder().encode(JSON.stringify(body))) } } };
  }
  return { model, ...only(body, beta ? [...counted, ...countedInBeta] : counted) };
}

/**
 * The model that is asked to count. CountTokens of Bedrock knows no inference profiles, only models: `us.anthropic.claude-…` is
 * `anthropic.claude-…` there.
 */
export function countedModel(form: CountForm, id: string, catalogId: string = id): string {
  return form === "messages" ? id : catalogId.replace(/^(arn:.*\/)?([a-z-]+\.)?(?=anthropic\.)/, "");
}

/**
 * Anthropic calls its count an estimate that may be off by a small amount, and does not say how small: 1 % is our reading. Bedrock's is
 * what would be charged.
 *
 * @throws {ModelError} `parse` where the answer has no count
 */
export function decodeCount(answer: Json, form: CountForm): TokenCount {
  if (form === "invoke-model") return { tokens: countAt(answer, "inputTokens"), bound: "exact" };
  return { tokens: countAt(answer, "input_tokens"), bound: { error: 0.01 } };
}
