import { foundryFamilies } from "../azure-foundry/foundry-families.ts";
import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** Models of many makers with a token of GitHub's, named with their publisher: `openai/gpt-4.1`. */
export const githubModels: ChatFactory = /* @__PURE__ */ compatible({
  provider: "github-models",
  baseURL: "https://models.github.ai/inference",
  keyVariable: "GITHUB_TOKEN",
  provenBy: { by: "documentation", source: "https://docs.github.com/rest/models/inference", date: "2026-11" },
  endsWithDone: true,
  families: foundryFamilies,
});
