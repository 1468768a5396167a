import type { ModelErrorCode } from "./error.ts";
import type { FinishReason } from "./event.ts";
import type { ObjectPlan } from "./object-request.ts";
import type { ModelResult } from "./result.ts";
import { ModelError } from "./error.ts";
import { issuesAsText } from "./issues-as-text.ts";
import { textOf, toolCallsOf } from "./result.ts";

/** The value of an answer, or what is wrong with it. */
export type ReadObject<Output> = { readonly object: Output } | { readonly problem: string; readonly cause?: unknown };

/** Endings after which there is no value, and asking again would not bring one. */
const endings: { readonly [Reason in FinishReason]?: { readonly code: ModelErrorCode; readonly message: string } } = {
  refusal: { code: "content-filter", message: "The model refused to answer." },
  "content-filter": { code: "content-filter", message: "The provider filtered the answer." },
  budget: { code: "budget", message: "The budget was spent before the answer was whole." },
};

/**
 * Reads the value out of an answer. One leniency: JSON in one fenced block, with or without text around it.
 *
 * @throws {ModelError} `content-filter` or `budget` if the answer ended so; `parse` if it was cut at its limit of tokens, if it asks for
 * tools instead, or if the schema itself throws; with the answer in `partial`
 */
export async function readObject<Output>(
  result: ModelResult,
  { schema, wrapped }: ObjectPlan<Output>,
): Promise<ReadObject<Output>> {
  const ending = endings[result.finishReason];
  if (ending) throw new ModelError(ending.message, { code: ending.code, model: result.model, partial: result });

  const read = parse(textOf(result));
  if (!("value" in read)) {
    const why = whyNoJson(result);
    if (why) throw new ModelError(why, { code: "parse", model: result.model, partial: result });
    return read;
  }

  let { value } = read;
  if (wrapped) {
    if (!isObject(value) || !Object.hasOwn(value, "value")) {
      return { problem: "it must be an object with the one property `value`" };
    }
    ({ value } = value);
  }
  let checked;
  try {
    checked = await schema.check(value);
  } catch (cause) {
    throw new ModelError("The schema threw while it checked the answer.", { code: "parse", cause, partial: result });
  }
  return "issues" in checked ? { problem: issuesAsText(checked.issues) } : { object: checked.value };
}

/** The error for an answer that does not do. */
export function badObject(result: ModelResult, { problem, cause }: { problem: string; cause?: unknown }): ModelError {
  return new ModelError(`The answer is not the object asked for: ${problem}.`, {
    code: "parse",
    model: result.model,
    partial: result,
    ...(cause !== undefined && { cause }),
  });
}

function whyNoJson(result: ModelResult): string | undefined {
  if (result.finishReason === "length") {
    return "The answer reached its limit of output tokens before the JSON was whole; raise `maxOutputTokens`.";
  }
  if (toolCallsOf(result).length > 0) {
    return "The model asked for tools instead of answering with the object; `runTools` runs them.";
  }
  return undefined;
}

function parse(text: string): { readonly value: unknown } | { readonly problem: string; readonly cause?: unknown } {
  if (text.trim() === "") return { problem: "it is empty" };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (cause) {
    const fenced = insideFence(text);
    if (fenced === undefined) return { problem: "it is not JSON", cause };
    try {
      return { value: JSON.parse(fenced) as unknown };
    } catch {
      return { problem: "it is not JSON", cause };
    }
  }
}

/** What stands between the line of the first fence and the last fence; with more of them, that is no JSON. */
function insideFence(text: string): string | undefined {
  const fence = text.indexOf("```");
  const start = fence < 0 ? -1 : text.indexOf("\n", fence);
  const end = text.lastIndexOf("```");
  return start < 0 || end <= start ? undefined : text.slice(start + 1, end);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
