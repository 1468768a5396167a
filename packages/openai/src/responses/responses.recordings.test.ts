import { recordedFaults, recordedSamples, validator } from "@plugboard/recordings";
import { testProvider } from "@plugboard/testing/test-provider";
import { azureResponses } from "./azure-responses.ts";
import { openaiResponses } from "./openai-responses.ts";
import { responsesSamples } from "./responses.samples.ts";
import { xaiResponses } from "./xai-responses.ts";

const schemas = await validator();
const options = schemas && { requestErrors: (body: unknown) => schemas.requestErrors("openai-responses", body) };

testProvider(
  "openai responses",
  ({ fetch, model }) => openaiResponses(model, { fetch, apiKey: "key" }),
  [...responsesSamples, ...recordedSamples("openai-responses"), ...recordedFaults("openai-responses")],
  options,
);

testProvider(
  "azure responses",
  ({ fetch, model }) => azureResponses(model, { fetch, apiKey: "key", endpoint: "https://resource.openai.azure.com" }),
  [...responsesSamples, ...recordedSamples("azure-responses")],
  options,
);

testProvider(
  "xai responses",
  ({ fetch, model }) => xaiResponses(model, { fetch, apiKey: "key" }),
  [...responsesSamples, ...recordedSamples("xai-responses")],
  options,
);
