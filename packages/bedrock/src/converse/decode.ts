import type { AssistantPart, Json, ModelResult, Start, Warning } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import type { FailureContext, OutputTool } from "@plugboard/wire";
import { answerOf, cutCallWarning, failureInBand, listOf, objectOf, stringOf } from "@plugboard/wire";
import { bedrockFailures } from "@plugboard/wire/aws";
import { cutting, extrasOf, finishOf } from "./finish.ts";
import type { Naming } from "./messages.ts";
import { provider } from "../provider.ts";
import { named, partOf } from "./messages.ts";
import { usageOf } from "./usage.ts";

/** What an answer is read with: what was known when the question was written. */
export interface DecodeContext extends Naming {
  /** Bedrock does not say who answered: it is the one that was asked. */
  readonly model: string;
  /** The tool that stands for the answer, where the model cannot be given a schema for it. */
  readonly outputTool?: OutputTool | undefined;
}

/** What is known before an answer is read. */
export type Head = Pick<Start, "headers" | "warnings">;

/**
 * An answer in one body.
 *
 * @throws {ModelError} the error that the body is, or `parse` when it is not an answer
 */
export function decodeConverse(body: Json, head: Head, context: DecodeContext): ModelResult {
  const answer = objectOf(body);
  const message = objectOf(objectOf(answer?.["output"])?.["message"]);
  if (!answer || !message || !Array.isArray(message["content"])) {
    if (answer && stringOf(answer["message"]) !== undefined) throw failureInBand(answer, failureContext(context));
    throw unreadable("The body has no `output.message.content`.", context);
  }
  const { outputTool } = context;
  const reason = stringOf(answer["stopReason"]);
  const blocks = listOf(message["content"]).map((block) => objectOf(block) ?? {});
  const content: AssistantPart[] = [];
  const warnings: Warning[] = [];
  blocks.forEach((block, place) => {
    const call = objectOf(block["toolUse"]);
    const part = partOf(block, context);
    if (part.type === "tool-call") withId(part, context);
    if (part.type === "tool-call" && !part.executed) {
      if (outputTool && call?.["name"] === outputTool.name) {
        content.push({ type: "text", text: JSON.stringify(answerOf(part.input, outputTool)) });
        return;
      }
      if (place === blocks.length - 1 && reason !== undefined && cutting.has(reason)) {
        warnings.push(cutCallWarning(part.name));
        return;
      }
    }
    content.push(named(part, content));
  });
  return {
    ...startOf(head, context),
    content,
    ...finishOf(reason, content, extrasOf(answer), usageOf(answer["usage"]), outputTool !== undefined),
    warnings: [...(head.warnings ?? []), ...warnings],
  };
}

/** An answer that is not what Bedrock says. */
export function unreadable(message: string, { model }: DecodeContext): ModelError {
  return new ModelError(message, { code: "parse", provider, model });
}

/** A call without an id could not be answered. @throws {ModelError} `parse` */
export function withId<Part extends { readonly id: string }>(part: Part, context: DecodeContext): Part {
  if (part.id === "") throw unreadable("A call of a tool has no id.", context);
  return part;
}

/** What is known of an answer before it says anything. */
export function startOf({ headers, warnings }: Head, { model }: DecodeContext): Start {
  const id = headers?.["x-amzn-requestid"];
  return {
    model,
    ...(id !== undefined && { id }),
    ...(headers && { headers }),
    ...(warnings && warnings.length > 0 && { warnings }),
  };
}

/** Whose failures they are, and what they mean. */
export function failureContext({ model }: DecodeContext): FailureContext {
  return { provider, model, rules: bedrockFailures };
}
