import { compatibleCompletion } from "./compatible-completion.ts";
import type { ChatFactory } from "./compatible.ts";
import { mistral } from "./mistral.ts";

/** Codestral, filling in the middle at Mistral, under whatever name. https://docs.mistral.ai/api/endpoint/fim */
export const codestral: ChatFactory = /* @__PURE__ */ compatibleCompletion({
  ...mistral.dialect,
  completions: { ...mistral.dialect.completions, models: /^/ },
});
