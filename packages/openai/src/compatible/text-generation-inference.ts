import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** A server of one's own with Hugging Face's Text Generation Inference. */
export const textGenerationInference: ChatFactory = /* @__PURE__ */ compatible({
  provider: "tgi",
  baseURL: "http://localhost:8080/v1",
  provenBy: {
    by: "documentation",
    source: "https://huggingface.co/docs/text-generation-inference/messages_api",
    date: "2026-11",
  },
  endsWithDone: true,
});
