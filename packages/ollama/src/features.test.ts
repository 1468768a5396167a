import { recordedSamples } from "@plugboard/recordings";
import { testFeatures } from "@plugboard/testing/test-provider";
import { ollamaFeatures } from "./features.ts";
import { samples } from "./ollama.samples.ts";
import { ollama } from "./ollama.ts";

testFeatures(
  "ollama",
  ({ fetch, model }) => ollama(model, { fetch, baseURL: "http://127.0.0.1:11434" }),
  ollamaFeatures,
  [...samples, ...recordedSamples("ollama")],
);
