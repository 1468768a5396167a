import type { Json } from "@plugboard/core";
import type { Conversation } from "../conversation.ts";
import { plugboardLines } from "../plugboard/plugboard-lines.ts";
import { isPair } from "./training-example.ts";
import type { TrainingExample } from "./training-example.ts";

/** An example as it is kept beside a training set, to be looked at and mended: its conversations as our own lines have them. */
export async function exampleAsJson(example: TrainingExample): Promise<Json> {
  if (!isPair(example)) return asLine(example);
  const { prompt, chosen, rejected } = example;
  return {
    prompt: await asLine(prompt),
    chosen: await asLine({ messages: [chosen] }),
    rejected: await asLine({ messages: [rejected] }),
  };
}

async function asLine(conversation: Conversation): Promise<Json> {
  return (await plugboardLines.write(conversation)).json;
}
