import { recordedFaults, recordedSamples, validator } from "@plugboard/recordings";
import { testProvider } from "@plugboard/testing/test-provider";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ollama } from "./ollama.ts";
import type { OllamaOptions } from "./ollama.ts";
import { samples } from "./ollama.samples.ts";

const schemas = await validator();
testProvider(
  "ollama",
  ({ fetch, model }) => ollama(model, { fetch, baseURL: "http://127.0.0.1:11434" }),
  [...samples, ...recordedSamples("ollama"), ...recordedFaults("ollama")],
  schemas ? { requestErrors: (body) => schemas.requestErrors("ollama", body) } : {},
);

afterEach(() => vi.unstubAllEnvs());

/** Asks, and tells where the request went and with which headers. */
async function sent(options: OllamaOptions): Promise<{ readonly url: string; readonly headers: Headers }> {
  const asked: { url: string; headers: Headers }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    asked.push({ url, headers: new Headers(init?.headers) });
    return Response.json({ model: "m", created_at: "", message: { role: "assistant", content: "hi" }, done: true });
  };
  await ollama("m", { fetch, ...options }).generate("hi");
  return asked[0]!;
}

describe("the address", () => {
  test("is this machine unless told otherwise", async () => {
    vi.stubEnv("OLLAMA_HOST", "");
    expect((await sent({})).url).toBe("http://127.0.0.1:11434/api/chat");
    expect((await sent({ baseURL: "http://gpu.lan:8080/ollama/" })).url).toBe("http://gpu.lan:8080/ollama/api/chat");
  });

  test("comes from OLLAMA_HOST at each call", async () => {
    const model = ollama("m", { transport: (request) => Promise.reject(new Error(request.url)) });
    vi.stubEnv("OLLAMA_HOST", "http://a.lan");
    await expect(model.generate("hi")).rejects.toMatchObject({ cause: { message: "http://a.lan/api/chat" } });
    vi.stubEnv("OLLAMA_HOST", "http://b.lan");
    await expect(model.generate("hi")).rejects.toMatchObject({ cause: { message: "http://b.lan/api/chat" } });
  });

  test.each(["ftp://x", "http://user:pass@x", "not a url"])("%j is refused when the model is made", (baseURL) => {
    expect(() => ollama("m", { baseURL })).toThrow(expect.objectContaining({ code: "invalid-request" }));
  });

  test("is in the fingerprint, and so are the model and the mapping", () => {
    const made = (id: string, baseURL: string): string => ollama(id, { baseURL }).fingerprint;
    expect(made("a", "http://x")).not.toBe(made("b", "http://x"));
    expect(made("a", "http://x")).not.toBe(made("a", "http://y"));
    expect(made("a", "http://x")).toBe(made("a", "http://x/"));
  });
});

describe("the key", () => {
  test("is not needed, and not sent, where nobody asks for one", async () => {
    vi.stubEnv("OLLAMA_API_KEY", "secret");
    expect((await sent({ baseURL: "http://127.0.0.1:11434" })).headers.has("authorization")).toBe(false);
    expect((await sent({ baseURL: "http://gpu.lan" })).headers.has("authorization")).toBe(false);
  });

  test("is a bearer token over https", async () => {
    vi.stubEnv("OLLAMA_API_KEY", "from-environment");
    expect((await sent({ baseURL: "https://ollama.com" })).headers.get("authorization")).toBe(
      "Bearer from-environment",
    );
    const { headers } = await sent({ baseURL: "https://ollama.com", apiKey: () => "given" });
    expect(headers.get("authorization")).toBe("Bearer given");
  });

  test("is missed by name before anything is sent to the cloud", async () => {
    vi.stubEnv("OLLAMA_API_KEY", "");
    const fetch = vi.fn<typeof globalThis.fetch>();
    const call = ollama("m", { fetch, baseURL: "https://ollama.com" }).generate("hi");
    await expect(call).rejects.toMatchObject({ code: "auth", message: expect.stringContaining("OLLAMA_API_KEY") });
    expect(fetch).not.toHaveBeenCalled();
  });

  test("is never sent in the clear beyond this machine", async () => {
    const apiKey = "secret";
    await expect(sent({ baseURL: "http://gpu.lan", apiKey })).rejects.toMatchObject({ code: "invalid-request" });
    expect((await sent({ baseURL: "http://localhost:1", apiKey })).headers.get("authorization")).toBe("Bearer secret");
  });
});

test("an answer carries what was dropped on the way", async () => {
  const fetch: typeof globalThis.fetch = () =>
    Promise.resolve(Response.json({ message: { content: "x" }, done: true }));
  const tools = [{ name: "f", input: {} }];
  const { warnings } = await ollama("m", { fetch, baseURL: "http://127.0.0.1" }).generate({
    messages: [{ role: "user", content: "hi" }],
    tools,
    toolChoice: "required",
  });
  expect(warnings).toMatchObject([{ code: "dropped", path: "toolChoice" }]);
});
