import { recordedSamples } from "@plugboard/recordings";
import { testFeatures } from "@plugboard/testing/test-provider";
import { samples } from "../test/samples.ts";
import { cohere } from "./cohere.ts";
import { cohereFeatures } from "./features.ts";

testFeatures("cohere", ({ fetch, model }) => cohere(model, { fetch, apiKey: "a-key" }), cohereFeatures, [
  ...samples,
  ...recordedSamples("cohere"),
]);
