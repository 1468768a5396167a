import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { simulate } from "@plugboard/testing";
import { afterEach, expect, test, vi } from "vitest";
import { newKey } from "../keys/new-key.ts";
import { providerKey } from "../test-gateway.ts";
import type { LogEntry } from "../telling/log-entry.ts";
import { gatewayFromConfig } from "./gateway-from-config.ts";
import { loadConfig } from "./load-config.ts";
import { providerNames } from "./providers.ts";
import { readConfig } from "./read-config.ts";

afterEach(() => void vi.unstubAllEnvs());

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "gateway-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const ask = (url: string, key: string, body: object) =>
  fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ messages: [{ role: "user", content: "Hello" }], ...body }),
  });

test("a file makes a gateway: models, fallbacks, layers, keys, and a store that keeps what was spent", async () => {
  await using simulator = await simulate({
    models: { "gpt-4o": { answer: "Hi" }, "gpt-4o-mini": { answer: "", fault: { type: "error", code: "overloaded" } } },
    apiKey: providerKey,
  });
  vi.stubEnv("TEST_PROVIDER_KEY", providerKey);
  const [a, b] = [newKey(), newKey()];
  await withFolder(async (folder) => {
    const text = `
models:
  good: { provider: openai, model: gpt-4o, key: TEST_PROVIDER_KEY, baseURL: "${simulator.url}/v1", middleware: [{ cache: { ttl: 1m } }] }
  bad: { provider: openai, model: gpt-4o-mini, key: TEST_PROVIDER_KEY, baseURL: "${simulator.url}/v1", hidden: true }
  both: { fallback: [bad, good] }
  spread: { balance: [good, { model: good-too, weight: 3 }] }
  good-too: { fallback: [good], hidden: true }
keys:
  - { name: a, hash: "${a.hash}", budget: { usd: 1, window: day } }
  - { name: b, hash: "${b.hash}" }
store: { sqlite: "${join(folder, "g.db")}" }
listen: { port: 0 }
`;
    const log: LogEntry[] = [];
    const config = readConfig(text, "g.yaml");
    const made = await gatewayFromConfig(config, (entry) => void log.push(entry));
    const server = await made.gateway.serve(made.listen);
    expect((await ask(server.url, a.key, { model: "both" })).status).toBe(200);
    expect(log.at(-1)?.attempts).toMatchObject([{ model: "gpt-4o-mini" }, { model: "gpt-4o" }]);
    expect((await ask(server.url, a.key, { model: "bad" })).status).toBe(404);
    expect((await ask(server.url, a.key, { model: "spread" })).status).toBe(200);

    // The same question again is a hit, of the same key alone: no key learns what another asked.
    const before = simulator.requests.length;
    await ask(server.url, a.key, { model: "good" });
    expect(simulator.requests.length).toBe(before);
    await ask(server.url, b.key, { model: "good" });
    expect(simulator.requests.length).toBe(before + 1);

    // It is in one's own network, and could be sent anywhere in it.
    const image = [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://a.example/x.png" } }] }];
    expect((await ask(server.url, a.key, { model: "good", messages: image })).status).toBe(400);

    await server.drain();
    await made.close();
    const { sqliteStore } = await import("@plugboard/store-sqlite");
    using store = sqliteStore({ path: join(folder, "g.db") });
    const { spent, held } = await store.ledger.spend("gateway%2Fa/all", "day");
    expect(spent).toBeGreaterThan(0);
    expect(held).toBe(0);
  });
});

test("a module is a configuration, too", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "g.config.ts");
    await writeFile(path, `const keys: string = "none";\nexport default { models: {}, keys, store: "memory", grace: "5s" };\n`);
    await expect(loadConfig(path)).resolves.toEqual({ models: {}, keys: "none", store: "memory", grace: 5000 });
    await expect(loadConfig(join(folder, "none.yaml"))).rejects.toMatchObject({ code: "not-found" });
  });
});

test.each([
  ["an entry that leads back to itself", { a: { fallback: ["b"] }, b: { fallback: ["a"] } }, "a → b → a"],
  ["a variable that is not set", { a: { provider: "openai", model: "m", key: "SURELY_NOT_SET" } }, "SURELY_NOT_SET"],
  ["an embedding model where there is none", { a: { provider: "anthropic", model: "m", kind: "embedding" } }, "anthropic has no embedding"],
  ["a cache in front of embeddings", { a: { provider: "openai", model: "m", kind: "embedding", middleware: [{ cache: {} }] } }, "cache"],
] as const)("refuses %s", async (_, models, message) => {
  await expect(gatewayFromConfig({ models, keys: "none", store: "memory", log: "none" })).rejects.toThrow(message);
});

test.each(providerNames)("makes models of %s", async (provider) => {
  const options = { vertex: { project: "p" }, azure: { endpoint: "https://a.openai.azure.com" }, bedrock: { region: "us-east-1" } };
  const entry = { provider, model: "m", options: options[provider as keyof typeof options] ?? {} };
  const made = await gatewayFromConfig({ models: { m: entry }, keys: "none", store: "memory", log: "none" });
  const response = await made.gateway.fetch(new Request("http://127.0.0.1/v1/models"));
  await expect(response.json()).resolves.toMatchObject({ data: [{ id: "m" }] });
  await made.close();
});

test("a store in Redis is the one of its package", async () => {
  const made = await gatewayFromConfig({ models: {}, keys: "none", store: { redis: "redis://127.0.0.1:1" }, log: "none" });
  const response = await made.gateway.fetch(new Request("http://127.0.0.1/readyz"));
  expect(response.status).toBe(503);
  await made.close();
});
