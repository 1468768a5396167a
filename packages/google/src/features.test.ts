import { recordedSamples } from "@plugboard/recordings";
import { testFeatures } from "@plugboard/testing/test-provider";
import { samples } from "../test/samples.ts";
import { googleFeatures, vertexFeatures } from "./features.ts";
import { google } from "./google.ts";
import { vertex } from "./vertex.ts";

const all = [...samples, ...recordedSamples("google")];
testFeatures("google", ({ fetch, model }) => google(model, { fetch, apiKey: "a-key" }), googleFeatures, all);
testFeatures(
  "vertex",
  ({ fetch, model }) => vertex(model, { fetch, project: "a-project", token: "a-token" }),
  vertexFeatures,
  all,
);
