import { describe, expect, test } from "vitest";
import type { Signing } from "./sign-request.ts";
import { encodeSegment, signRequest } from "./sign-request.ts";

const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };

function signatureOf({ authorization }: Record<string, string>): string | undefined {
  return /Signature=([0-9a-f]+)$/.exec(authorization ?? "")?.[1];
}

describe("signs AWS's own test suite for Signature Version 4 as AWS does", () => {
  const suite: Signing = {
    method: "GET",
    url: "https://example.amazonaws.com/",
    headers: {},
    body: "",
    keys,
    region: "us-east-1",
    service: "service",
    date: new Date("2015-08-30T12:36:00Z"),
  };
  const sessionToken =
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
  const cases: readonly (readonly [name: string, given: Partial<Signing>, signature: string])[] = [
    ["get-vanilla", {}, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"],
    ["post-vanilla", { method: "POST" }, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
    [
      "get-vanilla-query-order-key-case",
      { url: "https://example.amazonaws.com/?Param2=value2&Param1=value1" },
      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ],
    [
      "get-header-value-trim",
      { headers: { "my-header1": " value1", "my-header2": ' "a   b   c"' } },
      "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
    ],
    [
      "post-sts-header-before",
      { method: "POST", keys: { ...keys, sessionToken } },
      "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
    ],
    [
      "post-x-www-form-urlencoded",
      {
        method: "POST",
        body: "Param1=value1",
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          "content-length": "13",
          "x-amz-content-sha256": "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
        },
      },
      "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
    ],
    [
      "get-relative-normalized",
      { url: "https://example.amazonaws.com/example/.." },
      "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ],
  ];

  test.for(cases)("%s", async ([, given, signature]) => {
    expect(signatureOf(await signRequest({ ...suite, ...given }))).toBe(signature);
  });

  test("with the whole header", async () => {
    expect(await signRequest(suite)).toEqual({
      "x-amz-date": "20150830T123600Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    });
  });
});

// Signed by botocore 1.43.11 with the same keys and at the same time.
describe("signs calls of Bedrock as AWS's SDK does", () => {
  const model = "us.amazon.nova-2-lite-v1:0";
  const profile = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123xyz";
  const cases: readonly (readonly [model: string, sessionToken: string | undefined, signature: string])[] = [
    [model, undefined, "9a051992b0b011af8753b508be58652e4c067e8c30e00b4c427217ccd9f68419"],
    [model, "a/session+token==", "b3bfab6067e0150c8bcd2da303a385d985ae7df21ec0828d56deac267db4d474"],
    [profile, undefined, "acec91dce834f9c72bc030abd1bf1851f1a93c161781c03d124299d1f7be04ec"],
    [profile, "a/session+token==", "357b8601ef156754b91666f15cac4af7b018c48b8eee9dbcd9f81688933b7e13"],
  ];

  test.for(cases)("%s, token %s", async ([model, sessionToken, signature]) => {
    const headers = await signRequest({
      method: "POST",
      url: `https://bedrock-runtime.eu-central-1.amazonaws.com/model/${encodeSegment(model)}/converse-stream`,
      headers: { "content-type": "application/json", accept: "application/vnd.amazon.eventstream" },
      body: '{"messages":[{"role":"user","content":[{"text":"Grüezi"}]}]}',
      keys: { ...keys, sessionToken },
      region: "eu-central-1",
      service: "bedrock",
      date: new Date("2026-11-25T12:34:56Z"),
    });
    expect(signatureOf(headers)).toBe(signature);
    expect(headers["x-amz-security-token"]).toBe(sessionToken);
  });
});

test("encodes all of a segment but what is unreserved", () => {
  expect(encodeSegment("qwen.qwen3~32b-v1:0/a (x)!'*_ü")).toBe("qwen.qwen3~32b-v1%3A0%2Fa%20%28x%29%21%27%2A_%C3%BC");
});
