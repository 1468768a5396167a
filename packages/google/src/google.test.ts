import type { Json } from "@plugboard/core";
import type { ProviderSample } from "@plugboard/testing";
import { recordedFaults, recordedSamples, validator } from "@plugboard/recordings";
import { testProvider } from "@plugboard/testing/test-provider";
import { google } from "./google.ts";
import { vertex } from "./vertex.ts";

const schemas = await validator();
const recorded = [...recordedSamples("google").map(marked), ...recordedFaults("google")];

/** A recording of the first Gemini: each of its chunks says STOP, so a stream that ends early looks whole to everyone. */
function marked(sample: ProviderSample): ProviderSample {
  if (sample.name !== "google/stream-unicode-01") return sample;
  return { ...sample, exercises: [...sample.exercises, "finish-on-every-event"] };
}
const options = { ...(schemas && { requestErrors: (body: Json) => schemas.requestErrors("gemini", body) }) };

testProvider("google", ({ fetch, model }) => google(model, { fetch, apiKey: "a-key" }), recorded, options);
