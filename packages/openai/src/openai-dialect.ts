import type { ChatDialect } from "./chat-completions/dialect.ts";
import { openaiModels } from "./openai-models.ts";

/** OpenAI itself, asked through chat completions. */
export const openaiDialect: ChatDialect = {
  provider: "openai",
  baseURL: "https://api.openai.com/v1",
  keyVariable: "OPENAI_API_KEY",
  maxTokens: "max_completion_tokens",
  endsWithDone: true,
  strict: true,
  providerTools: ["custom"],
  files: [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "application/pdf",
    "audio/wav",
    "audio/x-wav",
    "audio/mpeg",
    "audio/mp3",
  ],
  models: openaiModels,
};
