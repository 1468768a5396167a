import { recordedFaults, recordedSamples, validator } from "@plugboard/recordings";
import { testProvider } from "@plugboard/testing/test-provider";
import { afterEach, describe, expect, test, vi } from "vitest";
import { listening } from "../test/listening.ts";
import { samples } from "../test/samples.ts";
import { azureAnthropic } from "./azure-anthropic.ts";

const schemas = await validator();
const endpoint = "https://my-resource.services.ai.azure.com";

testProvider(
  "Claude on Azure AI Foundry",
  ({ fetch, model }) => azureAnthropic(model, { fetch, endpoint, apiKey: "a-key" }),
  [...samples, ...recordedSamples("anthropic"), ...recordedFaults("anthropic")],
  { ...(schemas && { requestErrors: (body) => schemas.requestErrors("anthropic-messages-2023-06-01", body) }) },
);

afterEach(() => void vi.unstubAllEnvs());

describe("Claude on Azure AI Foundry", () => {
  test("is asked at the resource, with the key, the version and the beta features in headers", async () => {
    const { fetch, sent } = listening();
    const model = azureAnthropic("my-claude", { fetch, endpoint, apiKey: "a-key", beta: ["one-2026-01-01"] });
    await model.generate("Hello");
    expect(sent[0]!.url).toBe(`${endpoint}/anthropic/v1/messages`);
    expect(Object.fromEntries(sent[0]!.headers)).toMatchObject({
      "x-api-key": "a-key",
      "anthropic-version": "2023-06-01",
      "anthropic-beta": "one-2026-01-01",
    });
    expect(sent[0]!.body["model"]).toBe("my-claude");
    expect(model.provider).toBe("azure");
  });

  test("lets an Entra token in, asked for at every call, and no key beside it", async () => {
    const { fetch, sent } = listening();
    let turn = 0;
    const model = azureAnthropic("my-claude", { fetch, endpoint, token: () => `token-${++turn}`, apiKey: "a-key" });
    await model.generate("Hello");
    await model.generate("Hello");
    expect(sent.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer token-1", "Bearer token-2"]);
    expect(sent[0]!.headers.get("x-api-key")).toBeNull();
  });

  test("is found however the endpoint was copied, and by the environment at every call", async () => {
    const { fetch, sent } = listening();
    for (const copied of [endpoint, `${endpoint}/anthropic/`, `${endpoint}/anthropic/v1/messages`]) {
      await azureAnthropic("c", { fetch, apiKey: "k", endpoint: copied }).generate("Hello");
    }
    const model = azureAnthropic("c", { fetch, apiKey: "k" });
    vi.stubEnv("ANTHROPIC_FOUNDRY_RESOURCE", "my-resource");
    await model.generate("Hello");
    vi.stubEnv("ANTHROPIC_FOUNDRY_BASE_URL", "https://proxy.example/anthropic");
    await model.generate("Hello");
    const url = `${endpoint}/anthropic/v1/messages`;
    expect(sent.map((each) => each.url)).toEqual([url, url, url, url, "https://proxy.example/anthropic/v1/messages"]);
  });

  test("says what is missing, and refuses a resource that would lead the key elsewhere", async () => {
    for (const name of ["RESOURCE", "BASE_URL", "API_KEY"]) vi.stubEnv(`ANTHROPIC_FOUNDRY_${name}`, "");
    const { fetch, sent } = listening();
    await expect(azureAnthropic("c", { fetch, apiKey: "k" }).generate("Hello")).rejects.toMatchObject({
      code: "invalid-request",
      message: expect.stringContaining("ANTHROPIC_FOUNDRY_BASE_URL or ANTHROPIC_FOUNDRY_RESOURCE"),
    });
    await expect(azureAnthropic("c", { fetch, endpoint }).generate("Hello")).rejects.toMatchObject({
      code: "auth",
      message: expect.stringContaining("ANTHROPIC_FOUNDRY_API_KEY"),
    });
    vi.stubEnv("ANTHROPIC_FOUNDRY_RESOURCE", "evil.example/x");
    expect(() => azureAnthropic("c", { fetch, apiKey: "k" })).toThrow(/must be the name of a resource/);
    expect(sent).toEqual([]);
  });

  test("looks up what a deployment takes by its catalogue name", async () => {
    const { fetch, sent } = listening();
    const model = azureAnthropic("mine", { fetch, endpoint, apiKey: "k", catalogId: "claude-opus-4-8" });
    const { warnings } = await model.generate({ messages: [{ role: "user", content: "Hello" }], temperature: 0.5 });
    expect(warnings).toMatchObject([{ code: "dropped", path: "temperature" }]);
    expect(sent[0]!.body).toMatchObject({ model: "mine" });
    expect(model.catalogId).toBe("claude-opus-4-8");
  });

  test("counts tokens", async () => {
    const { fetch, sent } = listening({ input_tokens: 42 });
    const model = azureAnthropic("mine", { fetch, endpoint, apiKey: "k" });
    expect(await model.countTokens("Hello")).toMatchObject({ tokens: 42 });
    expect(sent[0]!.url).toBe(`${endpoint}/anthropic/v1/messages/count_tokens`);
    expect(sent[0]!.headers.get("x-api-key")).toBe("k");
  });
});
