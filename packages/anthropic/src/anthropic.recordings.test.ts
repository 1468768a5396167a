import { recordedFaults, recordedSamples, validator } from "@plugboard/recordings";
import { testProvider } from "@plugboard/testing/test-provider";
import { anthropic } from "./anthropic.ts";

const schemas = await validator();

for (const [version, schema] of [
  ["2023-06-01", "anthropic-messages-2023-06-01"],
  ["2026-10-21", "anthropic-messages"],
] as const) {
  testProvider(
    `anthropic, API version ${version}`,
    ({ fetch, model }) => anthropic(model, { fetch, version, apiKey: "a-key" }),
    [...recordedSamples("anthropic"), ...recordedFaults("anthropic")],
    { ...(schemas && { requestErrors: (body) => schemas.requestErrors(schema, body) }) },
  );
}
