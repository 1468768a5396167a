import { recordedSamples, validator } from "@plugboard/recordings";
import { testProvider } from "@plugboard/testing/test-provider";
import type { Json, JsonObject } from "@plugboard/core";
import { describe, expect, test } from "vitest";
import { listening } from "../test/listening.ts";
import { samples } from "../test/samples.ts";
import { vertexAnthropic } from "./vertex-anthropic.ts";

const schemas = await validator();
const place = { project: "my-project", location: "europe-west1", token: "a-token" };
const base = "https://europe-west1-aiplatform.googleapis.com/v1/projects/my-project/locations/europe-west1";

testProvider(
  "Claude on Vertex AI",
  ({ fetch, model }) => vertexAnthropic(model, { fetch, ...place }),
  [...samples, ...recordedSamples("anthropic")],
  { ...(schemas && { requestErrors }) },
);

/** The body but for what the platform puts otherwise. */
function requestErrors(body: Json): readonly unknown[] {
  const { anthropic_version: version, ...rest } = body as JsonObject;
  if (version !== "vertex-2023-10-16" || "model" in rest) return ["the platform's members are not as they should be"];
  return schemas!.requestErrors("anthropic-messages-2023-06-01", { model: "in the path", ...rest });
}

describe("Claude on Vertex AI", () => {
  test("is asked where the project is, whole and as a stream, with a token and beta features in headers", async () => {
    const { fetch, sent } = listening();
    const id = "claude-sonnet-4-5@20250929";
    const model = vertexAnthropic(id, { fetch, ...place, token: () => "renewed", beta: ["one-2026-01-01"] });
    await model.generate("Hello");
    await (await model.stream("Hello")).result();
    const url = `${base}/publishers/anthropic/models/${id}`;
    expect(sent.map((each) => each.url)).toEqual([`${url}:rawPredict`, `${url}:streamRawPredict`]);
    expect(sent.map(({ body }) => body["stream"])).toEqual([undefined, true]);
    expect(sent[0]!.body).toEqual({
      anthropic_version: "vertex-2023-10-16",
      max_tokens: 16_000,
      messages: [{ role: "user", content: [{ type: "text", text: "Hello" }] }],
    });
    expect(Object.fromEntries(sent[0]!.headers)).toMatchObject({
      authorization: "Bearer renewed",
      "anthropic-beta": "one-2026-01-01",
    });
    expect(sent[0]!.headers.get("anthropic-version")).toBeNull();
    expect(model.provider).toBe("vertex");
  });

  test("goes to the global endpoint, or to a base URL, and nowhere that would lead the token elsewhere", async () => {
    const { fetch, sent } = listening();
    await vertexAnthropic("c", { fetch, project: "p", token: "t" }).generate("Hello");
    await vertexAnthropic("c", { fetch, project: "p", token: "t", baseURL: "https://proxy.example/v1/" }).generate(
      "Hello",
    );
    const path = "/v1/projects/p/locations/global/publishers/anthropic/models/c:rawPredict";
    expect(sent.map(({ url }) => url)).toEqual([
      `https://aiplatform.googleapis.com${path}`,
      `https://proxy.example${path}`,
    ]);
    expect(() => vertexAnthropic("c", { ...place, location: "evil.example/" })).toThrow(/`location` must be made of/);
  });

  test("holds answers and tools to a schema only where the organization lets it", async () => {
    const schema = {
      type: "object",
      properties: { n: { type: "integer" } },
      required: ["n"],
      additionalProperties: false,
    };
    const request = {
      messages: [{ role: "user", content: "?" }] as const,
      tools: [{ name: "add", input: schema, strict: true }],
      output: { schema },
    };
    const usual = await vertexAnthropic("claude-sonnet-4-6@default", place).plan(request);
    expect(usual.body).not.toHaveProperty("output_config");
    expect(usual.body["tools"]).toMatchObject([{ name: "add" }, { name: "output" }]);
    expect(JSON.stringify(usual.body)).not.toContain('"strict"');
    expect(usual.warnings.map(({ path }) => path)).toEqual(["output", "tools[0].strict"]);

    const allowed = await vertexAnthropic("claude-sonnet-4-6@default", { ...place, structuredOutputs: true }).plan(
      request,
    );
    expect(allowed.body).toMatchObject({ output_config: { format: { schema } }, tools: [{ strict: true }] });
    expect(allowed.warnings).toEqual([]);
  });

  test("takes files by their bytes alone", async () => {
    const file = (data: Uint8Array | URL): Parameters<ReturnType<typeof vertexAnthropic>["plan"]>[0] => ({
      messages: [{ role: "user", content: [{ type: "file", mediaType: "image/png", data }] }],
    });
    const model = vertexAnthropic("claude-sonnet-4-6@default", place);
    await expect(model.plan(file(new URL("https://a.example/b.png")))).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("messages[0].content[0]"),
    });
    await expect(model.plan(file(new Uint8Array([1])))).resolves.toMatchObject({ warnings: [] });
  });

  test("counts tokens by the model's name in the body", async () => {
    const { fetch, sent } = listening({ input_tokens: 42 });
    const model = vertexAnthropic("claude-sonnet-4-6@default", { fetch, ...place });
    expect(await model.countTokens("Hello")).toMatchObject({ tokens: 42 });
    expect(sent[0]).toMatchObject({
      url: `${base}/publishers/anthropic/models/count-tokens:rawPredict`,
      body: { model: "claude-sonnet-4-6@default", anthropic_version: "vertex-2023-10-16" },
    });
    expect(sent[0]!.body).not.toHaveProperty("max_tokens");
  });

  test("without a token is refused before anything is sent, and says how to give one", async () => {
    const { fetch, sent } = listening();
    await expect(vertexAnthropic("c", { fetch, project: "p" }).generate("Hello")).rejects.toMatchObject({
      code: "auth",
      message: expect.stringContaining("the option token, or set the variable GOOGLE_CLOUD_ACCESS_TOKEN"),
    });
    expect(sent).toEqual([]);
  });
});
