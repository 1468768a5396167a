import type { AssistantPart, Json, JsonObject, ModelResult, Start, Warning } from "@plugboard/core";
import type { FailureRule, OutputTool, StreamDecoder } from "@plugboard/wire";
import type { Naming } from "./messages.ts";
import type { WireUsage } from "./usage.ts";
import { ModelError } from "@plugboard/core";
import {
  TextTwins,
  answerOf,
  cutCallWarning,
  failureInBand,
  listOf,
  objectOf,
  parseEvent,
  stringOf,
} from "@plugboard/wire";
import { failures } from "./failures.ts";
import { cutting, extrasOf, finishOf } from "./finish.ts";
import { MessageReader, withCallId } from "./message-reader.ts";
import { named, partOf } from "./messages.ts";
import { addWireUsage } from "./usage.ts";

/** What an answer is read with: what was known when the question was written. */
export interface DecodeContext extends Naming {
  readonly provider: string;
  /** Named in errors, and the model of an answer that does not say. */
  readonly model: string;
  /** What errors mean. @default those of Anthropic */
  readonly rules?: readonly FailureRule[];
  /** The tool that stands for the answer, where the model cannot be given a schema for it. */
  readonly outputTool?: OutputTool | undefined;
}

export type Head = Pick<Start, "headers" | "warnings">;

/**
 * An answer in one body.
 *
 * @throws {ModelError} the error that the body is, or `parse` when it is not a message
 */
export function decodeMessage(body: Json, head: Head, context: DecodeContext): ModelResult {
  const message = objectOf(body);
  if (message?.["type"] === "error") throw errorOf(message, context);
  if (!message || !Array.isArray(message["content"])) {
    const { provider, model } = context;
    throw new ModelError("The body has no `content`.", { code: "parse", provider, model });
  }
  const { outputTool } = context;
  const reason = stringOf(message["stop_reason"]);
  const blocks = listOf(message["content"]).map((block, place) => withCallId(objectOf(block) ?? {}, place));
  const content: AssistantPart[] = [];
  const warnings: Warning[] = [];
  blocks.forEach((block, place) => {
    const isCall = block["type"] === "tool_use";
    if (outputTool && isCall && block["name"] === outputTool.name) {
      content.push({ type: "text", text: JSON.stringify(answerOf(block["input"] ?? null, outputTool)) });
    } else if (isCall && place === blocks.length - 1 && cutting.has(reason ?? "")) {
      warnings.push(cutCallWarning(context.toolName(stringOf(block["name"]) ?? "")));
    } else content.push(named(partOf(block, context), content));
  });

  const usage: WireUsage = {};
  addWireUsage(usage, message["usage"]);
  return {
    ...startOf(message, head, context),
    content,
    ...finishOf(reason, content, extrasOf(message, usage), usage, outputTool !== undefined),
    warnings: [...(head.warnings ?? []), ...warnings],
  };
}

/** Reads a stream: made anew for every answer. */
export function messageDecoder(head: Head, context: DecodeContext): StreamDecoder {
  const reader = new MessageReader(context, (message) => startOf(message, head, context));
  const twins = new TextTwins([]);
  return {
    push(data, _name, out) {
      const text = twins.textOf(data);
      if (text !== undefined) return reader.readMore(text, out);
      const event = parseEvent(data, context);
      if (event["type"] === "error") throw errorOf(event, context);
      const said = reader.read(event, out);
      if (said) twins.learn(data, said.member, said.text);
      else twins.forget();
    },
    end(out) {
      if (reader.ended) reader.finish(out);
    },
  };
}

function startOf(message: JsonObject, { headers, warnings }: Head, context: DecodeContext): Start {
  const id = stringOf(message["id"]);
  return {
    model: stringOf(message["model"]) || context.model,
    ...(id !== undefined && { id }),
    ...(headers && { headers }),
    ...(warnings && warnings.length > 0 && { warnings }),
  };
}

function errorOf(body: JsonObject, { provider, model, rules = failures }: DecodeContext): ModelError {
  return failureInBand(body, { provider, model, rules });
}
