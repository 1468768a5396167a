import { anthropicRoutes } from "@plugboard/anthropic/serve";
import { bedrockRoutes } from "@plugboard/bedrock/serve";
import { cohereRoutes } from "@plugboard/cohere/serve";
import { googleRoutes } from "@plugboard/google/serve";
import { ollamaRoutes } from "@plugboard/ollama/serve";
import { openaiRoutes } from "@plugboard/openai/serve";
import type { Written } from "@plugboard/wire";
import type { ChatRoute } from "@plugboard/wire/serve";

/** Where the providers' own paths ask a chat model. */
export function usualRoutes(): readonly ChatRoute<Written>[] {
  const routes = [
    ...openaiRoutes(),
    ...anthropicRoutes(),
    ...googleRoutes(),
    ...cohereRoutes(),
    ...ollamaRoutes(),
    ...bedrockRoutes(),
  ];
  return routes.filter((route) => route.kind === "chat");
}
