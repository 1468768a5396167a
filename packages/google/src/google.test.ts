import type { Json, Model } from "@plugboard/core";
import type { ProviderSample } from "@plugboard/testing";
import { recordedFaults, recordedSamples, validator } from "@plugboard/recordings";
import { testProvider } from "@plugboard/testing/test-provider";
import { describe, expect, test, vi } from "vitest";
import { samples } from "../test/samples.ts";
import { google } from "./google.ts";
import { vertex } from "./vertex.ts";

const schemas = await validator();
const options = { ...(schemas && { requestErrors: (body: Json) => schemas.requestErrors("gemini", body) }) };
const place = { project: "my-project", location: "europe-west4", token: "a-token" };

testProvider(
  "google",
  ({ fetch, model }) => google(model, { fetch, apiKey: "a-key" }),
  [...samples, ...recordedSamples("google").map(marked), ...recordedFaults("google")],
  options,
);

testProvider("vertex", ({ fetch, model }) => vertex(model, { fetch, ...place }), samples, options);

/** A recording of the first Gemini: each of its chunks says STOP, so a stream that ends early looks whole to everyone. */
function marked(sample: ProviderSample): ProviderSample {
  if (sample.name !== "google/stream-unicode-01") return sample;
  return { ...sample, exercises: [...sample.exercises, "finish-on-every-event"] };
}

interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Json;
}

const candidates: Json = [{ content: { role: "model", parts: [{ text: "Hi" }] }, finishReason: "STOP" }];

/** A fetch that keeps what is sent, and answers all with one body. */
function listening(answer: Json = { candidates }): { fetch: typeof globalThis.fetch; sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch: typeof globalThis.fetch = (url, init) => {
    const body = JSON.parse(init?.body as string) as Json;
    sent.push({ url: url as string, headers: new Headers(init?.headers), body });
    return Promise.resolve(Response.json(answer));
  };
  return { fetch, sent };
}

async function urlsOf(...models: ((fetch: typeof globalThis.fetch) => Model)[]): Promise<string[]> {
  const { fetch, sent } = listening();
  for (const make of models) await make(fetch).generate("Hello");
  return sent.map(({ url }) => url);
}

describe("the Gemini API", () => {
  test("is asked with the key in a header, never in the address", async () => {
    const { fetch, sent } = listening();
    const model = google("gemini-3.5-flash", { fetch, apiKey: "a-key" });
    await model.generate("Hello");
    await (await model.stream("Hello")).result();
    const base = "https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash";
    expect(sent.map(({ url }) => url)).toEqual([`${base}:generateContent`, `${base}:streamGenerateContent?alt=sse`]);
    expect(sent.map(({ headers }) => headers.get("x-goog-api-key"))).toEqual(["a-key", "a-key"]);
  });

  test("finds the key in any of its variables at every call", async () => {
    const variables = ["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY"];
    for (const name of variables) vi.stubEnv(name, "");
    const { fetch, sent } = listening();
    const model = google("gemini-3.5-flash", { fetch });
    await expect(model.generate("Hello")).rejects.toMatchObject({
      code: "auth",
      message: expect.stringContaining("GEMINI_API_KEY or GOOGLE_API_KEY or GOOGLE_GENERATIVE_AI_API_KEY"),
    });
    for (const name of variables.toReversed()) {
      vi.stubEnv(name, `of ${name}`.replaceAll(" ", "-"));
      await model.generate("Hello");
    }
    vi.unstubAllEnvs();
    expect(sent.map(({ headers }) => headers.get("x-goog-api-key"))).toEqual(
      variables.toReversed().map((name) => `of-${name}`),
    );
  });

  test("takes ids that are paths, and an address of one's own", async () => {
    const key = { apiKey: "a-key", baseURL: "https://proxy.example/v1/" };
    const urls = await urlsOf(
      (fetch) => google("models/gemini-2.5-pro", { fetch, ...key }),
      (fetch) => google("tunedModels/mine", { fetch, ...key }),
      (fetch) => google("what?key=x", { fetch, ...key }),
    );
    expect(urls).toEqual([
      "https://proxy.example/v1/models/gemini-2.5-pro:generateContent",
      "https://proxy.example/v1/tunedModels/mine:generateContent",
      "https://proxy.example/v1/models/what%3Fkey%3Dx:generateContent",
    ]);
  });
});

