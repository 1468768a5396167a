import type { JsonObject, ModelEvent, ModelResult } from "@plugboard/core";
import { textOf } from "@plugboard/core";
import type { EventWriter, ServedProtocol, ServedRequest } from "@plugboard/wire";
import type { ChatCompletionsProtocolOptions } from "../chat-completions/serve.ts";
import { writeFinishReason } from "../chat-completions/finish-reasons.ts";
import { usageMember, writeOwn } from "../chat-completions/write-answer.ts";
import { readBy } from "../shared/read-by.ts";
import { errorBody, writeError } from "../shared/write-error.ts";
import { readCompletionRequest } from "./read-request.ts";

/** Where what an answer does not know of itself comes from. */
export type CompletionsProtocolOptions = ChatCompletionsProtocolOptions;

/**
 * The completions protocol as its clients see it: one prompt, with a `suffix` or without, and the text that follows it.
 *
 * A chat model gets the prompt as its user's message. Only text has a form here: thoughts, calls and files are left out. A limit that
 * is not asked for is the model's, where OpenAI's own is 16 tokens.
 *
 * @example
 * const protocol = completionsProtocol();
 * const asked = protocol.readRequest({ model: "codestral-latest", prompt: "function add(a, b) {", suffix: "}" });
 * const answer = protocol.writeResult(await model.generate(asked.request), asked);
 */
export function completionsProtocol({
  now = Date.now,
  newId = randomId,
}: CompletionsProtocolOptions = {}): ServedProtocol {
  function headOf(
    { id, created, model }: Pick<ModelResult, "id" | "created" | "model">,
    asked: ServedRequest,
  ): JsonObject {
    return {
      id: id ?? newId(),
      object: "text_completion",
      created: Math.floor((created ?? now()) / 1000),
      model: model || asked.model,
    };
  }

  return {
    name: "completions",
    streamType: "text/event-stream",
    readBy,
    readRequest: readCompletionRequest,
    writeResult: (result, asked) => ({
      ...headOf(result, asked),
      choices: [choiceOf(textOf(result), finishOf(result))],
      ...usageMember(result.usage),
      ...writeOwn(result),
    }),
    writer: (asked) => completionWriter(asked, (start) => headOf(start, asked)),
    writeError,
  };
}

type Finished = "stop" | "length" | "content_filter";

/** Nobody calls tools here. */
function finishOf({ finishReason }: Pick<ModelResult, "finishReason">): Finished {
  const reason = writeFinishReason(finishReason);
  return reason === "tool_calls" ? "stop" : reason;
}

function choiceOf(text: string, finish: Finished | null): JsonObject {
  return { text, index: 0, logprobs: null, finish_reason: finish };
}

/** Writes an answer as chunks, each with some of its text. */
function completionWriter(
  asked: ServedRequest,
  headOf: (start: Extract<ModelEvent, { type: "start" }>) => JsonObject,
): EventWriter {
  const streamUsage = "streamUsage" in asked && asked.streamUsage === true;
  const told = new Set<number>();
  let head = "";

  function chunk(members: JsonObject): string {
    return `${head}${JSON.stringify(members).slice(1)}\n\n`;
  }

  function say(index: number, text: string): string {
    told.add(index);
    return text === "" ? "" : chunk({ choices: [choiceOf(text, null)] });
  }

  function finish(event: Extract<ModelEvent, { type: "finish" }>): string {
    const last = chunk({ ...writeOwn(event), choices: [choiceOf("", finishOf(event))] });
    const counts = streamUsage ? usageMember(event.usage) : {};
    return `${last}${"usage" in counts ? chunk({ choices: [], ...counts }) : ""}data: [DONE]\n\n`;
  }

  return {
    write(event) {
      switch (event.type) {
        case "text-delta":
          return say(event.index, event.text);
        case "part":
          return event.part.type === "text" && !told.has(event.index) ? say(event.index, event.part.text) : "";
        case "start":
          head = `data: ${JSON.stringify(headOf(event)).slice(0, -1)},`;
          return "";
        case "finish":
          return finish(event);
        default: // nothing else has a form here
          return "";
      }
    },
    fail: (error) => `data: ${JSON.stringify(errorBody(error))}\n\n`,
  };
}

function randomId(): string {
  return `cmpl-${crypto.randomUUID().replaceAll("-", "")}`;
}
