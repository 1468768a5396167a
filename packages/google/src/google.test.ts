import { recordedFaults, recordedSamples, validator } from "@plugboard/recordings";
import { testProvider } from "@plugboard/testing/test-provider";
import { google } from "./google.ts";
import { vertex } from "./vertex.ts";

const schemas = await validator();
const recorded = [...recordedSamples("google"), ...recordedFaults("google")];
const options = { ...(schemas && { requestErrors: (body: unknown) => schemas.requestErrors("gemini", body) }) };

testProvider("google", ({ fetch, model }) => google(model, { fetch, apiKey: "a-key" }), recorded, options);