describe("Vertex AI", () => {
  test("is asked where the project is, with a token that is fetched for every call", async () => {
    const { fetch, sent } = listening();
    let turn = 0;
    const model = vertex("gemini-2.5-flash", { ...place, fetch, token: () => Promise.resolve(`token-${++turn}`) });
    await model.generate("Hello");
    await model.generate("Hello");
    expect(sent[0]!.url).toBe(
      "https://europe-west4-aiplatform.googleapis.com/v1/projects/my-project/locations/europe-west4/publishers/google/models/gemini-2.5-flash:generateContent",
    );
    expect(sent.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer token-1", "Bearer token-2"]);
    expect(model.provider).toBe("vertex");
  });

  test("knows the hosts of places that are no region, and ids that are paths", async () => {
    const urls = await urlsOf(
      (fetch) => vertex("gemini-2.5-flash", { fetch, project: "p", token: "t" }),
      (fetch) => vertex("endpoints/123", { fetch, project: "p", token: "t", location: "eu" }),
    );
    expect(urls).toEqual([
      "https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google/models/gemini-2.5-flash:generateContent",
      "https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu/endpoints/123:generateContent",
    ]);
  });

  test("refuses a place that would lead the token elsewhere", () => {
    for (const wrong of [{ location: "evil.example/" }, { project: "../p" }, { project: "" }, { location: "a@b" }]) {
      expect(() => vertex("gemini-2.5-flash", { ...place, ...wrong })).toThrow(/must be made of/);
    }
  });
});

describe("counting tokens", () => {
  const request = {
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hello" },
    ] as const,
    tools: [{ name: "now", input: { type: "object", properties: { zone: { type: "string" } } } }],
    toolChoice: "required" as const,
    maxOutputTokens: 100,
  };

  test("gives the Gemini API the whole request, as its schema allows", async () => {
    const { fetch, sent } = listening({ totalTokens: 42, promptTokensDetails: [{ modality: "TEXT", tokenCount: 42 }] });
    const model = google("gemini-3.5-flash", { fetch, apiKey: "a-key" });
    expect(await model.countTokens(request)).toEqual({ tokens: 42, bound: "exact" });
    const { body } = await model.plan(request);
    expect(sent[0]!.url).toBe("https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash:countTokens");
    expect(sent[0]!.body).toEqual({ generateContentRequest: { model: "models/gemini-3.5-flash", ...body } });
    expect(schemas?.requestErrors("gemini", sent[0]!.body, "countTokens") ?? []).toEqual([]);
  });

  test("gives Vertex AI the members of a request that it counts", async () => {
    const { fetch, sent } = listening({ totalTokens: 42 });
    const model = vertex("gemini-2.5-flash", { ...place, fetch });
    expect(await model.countTokens(request)).toEqual({ tokens: 42, bound: "exact" });
    const { body } = await model.plan(request);
    const { toolConfig, ...counted } = body;
    expect(toolConfig).toBeDefined();
    expect(sent[0]!.url).toMatch(/\/publishers\/google\/models\/gemini-2\.5-flash:countTokens$/);
    expect(sent[0]!.body).toEqual(counted);
  });

  test("fails on an answer without a count, and on a refusal", async () => {
    const model = google("gemini-3.5-flash", { fetch: listening({}).fetch, apiKey: "a-key" });
    await expect(model.countTokens("Hello")).rejects.toMatchObject({ code: "parse", provider: "google" });
    const error = { code: 404, message: "models/x is not found.", status: "NOT_FOUND" };
    const refused = async (): Promise<Response> => Response.json({ error }, { status: 404 });
    await expect(google("x", { fetch: refused, apiKey: "k" }).countTokens("Hello")).rejects.toMatchObject({
      code: "not-found",
    });
  });
});
