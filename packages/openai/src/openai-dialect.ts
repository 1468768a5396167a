import type { ChatDialect } from "./chat-completions/dialect.ts";
import { openaiModels } from "./openai-models.ts";

/** What OpenAI's models read in chat completions. */
export const openaiFiles: readonly string[] = [
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "application/pdf",
  "audio/wav",
  "audio/x-wav",
  "audio/mpeg",
  "audio/mp3",
];

/** OpenAI itself, asked through chat completions. */
export const openaiDialect: ChatDialect = {
  provider: "openai",
  baseURL: "https://api.openai.com/v1",
  keyVariable: "OPENAI_API_KEY",
  maxTokens: "max_completion_tokens",
  endsWithDone: true,
  strict: true,
  providerTools: ["custom"],
  files: openaiFiles,
  models: openaiModels,
  completions: { models: /^gpt-3\.5-turbo-instruct/ },
  // At most 2,048 texts and 300,000 tokens a request. https://platform.openai.com/docs/api-reference/embeddings/create
  embeddings: {
    encoding: "base64",
    batch: { values: 2048, bytes: 300_000 },
    models: [{ models: /ada-002/, dimensions: false }],
  },
};
