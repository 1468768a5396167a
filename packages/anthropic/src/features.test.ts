import { recordedSamples } from "@plugboard/recordings";
import { testFeatures } from "@plugboard/testing/test-provider";
import { samples } from "../test/samples.ts";
import { anthropic } from "./anthropic.ts";
import { anthropicFeatures } from "./features.ts";

testFeatures("anthropic", ({ fetch, model }) => anthropic(model, { fetch, apiKey: "a-key" }), anthropicFeatures, [
  ...samples,
  ...recordedSamples("anthropic"),
]);
