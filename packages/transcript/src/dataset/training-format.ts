import type { Json, JsonObject } from "@plugboard/core";
import type { Conversation } from "../conversation.ts";
import type { Format, Loss } from "../format.ts";
import { isPair } from "./training-example.ts";
import type { PreferencePair, TrainingExample } from "./training-example.ts";

/** The form that a trainer reads examples in, as data. */
export interface TrainingFormat {
  /** What it is asked for by: `openai`, `huggingface`. */
  readonly name: string;
  readonly title: string;
  /** Where what is said here is documented. */
  readonly source: string;
  /** Whom the trainer does not serve any more: a sentence with its date and its source. */
  readonly notice?: string;
  /** How the messages are written. */
  readonly messages: Format;
  /** Changes each message as the trainer has it. @default they are as the format writes them */
  readonly message?: (message: JsonObject) => JsonObject;
  /** Changes each tool as the trainer has it. @default they are as the format writes them */
  readonly tool?: (tool: JsonObject) => JsonObject;
  /** How many messages of the system an example may have. @default any number */
  readonly systems?: number;
  /** How a pair is written, where the trainer learns from pairs. */
  readonly pair?: (pair: WrittenPair) => JsonObject;
  /** How many examples it wants at least. @default 1 */
  readonly fewest?: number;
  /** Tokens of an example that it learns from; it cuts the rest off. @default not documented */
  readonly mostTokens?: number;
  /** Bytes that a file may have. @default not documented */
  readonly mostBytes?: number;
  /** Which images it learns from. @default not documented */
  readonly images?: ImageLimits;
  /** Whether a message of the model with `weight` 0 is read and not learnt. @default false */
  readonly weights?: boolean;
}

/** Which images a trainer learns from. They are what users send; no answer has any. */
export interface ImageLimits {
  /** Of an example. */
  readonly most: number;
  /** Of an image. */
  readonly mostBytes: number;
  readonly mediaTypes: readonly string[];
  /** Examples with images that a file may have. */
  readonly mostExamples: number;
}

/** A pair in the words of the format. */
export interface WrittenPair {
  readonly prompt: readonly Json[];
  readonly tools: Json | undefined;
  readonly chosen: readonly Json[];
  readonly rejected: readonly Json[];
}

/** An example as a line of a training set, and what of it is not in it. */
export interface WrittenExample {
  readonly json: JsonObject;
  readonly losses: readonly Loss[];
}

/** Writes an example as a trainer reads it. */
export async function writeExample(
  example: TrainingExample,
  format: TrainingFormat,
  learn: "every" | "last" = "every",
): Promise<WrittenExample> {
  if (!isPair(example)) {
    const { messages: all, tools, losses } = await written(example, format);
    const messages = learn === "last" ? withWeights(all) : all;
    return { json: { messages, ...(tools !== undefined && { tools }) }, losses };
  }
  const { prompt, chosen, rejected } = await writtenPair(example, format);
  const pair = { prompt: prompt.messages, tools: prompt.tools, chosen: chosen.messages, rejected: rejected.messages };
  return { json: format.pair!(pair), losses: [...prompt.losses, ...chosen.losses, ...rejected.losses] };
}

/** All answers but the last weigh nothing. */
function withWeights(messages: readonly JsonObject[]): readonly JsonObject[] {
  return messages.map((message, place) =>
    message["role"] === "assistant" && place < messages.length - 1 ? { ...message, weight: 0 } : message,
  );
}

async function writtenPair(
  { prompt, chosen, rejected }: PreferencePair,
  format: TrainingFormat,
): Promise<Record<"prompt" | "chosen" | "rejected", Written>> {
  const asked = await written(prompt, format);
  const answer = async (message: PreferencePair["chosen"]): Promise<Written> => {
    const whole = await written({ ...prompt, messages: [...prompt.messages, message] }, format);
    const losses = whole.losses.filter(({ path }) => path.startsWith(`messages[${prompt.messages.length}]`));
    return { ...whole, messages: whole.messages.slice(asked.messages.length), losses };
  };
  return { prompt: asked, chosen: await answer(chosen), rejected: await answer(rejected) };
}

interface Written {
  readonly messages: readonly JsonObject[];
  readonly tools: Json | undefined;
  readonly losses: readonly Loss[];
}

async function written(
  conversation: Conversation,
  { messages: format, message, tool }: TrainingFormat,
): Promise<Written> {
  const { json, losses } = await format.write(conversation);
  const { messages, tools } = json as {
    readonly messages: readonly JsonObject[];
    readonly tools?: readonly JsonObject[];
  };
  return {
    messages: message ? messages.map(message) : messages,
    tools: tool && tools ? tools.map(tool) : tools,
    // What an application knows of a conversation is nothing that a model learns.
    losses: losses.filter(({ what }) => !notLearnt.has(what)),
  };
}

const notLearnt = new Set(["id", "title", "created", "model", "boundary", "raw"]);
