import { gapMarks } from "../completions/gap-marks.ts";
import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** A llama.cpp server of one's own. */
export const llamaCpp: ChatFactory = /* @__PURE__ */ compatible({
  provider: "llamacpp",
  baseURL: "http://localhost:8080/v1",
  provenBy: {
    by: "documentation",
    source: "https://github.com/ggml-org/llama.cpp/tree/master/tools/server",
    date: "2026-11",
  },
  endsWithDone: true,
  completions: { form: gapMarks },
});
