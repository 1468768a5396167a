import { recordedSamples } from "@plugboard/recordings";
import { testFeatures } from "@plugboard/testing/test-provider";
import { samples } from "../test/samples.ts";
import { bedrock } from "./bedrock.ts";
import { bedrockFeatures } from "./features.ts";

testFeatures(
  "bedrock",
  ({ fetch, model }) => bedrock(model, { fetch, region: "us-east-1", apiKey: "a-key" }),
  bedrockFeatures,
  [...samples, ...recordedSamples("bedrock")],
);
