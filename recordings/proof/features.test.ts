import * as anthropicPackage from "@plugboard/anthropic";
import * as bedrockPackage from "@plugboard/bedrock";
import * as coherePackage from "@plugboard/cohere";
import * as googlePackage from "@plugboard/google";
import * as ollamaPackage from "@plugboard/ollama";
import * as openaiPackage from "@plugboard/openai";
import { recordedSamples, sharedHas } from "@plugboard/recordings";
import { expect, test } from "vitest";
import { anthropicFeatures } from "../../packages/anthropic/src/features.ts";
import { bedrockFeatures } from "../../packages/bedrock/src/features.ts";
import { cohereFeatures } from "../../packages/cohere/src/features.ts";
import { googleFeatures } from "../../packages/google/src/features.ts";
import { ollamaFeatures } from "../../packages/ollama/src/features.ts";
import {
  azureFeatures,
  azureFoundryFeatures,
  azureResponsesFeatures,
  openaiFeatures,
  openaiResponsesFeatures,
  xaiResponsesFeatures,
} from "../../packages/openai/src/features.ts";

const folders = {
  "openai-chat": openaiFeatures,
  azure: azureFeatures,
  "openai-responses": openaiResponsesFeatures,
  "azure-responses": azureResponsesFeatures,
  "xai-responses": xaiResponsesFeatures,
  anthropic: anthropicFeatures,
  google: googleFeatures,
  cohere: cohereFeatures,
  bedrock: bedrockFeatures,
  ollama: ollamaFeatures,
} as const;

const counts = Object.entries(folders).map(
  ([folder, features]) => [folder, features, recordedSamples(folder).length] as const,
);
const reason = sharedHas("fixtures") ? "" : "; skipped: the recordings are not there";

test(`what says that recordings prove it has some, and nothing else does${reason}`, { skip: reason !== "" }, () => {
  for (const [folder, { provenBy }, count] of counts)
    expect([folder, provenBy]).toStrictEqual([folder, count > 0 ? "recordings" : "documentation"]);
});

const packages = [
  [anthropicPackage, "anthropic", anthropicFeatures],
  [bedrockPackage, "bedrock", bedrockFeatures],
  [coherePackage, "cohere", cohereFeatures],
  [googlePackage, "google", googleFeatures],
  [ollamaPackage, "ollama", ollamaFeatures],
  [openaiPackage, "openai", openaiFeatures],
  [openaiPackage, "azure", azureFeatures],
  [openaiPackage, "azureFoundry", azureFoundryFeatures],
] as const;

test.for(packages)("%# a package that embeds or reranks is declared to", ([exported, name, features]) => {
  expect([name, features.embeddings, features.rerank]).toStrictEqual([
    name,
    `${name}Embedding` in exported,
    `${name}Rerank` in exported,
  ]);
});
