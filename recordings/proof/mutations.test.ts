import { compatibleCompletion, vllm } from "@plugboard/openai/compatible";
import { recordedSamples } from "@plugboard/recordings";
import { testMutations } from "@plugboard/testing/test-provider";
import { completionSamples, fimSamples } from "../../packages/openai/src/completions/completions.samples.ts";
import { adapters } from "./adapters.ts";

// `pnpm fuzz` sets both.
const count = Number(process.env["PLUGBOARD_FUZZ"] ?? 150);
const seed = Number(process.env["PLUGBOARD_FUZZ_SEED"] ?? 1);

/** One adapter for each protocol. */
const protocols = ["openai", "openai responses", "anthropic", "google", "cohere", "bedrock", "ollama"] as const;

for (const name of protocols) {
  const { create, samples, recordings } = adapters.find((adapter) => adapter.name === name)!;
  testMutations(name, ({ fetch, model }) => create(model, { fetch }), [...samples, ...recordedSamples(...recordings)], {
    count,
    seed,
  });
}

testMutations(
  "completions",
  ({ fetch, model }) => compatibleCompletion(vllm.dialect)(model, { fetch }),
  [...completionSamples, ...fimSamples],
  { count, seed },
);
