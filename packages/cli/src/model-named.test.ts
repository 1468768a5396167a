import { expect, test } from "vitest";
import { providerNames } from "@plugboard/gateway/config";
import { modelNamed } from "./model-named.ts";

test.each([
  ["openai/gpt-4o", "openai", "gpt-4o"],
  ["anthropic/claude-haiku-4-5", "anthropic", "claude-haiku-4-5"],
  ["groq/llama-3.3-70b-versatile", "groq", "llama-3.3-70b-versatile"],
  ["openrouter/meta-llama/llama-3.3-70b-instruct", "openrouter", "meta-llama/llama-3.3-70b-instruct"],
  ["mistral/mistral-small-latest", "mistral", "mistral-small-latest"],
  ["openaiResponses/gpt-5", "openai", "gpt-5"],
])("%s is a model of %s", async (name, provider, id) => {
  await expect(modelNamed(name)).resolves.toMatchObject({ provider, id });
});

test("every provider that is named makes models", async () => {
  // Vertex is of a project, which no name says.
  for (const provider of providerNames.filter((name) => name !== "vertex")) {
    await expect(modelNamed(`${provider}/any`)).resolves.toMatchObject({ id: "any" });
  }
});

test.each(["gpt-4o", "/gpt-4o", "openai/"])("%j is no name of a model", async (name) => {
  await expect(modelNamed(name)).rejects.toMatchObject({ code: "invalid-request" });
});

test("a provider that there is none of is named with those that there are", async () => {
  await expect(modelNamed("__proto__/x")).rejects.toThrow(/There is no provider "__proto__"; these are: .*anthropic/);
});
