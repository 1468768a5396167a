import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import type { Model } from "@plugboard/core";
import { textOf } from "@plugboard/core";
import { recordedFaults, recordedSamples, validator } from "@plugboard/recordings";
import { testProvider } from "@plugboard/testing/test-provider";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { samples } from "../test/samples.ts";
import { bedrock } from "./bedrock.ts";
import type { BedrockOptions } from "./bedrock-options.ts";

const schemas = await validator();

testProvider(
  "bedrock",
  ({ fetch, model }) => bedrock(model, { fetch, region: "us-east-1", apiKey: "a-key" }),
  [...samples, ...recordedSamples("bedrock"), ...recordedFaults("bedrock")],
  {
    ...(schemas && {
      requestErrors: (body, url) =>
        schemas.requestErrors("bedrock", body, url.endsWith("-stream") ? "converse-stream" : "converse"),
    }),
  },
);

interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
}

const answer = {
  output: { message: { role: "assistant", content: [{ text: "Hi" }] } },
  stopReason: "end_turn",
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
  metrics: { latencyMs: 1 },
};

/** A model whose requests are kept, and answered with one body. */
function listening(id: string, options: BedrockOptions = {}): { model: Model; sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch: typeof globalThis.fetch = (url, init) => {
    sent.push({ url: url as string, headers: new Headers(init?.headers), body: init?.body as string });
    return Promise.resolve(Response.json(answer, { headers: { "x-amzn-requestid": "a-request" } }));
  };
  return { model: bedrock(id, { fetch, ...options }), sent };
}

const nova = "us.amazon.nova-2-lite-v1:0";
const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };

beforeEach(() => {
  for (const name of [
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
  ]) {
    vi.stubEnv(name, "");
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

describe("goes to", () => {
  const profile = "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc123xyz";

  test("the region's endpoint, with the id as one segment of the path", async () => {
    const { model, sent } = listening(nova, { region: "eu-central-1", apiKey: "a-key" });
    await model.generate("Hello");
    await (await model.stream("Hello")).result();
    expect(sent.map(({ url }) => url)).toEqual([
      "https://bedrock-runtime.eu-central-1.amazonaws.com/model/us.amazon.nova-2-lite-v1%3A0/converse",
      "https://bedrock-runtime.eu-central-1.amazonaws.com/model/us.amazon.nova-2-lite-v1%3A0/converse-stream",
    ]);
  });

  test("the region of an ARN, whose slash stays within the segment", async () => {
    const { model, sent } = listening(profile, { apiKey: "a-key" });
    await model.generate("Hello");
    expect(sent[0]!.url).toBe(
      "https://bedrock-runtime.eu-west-1.amazonaws.com/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A123456789012%3Aapplication-inference-profile%2Fabc123xyz/converse",
    );
  });

  test.for([
    [{ AWS_REGION: "us-west-2", AWS_DEFAULT_REGION: "us-east-2" }, "bedrock-runtime.us-west-2.amazonaws.com"],
    [{ AWS_DEFAULT_REGION: "cn-north-1" }, "bedrock-runtime.cn-north-1.amazonaws.com.cn"],
  ] as const)("the region of the environment: %o", async ([variables, host]) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    const { model, sent } = listening(nova, { apiKey: "a-key" });
    await model.generate("Hello");
    expect(new URL(sent[0]!.url).host).toBe(host);
  });

  test("a base URL that is given, where a key needs no region", async () => {
    const { model, sent } = listening(nova, { baseURL: "https://vpce-1.example/", apiKey: "a-key" });
    await model.generate("Hello");
    expect(sent[0]!.url).toBe("https://vpce-1.example/model/us.amazon.nova-2-lite-v1%3A0/converse");
  });

  test("just that path over a socket: what is signed is what is sent", async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo;
    const model = bedrock(profile, { baseURL: `http://127.0.0.1:${port}`, ...keys });
    await model.generate("Hello").finally(() => server.close());
    expect(asked).toEqual([
      "/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A123456789012%3Aapplication-inference-profile%2Fabc123xyz/converse",
    ]);
  });

  test("nowhere without a region, or with one that is none: the error names the option", async () => {
    const { model, sent } = listening(nova, { apiKey: "a-key" });
    const missing = { code: "invalid-request", message: expect.stringContaining("AWS_REGION") };
    await expect(model.generate("Hello")).rejects.toMatchObject(missing);
    const signed = listening(nova, { ...keys, baseURL: "https://vpce-1.example" });
    await expect(signed.model.generate("Hello")).rejects.toMatchObject(missing);
    expect([...sent, ...signed.sent]).toEqual([]);
    expect(() => bedrock(nova, { region: "evil.example/#" })).toThrow(/region is "evil.example\/#"/);
    vi.stubEnv("AWS_REGION", "evil.example/#");
    await expect(model.generate("Hello")).rejects.toMatchObject({ message: expect.stringContaining("region is") });
  });
});

describe("says who calls", () => {
  const region = "us-east-1";

  test("by a signature that covers the body, the time and the token", async () => {
    vi.useFakeTimers({ now: new Date("2026-11-25T12:34:56Z"), toFake: ["Date"] });
    const { model, sent } = listening(nova, { region, ...keys, sessionToken: "a/session+token==" });
    await model.generate("Hello");
    await model.generate("Goodbye");
    const [first, second] = sent.map(({ headers }) => Object.fromEntries(headers));
    expect(first).toMatchObject({
      "x-amz-date": "20261125T123456Z",
      "x-amz-security-token": "a/session+token==",
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20261125\/us-east-1\/bedrock\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
      ),
    });
    expect(second?.["authorization"]).not.toBe(first?.["authorization"]);
  });

  test("by a signature over Amazon's own headers too, and none that proxies change", async () => {
    const headers = { "X-Amzn-Bedrock-Trace": "ENABLED", "user-agent": "an app", "x-trace": "1" };
    const { model, sent } = listening(nova, { region, ...keys, headers });
    await model.generate("Hello");
    expect(sent[0]!.headers.get("authorization")).toContain(
      "SignedHeaders=content-type;host;x-amz-date;x-amzn-bedrock-trace,",
    );
    expect(sent[0]!.headers.get("x-trace")).toBe("1");
  });

  test("by a bearer key", async () => {
    const { model, sent } = listening(nova, { region, ...keys, apiKey: () => "a-key" });
    await model.generate("Hello");
    expect(sent[0]!.headers.get("authorization")).toBe("Bearer a-key");
    expect(sent[0]!.headers.get("x-amz-date")).toBeNull();
  });

  test("by credentials that are asked for at every call", async () => {
    let count = 0;
    const credentials = (): Promise<typeof keys> => Promise.resolve({ ...keys, accessKeyId: `AKID${++count}` });
    const { model, sent } = listening(nova, { region, credentials });
    await model.generate("Hello");
    await model.generate("Hello");
    const ids = sent.map(({ headers }) => /Credential=(\w+)/.exec(headers.get("authorization") ?? "")?.[1]);
    expect(ids).toEqual(["AKID1", "AKID2"]);
  });

  test("by the environment, read at every call: the bearer key before the keys", async () => {
    const { model, sent } = listening(nova, { region });
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDENV");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
    await model.generate("Hello");
    vi.stubEnv("AWS_SESSION_TOKEN", "a-token");
    await model.generate("Hello");
    vi.stubEnv("AWS_BEARER_TOKEN_BEDROCK", "a-bearer");
    await model.generate("Hello");
    const seen = sent.map(({ headers }) => [
      headers.get("authorization")?.split("/", 1)[0],
      headers.get("x-amz-security-token"),
    ]);
    expect(seen).toEqual([
      ["AWS4-HMAC-SHA256 Credential=AKIDENV", null],
      ["AWS4-HMAC-SHA256 Credential=AKIDENV", "a-token"],
      ["Bearer a-bearer", null],
    ]);
  });

  test.for([
    [{}, /AWS_BEARER_TOKEN_BEDROCK.*AWS_ACCESS_KEY_ID/],
    [{ accessKeyId: "AKIDEXAMPLE" }, /without secretAccessKey/],
    [{ secretAccessKey: "a-secret" }, /without accessKeyId/],
    [{ accessKeyId: "AKIDEXAMPLE", secretAccessKey: "with a blank" }, /secretAccessKey holds a character/],
    [{ credentials: () => Promise.reject(new Error("The vault is shut.")) }, /The vault is shut/],
  ] as const)("or is refused before anything is sent: %o", async ([options, message]) => {
    const { model, sent } = listening(nova, { region, ...options });
    const error = await model.generate("Hello").then(String, (reason: Error) => reason);
    expect(error).toMatchObject({ code: "auth", provider: "bedrock", message: expect.stringMatching(message) });
    expect(inspect(error)).not.toContain("with a blank");
    expect(sent).toEqual([]);
  });
});

test("gives the id of the request, the model that was asked and the warnings with the answer", async () => {
  const { model } = listening(nova, { region: "us-east-1", apiKey: "a-key" });
  const result = await model.generate({ messages: [{ role: "user", content: "Hello" }], seed: 1 });
  expect(result).toMatchObject({
    id: "a-request",
    model: nova,
    content: [{ type: "text", text: "Hi" }],
    warnings: [{ code: "dropped", path: "seed" }],
  });
});

test("looks up what a model takes by the one behind an ARN", async () => {
  const profile = "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc123xyz";
  const catalogId = "anthropic.claude-3-7-sonnet-20250219-v1:0";
  const { model, sent } = listening(profile, { apiKey: "a-key", catalogId });
  const result = await model.generate({
    messages: [{ role: "user", content: "Hello" }],
    reasoning: { budgetTokens: 2000 },
  });
  expect(JSON.parse(sent[0]!.body)).toMatchObject({
    additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 2000 } },
  });
  expect(textOf(result)).toBe("Hi");
  expect(model.catalogId).toBe(catalogId);
});

test("keeps answers apart by region and base URL", () => {
  const prints = [{ region: "us-east-1" }, { region: "eu-west-1" }, { baseURL: "https://proxy.example" }].map(
    (options) => bedrock(nova, options).fingerprint,
  );
  expect(new Set(prints).size).toBe(3);
});
