import { recordedSamples } from "@plugboard/recordings";
import { testFeatures } from "@plugboard/testing/test-provider";
import { azureFoundry } from "./azure-foundry/azure-foundry.ts";
import { azure } from "./azure.ts";
import type { ChatFactory } from "./compatible/compatible.ts";
import * as vendors from "./compatible/index.ts";
import {
  azureFeatures,
  azureFoundryFeatures,
  azureResponsesFeatures,
  compatibleFeatures,
  openaiFeatures,
  openaiResponsesFeatures,
  xaiResponsesFeatures,
} from "./features.ts";
import { openai } from "./openai.ts";
import { azureResponses } from "./responses/azure-responses.ts";
import { openaiResponses } from "./responses/openai-responses.ts";
import { xaiResponses } from "./responses/xai-responses.ts";

const endpoint = "https://resource.openai.azure.com";

testFeatures("openai", ({ fetch, model }) => openai(model, { fetch, apiKey: "key" }), openaiFeatures);
testFeatures("azure", ({ fetch, model }) => azure(model, { fetch, apiKey: "key", endpoint }), azureFeatures);
testFeatures(
  "azure foundry",
  ({ fetch, model }) =>
    azureFoundry(model, { fetch, apiKey: "key", endpoint: "https://resource.services.ai.azure.com" }),
  azureFoundryFeatures,
);
testFeatures(
  "openai responses",
  ({ fetch, model }) => openaiResponses(model, { fetch, apiKey: "key" }),
  openaiResponsesFeatures,
  recordedSamples("openai-responses"),
);
testFeatures(
  "azure responses",
  ({ fetch, model }) => azureResponses(model, { fetch, apiKey: "key", endpoint }),
  azureResponsesFeatures,
);
testFeatures(
  "xai responses",
  ({ fetch, model }) => xaiResponses(model, { fetch, apiKey: "key" }),
  xaiResponsesFeatures,
  recordedSamples("xai-responses"),
);

for (const [name, features] of Object.entries(compatibleFeatures)) {
  const factory = (vendors as unknown as Readonly<Record<string, ChatFactory>>)[name]!;
  testFeatures(name, ({ fetch, model }) => factory(model, { fetch, apiKey: "key" }), features);
}
