import type {
  AssistantPart,
  Finish,
  FinishReason,
  Json,
  JsonObject,
  ModelResult,
  OpaquePart,
  Usage,
} from "@plugboard/core";
import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import type { OutputTool } from "@plugboard/wire";
import type { Whose } from "./errors.ts";
import { keptHeaders, objectOf, stringOf } from "@plugboard/wire";
import { toPlain } from "../plain.ts";
import { answered } from "./output-tool.ts";
import { readAnswer } from "./read-message.ts";
import { readUsage } from "./usage.ts";
import { langchainMessage } from "./whole-message.ts";

/** Words of providers for how an answer ended, in lower case. */
const reasons: ReadonlyMap<string, FinishReason> = new Map<string, FinishReason>([
  ["stop", "stop"],
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["completed", "stop"],
  ["complete", "stop"],
  ["eos", "stop"],
  ["length", "length"],
  ["max_tokens", "length"],
  ["max_output_tokens", "length"],
  ["model_length", "length"],
  ["tool_calls", "tool-calls"],
  ["tool_use", "tool-calls"],
  ["function_call", "tool-calls"],
  ["content_filter", "content-filter"],
  ["content_filtered", "content-filter"],
  ["safety", "content-filter"],
  ["refusal", "refusal"],
]);

/** Where LangChain's integrations put that word. */
const reasonNames = ["finish_reason", "stop_reason", "finishReason", "stopReason", "done_reason"] as const;

/** A whole answer of LangChain's in our words. */
export function readWhole(
  message: BaseMessage,
  whose: Whose,
  output: OutputTool | undefined,
): Omit<ModelResult, "warnings"> {
  const content = readParts(message, output);
  const { id, response_metadata: metadata } = message;
  const headers = objectOf(metadata["headers"] as Json | undefined);
  return {
    model: modelOf(message) ?? whose.model,
    ...(id !== undefined && !id.startsWith("run-") && { id }),
    content,
    ...(headers && { headers: keptHeaders(textsOf(headers)) }),
    ...readEnding(message, content),
  };
}

/** The parts of an answer, and the message itself where its provider wants more of it back than they hold. */
export function readParts(message: BaseMessage, output: OutputTool | undefined): AssistantPart[] {
  const parts = readAnswer(message, "message").map((part) => answered(part, output));
  const whole = wholeOf(message);
  if (whole) parts.push(whole);
  return parts;
}

/** The name of the model that answered. */
export function modelOf({ response_metadata: metadata }: BaseMessage): string | undefined {
  const { model_name: name, model } = metadata as JsonObject;
  return stringOf(name) ?? stringOf(model);
}

/** How an answer ended. */
export function readEnding(message: BaseMessage, content: readonly AssistantPart[]): Finish {
  const metadata = message.response_metadata as JsonObject;
  const kept = objectOf(metadata["plugboard"]);
  const usage = readUsage((message as AIMessage).usage_metadata);
  if (kept) return readKept(kept, usage);
  const places = [metadata, message.additional_kwargs as JsonObject, objectOf(metadata["messageStop"]) ?? {}];
  const raw =
    places.flatMap((place) => reasonNames.map((name) => stringOf(place[name]))).find((word) => word !== undefined) ??
    stringOf(objectOf(metadata["incomplete_details"])?.["reason"]) ??
    stringOf(metadata["status"]);
  const word = raw === undefined ? "other" : (reasons.get(raw.toLowerCase()) ?? "other");
  const told = word === "stop" && stringOf((message.additional_kwargs as JsonObject)["refusal"]) ? "refusal" : word;
  const calls = content.some((part) => part.type === "tool-call" && !part.executed);
  // A call that was asked for as an answer is one no longer.
  const finishReason = calls
    ? told === "stop" || told === "other"
      ? "tool-calls"
      : told
    : told === "tool-calls"
      ? "stop"
      : told;
  return { finishReason, ...(raw !== undefined && { rawFinishReason: raw }), usage };
}

/** The end of an answer as `toLangChain` wrote it. */
function readKept({ finishReason, rawFinishReason, usage, providerData, cached }: JsonObject, counted: Usage): Finish {
  return {
    finishReason: finishReason as FinishReason,
    ...(typeof rawFinishReason === "string" && { rawFinishReason }),
    usage: objectOf(usage) ?? counted,
    ...(cached === true && { cached }),
    ...(objectOf(providerData) && { providerData: providerData as NonNullable<Finish["providerData"]> }),
  };
}

/** What of a message its parts do not hold: content as its provider wrote it, and whatever stands beside. */
function wholeOf(message: BaseMessage): OpaquePart | undefined {
  const { content, additional_kwargs: beside, response_metadata: metadata, id } = message;
  // Ours hold all of it themselves.
  if (metadata["plugboard"] !== undefined) return undefined;
  const { output, model_provider } = metadata as JsonObject;
  const hasBeside = Object.keys(beside).some((name) => name !== "tool_calls" && name !== "function_call");
  if (typeof content === "string" && !hasBeside && output === undefined) return undefined;
  return {
    type: "opaque",
    kind: langchainMessage,
    providerData: {
      langchain: toPlain({
        content,
        additional_kwargs: beside,
        response_metadata: { model_provider, output, id: metadata["id"] },
        id,
      }) as JsonObject,
    },
  };
}

function textsOf(headers: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
