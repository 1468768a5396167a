import { afterEach, expect, test, vi } from "vitest";
import type { Model } from "@plugboard/core";
import { azure } from "./azure.ts";
import { openai } from "./openai.ts";

afterEach(() => void vi.unstubAllEnvs());

interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
}

const answer = { id: "i", model: "m", choices: [{ index: 0, message: { content: "Hi" }, finish_reason: "stop" }] };

/** What a model sends for a plain question; nothing, and the error, where it sends nothing. */
async function sentBy(
  make: (options: { readonly fetch: typeof fetch }) => Model,
  request = "Hello",
): Promise<{ readonly sent?: Sent; readonly error?: unknown }> {
  let sent: Sent | undefined;
  const fetch: typeof globalThis.fetch = async (...parts) => {
    const request = new Request(...parts);
    sent = { url: request.url, headers: request.headers, body: await request.json() };
    return Response.json(answer);
  };
  try {
    await make({ fetch }).generate(request);
  } catch (error) {
    return { error, ...(sent && { sent }) };
  }
  return { sent: sent! };
}

test("asks OpenAI with the key of the environment, read at the call", async () => {
  const make = (options: { readonly fetch: typeof fetch }): Model => {
    const model = openai("gpt-4o", { ...options, organization: "org-1", headers: { "x-a": "b" } });
    vi.stubEnv("OPENAI_API_KEY", "sk-late");
    return model;
  };
  const { sent } = await sentBy(make);
  expect(sent).toMatchObject({
    url: "https://api.openai.com/v1/chat/completions",
    body: { model: "gpt-4o", messages: [{ role: "user", content: "Hello" }] },
  });
  expect(Object.fromEntries(sent!.headers)).toMatchObject({
    authorization: "Bearer sk-late",
    "openai-organization": "org-1",
    "x-a": "b",
  });
});

test("names a key that is missing, and sends nothing", async () => {
  vi.stubEnv("OPENAI_API_KEY", undefined);
  const { sent, error } = await sentBy((options) => openai("gpt-4o", options));
  expect(sent).toBeUndefined();
  expect(error).toMatchObject({ code: "auth", message: expect.stringContaining("OPENAI_API_KEY") });
});

test("refuses a base URL that shows the key to the network", () => {
  expect(() => openai("gpt-4o", { baseURL: "http://api.example.com/v1" })).toThrow(/https/);
});

test("is known by provider, id, place and mapping", () => {
  const { fingerprint } = openai("gpt-4o");
  expect(fingerprint).toBe("openai:gpt-4o@https://api.openai.com/v1#chat-completions/1");
  expect(openai("gpt-4o", { baseURL: "https://proxy.example/v1" }).fingerprint).not.toBe(fingerprint);
});

test("asks a deployment on Azure, by the v1 API or by a version", async () => {
  const endpoint = "https://resource.openai.azure.com/openai/v1/";
  const v1 = await sentBy((options) => azure("my gpt", { ...options, endpoint, apiKey: "k" }));
  expect(v1.sent).toMatchObject({
    url: "https://resource.openai.azure.com/openai/v1/chat/completions",
    body: { model: "my gpt" },
  });
  expect(v1.sent!.headers.get("api-key")).toBe("k");
  expect(v1.sent!.headers.has("authorization")).toBe(false);

  const dated = await sentBy((options) =>
    azure("my gpt", { ...options, endpoint, apiVersion: "2024-10-21", token: async () => "entra" }),
  );
  expect(dated.sent!.url).toBe(
    "https://resource.openai.azure.com/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21",
  );
  expect(dated.sent!.headers.get("authorization")).toBe("Bearer entra");
  expect(dated.sent!.headers.has("api-key")).toBe(false);
});

test("names what Azure lacks, and sends nothing", async () => {
  vi.stubEnv("AZURE_OPENAI_ENDPOINT", undefined);
  vi.stubEnv("AZURE_OPENAI_API_KEY", undefined);
  const placeless = await sentBy((options) => azure("d", options));
  expect(placeless).toMatchObject({
    error: { code: "invalid-request", message: expect.stringContaining("AZURE_OPENAI_ENDPOINT") },
  });

  vi.stubEnv("AZURE_OPENAI_ENDPOINT", "https://resource.openai.azure.com");
  const keyless = await sentBy((options) => azure("d", options));
  expect(keyless).toMatchObject({ error: { code: "auth", message: expect.stringContaining("AZURE_OPENAI_API_KEY") } });
  expect(placeless.sent ?? keyless.sent).toBeUndefined();
});

test("looks up what a deployment takes by its catalogue name", async () => {
  const make = (options: { readonly fetch: typeof fetch }): Model =>
    azure("mine", { ...options, endpoint: "https://r.openai.azure.com", apiKey: "k", catalogId: "o3" });
  expect(make({ fetch }).catalogId).toBe("o3");
  const sent: unknown[] = [];
  const model = make({
    fetch: async (...parts) => {
      sent.push(await new Request(...parts).json());
      return Response.json(answer);
    },
  });
  const { warnings } = await model.generate({ messages: [{ role: "user", content: "Hello" }], temperature: 0 });
  expect(sent).toStrictEqual([{ model: "mine", messages: [{ role: "user", content: "Hello" }] }]);
  expect(warnings).toMatchObject([{ code: "dropped", path: "temperature" }]);
});
