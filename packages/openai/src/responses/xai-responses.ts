import { xaiModels } from "../xai-models.ts";
import { responsesFactory } from "./responses-factory.ts";
import type { ResponsesFactory } from "./responses-factory.ts";

/** Grok, asked through the responses protocol. https://docs.x.ai/docs/api-reference#create-new-response */
export const xaiResponses: ResponsesFactory = /* @__PURE__ */ responsesFactory({
  provider: "xai",
  baseURL: "https://api.x.ai/v1",
  keyVariable: "XAI_API_KEY",
  encrypts: "all",
  files: ["image/png", "image/jpeg"],
  models: xaiModels,
});
