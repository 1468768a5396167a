import { recordedFaults, recordedSamples, validator } from "@plugboard/recordings";
import { testProvider } from "@plugboard/testing/test-provider";
import { azure } from "./azure.ts";
import { openaiSamples } from "./openai.samples.ts";
import { openai } from "./openai.ts";

const schemas = await validator();
const options = schemas && { requestErrors: (body: unknown) => schemas.requestErrors("openai-chat", body) };

testProvider(
  "openai",
  ({ fetch, model }) => openai(model, { fetch, apiKey: "key" }),
  [...openaiSamples, ...recordedSamples("openai-chat"), ...recordedFaults("openai-chat")],
  options,
);

testProvider(
  "azure",
  ({ fetch, model }) => azure(model, { fetch, apiKey: "key", endpoint: "https://resource.openai.azure.com" }),
  [...openaiSamples, ...recordedSamples("azure"), ...recordedFaults("azure")],
  options,
);
