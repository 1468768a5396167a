import { afterEach, expect, test, vi } from "vitest";
import type { Model } from "@plugboard/core";
import { azureResponses } from "./azure-responses.ts";
import { openaiResponses } from "./openai-responses.ts";
import { responsesFactory } from "./responses-factory.ts";
import { xaiResponses } from "./xai-responses.ts";

afterEach(() => void vi.unstubAllEnvs());

interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** What a model sends for a plain question; nothing, and the error, where it sends nothing. */
async function sentBy(
  make: (options: { readonly fetch: typeof fetch }) => Model,
): Promise<{ readonly sent?: Sent; readonly error?: unknown }> {
  let sent: Sent | undefined;
  const fetch: typeof globalThis.fetch = async (...parts) => {
    const request = new Request(...parts);
    sent = { url: request.url, headers: request.headers, body: await request.json() };
    return Response.json({ output: [] });
  };
  try {
    await make({ fetch }).generate("Hello");
  } catch (error) {
    return { ...(sent && { sent }), error };
  }
  return { sent: sent! };
}

test("asks OpenAI, for whoever is billed", async () => {
  vi.stubEnv("OPENAI_API_KEY", "from-environment");
  const { sent } = await sentBy((options) =>
    openaiResponses("gpt-5", { ...options, organization: "org", project: "pro" }),
  );
  expect(sent!.url).toBe("https://api.openai.com/v1/responses");
  expect(sent!.headers.get("authorization")).toBe("Bearer from-environment");
  expect(sent!.headers.get("openai-organization")).toBe("org");
  expect(sent!.headers.get("openai-project")).toBe("pro");
  expect(sent!.body).toMatchObject({ model: "gpt-5", input: [{ role: "user", content: "Hello" }], store: false });
});

test("asks Azure, by the API without or with a version", async () => {
  const parts = { apiKey: "key", endpoint: "https://res.openai.azure.com/openai/v1" };
  const { sent } = await sentBy((options) => azureResponses("mine", { ...options, ...parts }));
  expect(sent!.url).toBe("https://res.openai.azure.com/openai/v1/responses");
  expect(sent!.headers.get("api-key")).toBe("key");
  expect(sent!.body).toMatchObject({ model: "mine" });
  const dated = await sentBy((options) =>
    azureResponses("mine", { ...options, ...parts, apiVersion: "2025-04-01-preview" }),
  );
  expect(dated.sent!.url).toBe("https://res.openai.azure.com/openai/responses?api-version=2025-04-01-preview");
});

test("asks xAI, and for thoughts in encrypted form", async () => {
  const { sent } = await sentBy((options) => xaiResponses("grok-4.3", { ...options, apiKey: "key" }));
  expect(sent!.url).toBe("https://api.x.ai/v1/responses");
  expect(sent!.body).toMatchObject({ include: ["reasoning.encrypted_content"] });
});

test("asks any server of the protocol, without a key where it wants none", async () => {
  const local = responsesFactory({ provider: "local", baseURL: "http://localhost:1234/v1" });
  const { sent } = await sentBy((options) => local("gpt-oss-20b", options));
  expect(sent!.url).toBe("http://localhost:1234/v1/responses");
  expect(sent!.headers.has("authorization")).toBe(false);
});

test("names the variable where there is no key, before anything is sent", async () => {
  vi.stubEnv("XAI_API_KEY", undefined);
  const { sent, error } = await sentBy((options) => xaiResponses("grok-4.3", options));
  expect(sent).toBeUndefined();
  expect(error).toMatchObject({ code: "auth", message: expect.stringContaining("XAI_API_KEY") as unknown });
});

test("is another model to a cache than the one asked through chat completions", () => {
  expect(openaiResponses("gpt-5", { apiKey: "key" }).fingerprint).toBe(
    "openai:gpt-5@https://api.openai.com/v1#responses/1",
  );
});

test("calls tools as the application does, whatever they are called on the wire", async () => {
  const fetch: typeof globalThis.fetch = async () =>
    Response.json({
      output: [
        { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "a" } },
        { type: "function_call", call_id: "c", name: "look_up", arguments: "{}" },
      ],
    });
  const { content } = await openaiResponses("gpt-5", { apiKey: "key", fetch }).generate({
    messages: [{ role: "user", content: "Hello" }],
    tools: [
      { name: "look.up", input: { type: "object" } },
      { type: "provider", id: "openai.web_search_preview", name: "web" },
    ],
  });
  expect(content).toMatchObject([{ name: "web" }, { name: "web" }, { name: "look.up" }]);
});

test.each([
  ["gpt-5", undefined, "Hi"],
  ["gpt-5.2", "none", "first"],
  ["gpt-4o", undefined, "first"],
] as const)(
  "waits for %s, with the effort %s, only as long as it may think in secret",
  async (id, reasoning, outcome) => {
    const events = [
      { type: "response.created", response: {} },
      { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "Hi" },
      { type: "response.completed", response: {} },
    ].map((event) => new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`));
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(events[0]!);
        await new Promise((resolve) => setTimeout(resolve, 60));
        for (const event of events.slice(1)) controller.enqueue(event);
        controller.close();
      },
    });
    const fetch: typeof globalThis.fetch = async () =>
      new Response(body, { headers: { "content-type": "text/event-stream" } });
    const model = openaiResponses(id, { apiKey: "key", fetch, clocks: { first: 20 } });
    const asked = { messages: [{ role: "user", content: "Hello" }], ...(reasoning && { reasoning }) } as const;
    const heard = await model.stream(asked).then(
      (reply) => reply.text(),
      (error: { readonly phase?: string }) => error.phase,
    );
    expect(heard).toBe(outcome);
  },
);
