import { ModelError } from "@plugboard/core";
import type { Json, JsonObject } from "@plugboard/core";
import { listOf, objectOf, parseJson, stringOf } from "@plugboard/wire";
import { mistralChat } from "../formats/mistral.ts";
import { openaiChat } from "../formats/openai-chat.ts";
import type { TrainingFormat, WrittenPair } from "./training-format.ts";

/** As OpenAI and Together have pairs. */
function inputAndOutputs({ prompt, tools, chosen, rejected }: WrittenPair): JsonObject {
  return {
    input: { messages: prompt, ...(tools !== undefined && { tools }) },
    preferred_output: chosen,
    non_preferred_output: rejected,
  };
}

/** As Axolotl's `chat_template.default` has pairs: the answers are one message each. */
function messagesAndAnswers({ prompt, tools, chosen, rejected }: WrittenPair): JsonObject {
  return {
    messages: prompt,
    chosen: chosen.at(-1) ?? null,
    rejected: rejected.at(-1) ?? null,
    ...(tools !== undefined && { tools }),
  };
}

/** As TRL has pairs. */
function promptAndAnswers({ prompt, tools, chosen, rejected }: WrittenPair): JsonObject {
  return { prompt, chosen, rejected, ...(tools !== undefined && { tools }) };
}

/** Mistral's validator wants a description of every tool; an empty one will do. https://github.com/mistralai/mistral-finetune */
function described(tool: JsonObject): JsonObject {
  const called = objectOf(tool["function"]) ?? {};
  return {
    ...tool,
    function: { ...called, description: called["description"] ?? "", parameters: called["parameters"] ?? {} },
  };
}

/** Templates of chats read arguments of calls as objects. */
function withObjects(message: JsonObject): JsonObject {
  const calls = message["tool_calls"];
  if (calls === undefined) return message;
  const read = listOf(calls).map((value): Json => {
    const call = objectOf(value) ?? {};
    const called = objectOf(call["function"]);
    const written = stringOf(called?.["arguments"]);
    if (!called || written === undefined) return value;
    try {
      return Object.assign(call, { function: Object.assign(called, { arguments: parseJson(written) }) });
    } catch {
      return value; // not JSON: as the model wrote it
    }
  });
  return { ...message, content: message["content"] ?? "", tool_calls: read };
}

/** The trainers whose sets can be written. The limits of OpenAI, Mistral and Together were read in their documentation on 2026-11-25. */
export const trainingFormats: readonly TrainingFormat[] = [
  {
    name: "openai",
    title: "OpenAI",
    source: "https://developers.openai.com/api/docs/guides/supervised-fine-tuning",
    notice:
      "OpenAI's fine-tuning is closed to new users since 2026-05-07, and makes no new models for others from 2027-01-06 on (https://developers.openai.com/api/docs/deprecations, read on 2026-11-25).",
    messages: openaiChat,
    pair: inputAndOutputs,
    fewest: 10,
    mostTokens: 65_536, // of gpt-4.1, gpt-4o and their smaller ones; "removes tokens from the end of the training example"
    // https://developers.openai.com/api/docs/guides/vision-fine-tuning
    images: {
      most: 10,
      mostBytes: 10e6,
      mediaTypes: ["image/jpeg", "image/png", "image/webp"],
      mostExamples: 50_000,
    },
    weights: true,
  },
  {
    name: "mistral",
    title: "Mistral",
    source: "https://docs.mistral.ai/capabilities/finetuning/text_vision_finetuning",
    messages: mistralChat,
    tool: described,
    systems: 1,
    mostBytes: 512e6, // https://docs.mistral.ai/resources/known-limitations
    weights: true, // https://github.com/mistralai/mistral-finetune#instruct
  },
  {
    name: "together",
    title: "Together",
    source: "https://docs.together.ai/docs/fine-tuning/data-preparation",
    messages: openaiChat,
    mostBytes: 100e9,
    weights: true,
    pair: inputAndOutputs,
  },
  {
    name: "axolotl",
    title: "Axolotl",
    source: "https://docs.axolotl.ai/docs/dataset-formats/conversation.html",
    messages: openaiChat,
    message: withObjects,
    pair: messagesAndAnswers,
  },
  {
    name: "huggingface",
    title: "Hugging Face TRL",
    source: "https://huggingface.co/docs/trl/dataset_formats",
    messages: openaiChat,
    message: withObjects,
    pair: promptAndAnswers,
  },
];

/**
 * The form of a trainer by its name.
 *
 * @throws {ModelError} `invalid-request` for a name that none has, with those that there are
 */
export function trainingFormatNamed(name: string): TrainingFormat {
  const found = trainingFormats.find((format) => format.name === name);
  if (found) return found;
  const names = trainingFormats.map((format) => format.name).join(", ");
  throw new ModelError(`There is no training format ${JSON.stringify(name)}; these are: ${names}.`, {
    code: "invalid-request",
  });
}
