import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** Open models through the router of Hugging Face. */
export const huggingFace: ChatFactory = /* @__PURE__ */ compatible({
  provider: "huggingface",
  baseURL: "https://router.huggingface.co/v1",
  keyVariable: "HF_TOKEN",
  provenBy: { by: "recordings", source: "https://huggingface.co/docs/inference-providers", date: "2026-11" },
  endsWithDone: true,
});
