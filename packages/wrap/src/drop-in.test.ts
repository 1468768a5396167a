import { defineEmbeddingModel } from "@plugboard/core";
import type { Json } from "@plugboard/core";
import { scripted } from "@plugboard/testing";
import { describe, expect, test, vi } from "vitest";
import { dropIn } from "./drop-in.ts";

const messages = [{ role: "user", content: "Hello" }];
const vectors = defineEmbeddingModel({
  provider: "test",
  id: "vectors",
  call: async ({ values }) => ({ model: "vectors", embeddings: values.map(() => [1]), usage: {}, warnings: [] }),
});

/** As a client posts, and what it is answered. */
async function post(
  fetch: typeof globalThis.fetch,
  path: string,
  body: Json,
  init: RequestInit = {},
): Promise<[number, string]> {
  const url = `https://api.example.com/v1/${path}`;
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body), ...init });
  return [response.status, await response.text()];
}

describe("a name", () => {
  const fetch = dropIn({
    models: { small: scripted("from small"), large: scripted("from large"), vectors },
    aliases: { "gpt-4o": "large", "text-embedding-3-small": "vectors" },
  });
  const ask = (model: string): Promise<[number, string]> => post(fetch, "chat/completions", { model, messages });

  test.each([
    ["small", "from small"],
    ["large", "from large"],
    ["gpt-4o", "from large"],
  ])("%s picks its model", async (name, text) => {
    await expect(ask(name)).resolves.toEqual([200, expect.stringContaining(text)]);
  });

  test.each([
    ["unknown", "There is no model `unknown`; there are: small, large, vectors."],
    ["constructor", "There is no model `constructor`"],
    ["vectors", "`vectors` is no chat model"],
    ["x".repeat(10_000), `\`${"x".repeat(80)}\``],
  ])("that is none for chat is not found, and says what there is", async (name, message) => {
    const [status, body] = await ask(name);
    expect(status).toBe(404);
    expect(body).toContain(message);
    expect(body).toContain("model_not_found");
    expect(body.length).toBeLessThan(400);
  });

  test("picks an embedding model where texts are embedded, and no other", async () => {
    const embed = (model: string): Promise<[number, string]> => post(fetch, "embeddings", { model, input: "a" });
    await expect(embed("text-embedding-3-small")).resolves.toEqual([200, expect.stringContaining('"embedding":[1]')]);
    await expect(embed("small")).resolves.toEqual([404, expect.stringContaining("`small` is no embedding model")]);
  });

  test("of no model goes to the one for all others, if there is one", async () => {
    const named = { models: { small: scripted("from small"), vectors }, otherwise: scripted("from the other") };
    const any = dropIn(named);
    await expect(post(any, "chat/completions", { model: "gpt-9", messages })).resolves.toEqual([
      200,
      expect.stringContaining("from the other"),
    ]);
    expect((await post(any, "embeddings", { model: "gpt-9", input: "a" }))[0]).toBe(404);
  });

  test("is nothing to a model alone", async () => {
    expect((await post(dropIn(vectors), "embeddings", { model: "any", input: "a" }))[0]).toBe(200);
    expect((await post(dropIn(vectors), "chat/completions", { model: "any", messages }))[0]).toBe(404);
  });
});

test("an alias of nothing is refused at once", () => {
  expect(() => dropIn({ models: { small: scripted("x") }, aliases: { fast: "tiny" } })).toThrow(
    expect.objectContaining({
      code: "invalid-request",
      message: "The alias `fast` stands for `tiny`; there are: small.",
    }),
  );
});

describe("what is not served", () => {
  const fetch = dropIn(scripted("Hello"));

  test.each([
    ["POST", "/v1/audio/speech", {}, '"type":"invalid_request_error"'],
    ["GET", "/v1/chat/completions", {}, '"type":"invalid_request_error"'],
    ["DELETE", "/v1/files/1", { "anthropic-version": "2026-10-21" }, '"type":"not_found_error"'],
    ["GET", "/v1beta/files", { "x-goog-api-client": "x" }, '"status":"NOT_FOUND"'],
  ])("%s %s is not found, in the form of who asks", async (method, path, headers, form) => {
    const response = await fetch(`https://api.example.com${path}?key=secret`, { method, headers });
    const body = await response.text();
    expect(response.status).toBe(404);
    expect(body).toContain(form);
    expect(body).toContain(`${method} ${path} is not served here`);
    expect(body).not.toContain("secret");
  });

  test("goes elsewhere as it came, if there is an elsewhere; what is served does not", async () => {
    const elsewhere = vi.fn<typeof globalThis.fetch>(async () => Response.json({ data: [] }));
    const both = dropIn(scripted("Hello"), { elsewhere });
    const init = { headers: { authorization: "Bearer k" } };
    await both("https://api.example.com/v1/models", init);
    expect(elsewhere.mock.calls).toEqual([["https://api.example.com/v1/models", init]]);
    expect((await post(both, "chat/completions", { model: "any", messages }))[0]).toBe(200);
    expect(elsewhere).toHaveBeenCalledTimes(1);
  });

  test("without any protocol is everything", async () => {
    const none = dropIn(scripted("Hello"), { routes: [] });
    expect((await post(none, "chat/completions", { model: "any", messages }))[0]).toBe(404);
  });
});

test.each(["", "{", "[1]", '"text"', "null"])("a body that is %j is refused, and nobody asked", async (body) => {
  const model = scripted("Hello");
  const [status, answer] = await post(dropIn(model), "chat/completions", null, { body });
  expect(status).toBe(400);
  expect(answer).toContain("invalid_request_error");
  expect(model.requests).toHaveLength(0);
});

test.each([
  ["a URL", new URL("https://api.example.com/v1/chat/completions")],
  [
    "a Request",
    new Request("https://api.example.com/v1/chat/completions", {
      method: "POST",
      body: JSON.stringify({ model: "m", messages }),
    }),
  ],
] as const)("%s is taken as fetch takes it", async (_, input) => {
  const body = JSON.stringify({ model: "m", messages });
  const init = input instanceof URL ? { method: "post", body: new TextEncoder().encode(body) } : undefined;
  const response = await dropIn(scripted("Hello"))(input, init);
  expect(response.status).toBe(200);
});

test("tags can come from the client's headers, and nothing else of these goes on", async () => {
  const model = scripted("Hello");
  const fetch = dropIn(model, { tags: (headers) => ({ tenant: headers.get("x-tenant") ?? "none" }) });
  const headers = { "x-tenant": "blue", authorization: "Bearer secret" };
  await post(fetch, "chat/completions", { model: "m", messages }, { headers });
  expect(model.requests[0]?.tags).toEqual({ tenant: "blue" });
  expect(JSON.stringify(model.requests[0])).not.toContain("secret");
});

test("a signal that has fired rejects as fetch does, before and after the model was asked", async () => {
  const model = scripted({ hang: true });
  const fetch = dropIn(model);
  const asked = { model: "m", messages };
  const gone = new DOMException("gone", "AbortError");
  await expect(post(fetch, "chat/completions", asked, { signal: AbortSignal.abort(gone) })).rejects.toBe(gone);
  expect(model.requests).toHaveLength(0);

  const stop = new AbortController();
  const asking = post(fetch, "chat/completions", asked, { signal: stop.signal });
  await expect.poll(() => model.open).toBe(1);
  stop.abort(gone);
  await expect(asking).rejects.toBe(gone);
  await expect.poll(() => model.open).toBe(0);
});
