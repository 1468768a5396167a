import { awsFrame, recordedFaults, recordedSamples, validator } from "@plugboard/recordings";
import { testProvider } from "@plugboard/testing/test-provider";
import type { Json, JsonObject } from "@plugboard/core";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { inChunks } from "../test/in-chunks.ts";
import { listening } from "../test/listening.ts";
import { samples } from "../test/samples.ts";
import { bedrockAnthropic } from "./bedrock-anthropic.ts";

const schemas = await validator();
const access = { region: "us-east-1", apiKey: "a-key" };
const base = "https://bedrock-runtime.us-east-1.amazonaws.com/model";

testProvider(
  "Claude on Bedrock by InvokeModel",
  ({ fetch, model }) => bedrockAnthropic(model, { fetch, ...access }),
  [...samples.map(inChunks), ...recordedSamples("anthropic").map(inChunks), ...recordedFaults("bedrock")],
  { ...(schemas && { requestErrors }) },
);

/** The body but for what the platform puts otherwise. */
function requestErrors(body: Json): readonly unknown[] {
  const { anthropic_version: version, ...rest } = body as JsonObject;
  const misplaced = version !== "bedrock-2023-05-31" || "model" in rest || "stream" in rest;
  if (misplaced) return ["the platform's members are not as they should be"];
  return schemas!.requestErrors("anthropic-messages-2023-06-01", { model: "in the path", ...rest });
}

beforeEach(() => {
  for (const name of ["AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID", "AWS_REGION", "AWS_DEFAULT_REGION"]) {
    vi.stubEnv(name, "");
  }
  onTestFinished(() => void vi.unstubAllEnvs());
});

describe("Claude on Bedrock by InvokeModel", () => {
  const id = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

  test("is asked with version and beta features in the body, and no model there", async () => {
    const { fetch, sent } = listening();
    const model = bedrockAnthropic(id, { fetch, ...access, beta: ["one-2026-01-01"] });
    await model.generate("Hello");
    await (await model.stream("Hello")).result();
    const path = `${base}/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0`;
    expect(sent.map(({ url }) => url)).toEqual([`${path}/invoke`, `${path}/invoke-with-response-stream`]);
    for (const { body, headers } of sent) {
      expect(body).toEqual({
        anthropic_version: "bedrock-2023-05-31",
        anthropic_beta: ["one-2026-01-01"],
        max_tokens: 16_000,
        messages: [{ role: "user", content: [{ type: "text", text: "Hello" }] }],
      });
      expect(headers.get("authorization")).toBe("Bearer a-key");
      expect(headers.get("anthropic-version")).toBeNull();
    }
    expect(model.provider).toBe("bedrock");
  });

  test("is signed where keys are given", async () => {
    const { fetch, sent } = listening();
    const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
    await bedrockAnthropic(id, { fetch, region: "us-east-1", ...keys }).generate("Hello");
    expect(sent[0]!.headers.get("authorization")).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/bedrock\/aws4_request, SignedHeaders=.*, Signature=[0-9a-f]{64}$/,
    );
  });

  test("without a region or keys is refused before anything is sent", async () => {
    const { fetch, sent } = listening();
    const missing = bedrockAnthropic(id, { fetch, apiKey: "k" }).generate("Hello");
    await expect(missing).rejects.toMatchObject({
      code: "invalid-request",
      message: expect.stringContaining("region"),
    });
    await expect(bedrockAnthropic(id, { fetch, region: "us-east-1" }).generate("Hello")).rejects.toMatchObject({
      code: "auth",
    });
    expect(sent).toEqual([]);
  });

  test.for([
    [awsFrame("throttlingException", { message: "Too many requests." }, "exception"), "rate-limit"],
    [awsFrame("modelStreamErrorException", { message: "Broken." }, "exception"), "server"],
    [awsFrame("chunk", { p: "abc" }), "parse"],
    [awsFrame("chunk", { bytes: Buffer.from("no JSON").toString("base64") }), "parse"],
  ] as const)("fails with what a stream says went wrong: %#", async ([frame, code]) => {
    const headers = { "content-type": "application/vnd.amazon.eventstream" };
    const body = Buffer.concat([awsFrame("a younger type", {}), frame]);
    const fetch = (): Promise<Response> => Promise.resolve(new Response(body, { headers }));
    await expect(bedrockAnthropic(id, { fetch, ...access }).stream("Hello")).rejects.toMatchObject({
      code,
      provider: "bedrock",
    });
  });

  test("takes files by their bytes alone", async () => {
    const data = new URL("https://a.example/b.pdf");
    const results = [
      { type: "tool-result", id: "t", name: "n", output: [{ type: "file", mediaType: "application/pdf", data }] },
    ] as const;
    const call = { type: "tool-call", id: "t", name: "n", input: {} } as const;
    const asked = bedrockAnthropic(id, access).plan({
      messages: [
        { role: "user", content: "?" },
        { role: "assistant", content: [call] },
        { role: "tool", content: results },
      ],
    });
    await expect(asked).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("messages[2].content[0].output[0]"),
    });
  });

  test.for([
    [id, undefined],
    [`arn:aws:bedrock:us-east-1:123456789012:inference-profile/${id}`, undefined],
    [
      "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc",
      "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
    ],
  ] as const)("counts tokens of the whole request by the model behind the profile: %s", async ([id, catalogId]) => {
    const { fetch, sent } = listening({ inputTokens: 42 });
    const model = bedrockAnthropic(id, { fetch, ...access, ...(catalogId && { catalogId }) });
    expect(await model.countTokens("Hello")).toEqual({ tokens: 42, bound: "exact" });
    expect(sent[0]!.url).toBe(`${base}/anthropic.claude-sonnet-4-5-20250929-v1%3A0/count-tokens`);
    const { invokeModel } = sent[0]!.body["input"] as { invokeModel: { body: string } };
    expect(JSON.parse(Buffer.from(invokeModel.body, "base64").toString())).toMatchObject({
      anthropic_version: "bedrock-2023-05-31",
      max_tokens: 16_000,
      messages: [{ role: "user" }],
    });
  });
});
