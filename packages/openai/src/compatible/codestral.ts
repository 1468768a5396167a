import { compatibleCompletion } from "./compatible-completion.ts";
import type { ChatFactory } from "./compatible.ts";

/** Codestral, filling in the middle at Mistral. https://docs.mistral.ai/api/endpoint/fim */
export const codestral: ChatFactory = /* @__PURE__ */ compatibleCompletion({
  provider: "mistral",
  baseURL: "https://api.mistral.ai/v1",
  keyVariable: "MISTRAL_API_KEY",
  endsWithDone: true,
  completions: {
    path: "/fim/completions",
    seed: "random_seed",
    refuses: ["presencePenalty", "frequencyPenalty"],
    streamUsage: false,
  },
});
