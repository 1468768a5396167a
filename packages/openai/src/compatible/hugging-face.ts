import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** Open models through the router of Hugging Face. https://huggingface.co/docs/inference-providers */
export const huggingFace: ChatFactory = /* @__PURE__ */ compatible({
  provider: "huggingface",
  baseURL: "https://router.huggingface.co/v1",
  keyVariable: "HF_TOKEN",
  endsWithDone: true,
});
