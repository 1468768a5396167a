import { recordedSamples } from "@plugboard/recordings";
import { testFeatures } from "@plugboard/testing/test-provider";
import { samples } from "../test/samples.ts";
import { anthropic } from "./anthropic.ts";
import { azureAnthropic } from "./azure-anthropic.ts";
import { bedrockAnthropic } from "./bedrock-anthropic.ts";
import {
  anthropicFeatures,
  azureAnthropicFeatures,
  bedrockAnthropicFeatures,
  vertexAnthropicFeatures,
} from "./features.ts";
import { vertexAnthropic } from "./vertex-anthropic.ts";

testFeatures("anthropic", ({ fetch, model }) => anthropic(model, { fetch, apiKey: "a-key" }), anthropicFeatures, [
  ...samples,
  ...recordedSamples("anthropic"),
]);

testFeatures(
  "Claude on Azure",
  ({ fetch, model }) => azureAnthropic(model, { fetch, apiKey: "a-key", endpoint: "https://r.services.ai.azure.com" }),
  azureAnthropicFeatures,
  samples,
);
testFeatures(
  "Claude on Bedrock",
  ({ fetch, model }) => bedrockAnthropic(model, { fetch, apiKey: "a-key", region: "us-east-1" }),
  bedrockAnthropicFeatures,
);
testFeatures(
  "Claude on Vertex",
  ({ fetch, model }) => vertexAnthropic(model, { fetch, project: "my-project", location: "global", token: "a-token" }),
  vertexAnthropicFeatures,
  samples,
);
