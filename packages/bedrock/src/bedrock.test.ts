import { recordedFaults, recordedSamples, validator } from "@plugboard/recordings";
import { testProvider } from "@plugboard/testing/test-provider";
import { bedrock } from "./bedrock.ts";

const schemas = await validator();

testProvider(
  "bedrock",
  ({ fetch, model }) => bedrock(model, { fetch, region: "us-east-1", apiKey: "a-key" }),
  [...recordedSamples("bedrock"), ...recordedFaults("bedrock")],
  {
    ...(schemas && {
      requestErrors: (body, url) =>
        schemas.requestErrors("bedrock", body, url.endsWith("-stream") ? "converse-stream" : "converse"),
    }),
  },
);
