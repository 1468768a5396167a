import { ModelError } from "@plugboard/core";
import { aiSdkMessages } from "./ai-sdk/model-messages.ts";
import { aiSdkUiMessages } from "./ai-sdk/ui-messages.ts";
import { chatgptExport } from "./exports/chatgpt.ts";
import { claudeExport } from "./exports/claude.ts";
import type { Format } from "./format.ts";
import { anthropicMessages } from "./formats/anthropic.ts";
import { bedrockConverse } from "./formats/bedrock.ts";
import { chatMl } from "./formats/chatml.ts";
import { cohereChat } from "./formats/cohere.ts";
import { geminiContents } from "./formats/gemini.ts";
import { mistralChat } from "./formats/mistral.ts";
import { ollamaChat } from "./formats/ollama.ts";
import { openaiChat } from "./formats/openai-chat.ts";
import { openaiResponsesItems } from "./formats/openai-responses.ts";
import { shareGpt } from "./formats/sharegpt.ts";
import { plugboardLines } from "./plugboard/plugboard-lines.ts";

/** Every format that needs nothing of anybody else's; that of LangChain is in `@plugboard/transcript/langchain`. */
export const formats: readonly Format[] = [
  plugboardLines,
  openaiChat,
  openaiResponsesItems,
  anthropicMessages,
  geminiContents,
  mistralChat,
  cohereChat,
  bedrockConverse,
  ollamaChat,
  aiSdkMessages,
  aiSdkUiMessages,
  shareGpt,
  chatMl,
  chatgptExport,
  claudeExport,
];

/**
 * The format of a name, such as `anthropic`.
 *
 * @throws {ModelError} `invalid-request` for a name that none has, with those that there are
 */
export function formatNamed(name: string, known: readonly Format[] = formats): Format {
  const found = known.find((format) => format.name === name);
  if (found) return found;
  const names = known.map((format) => format.name).join(", ");
  throw new ModelError(`There is no format ${JSON.stringify(name)}; these are: ${names}.`, { code: "invalid-request" });
}
