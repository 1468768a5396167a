import { ModelError } from "@plugboard/core";
import { simulate } from "@plugboard/testing";
import { afterEach, expect, test, vi } from "vitest";
import { newKey } from "../keys/new-key.ts";
import { providerKey } from "../test-gateway.ts";
import type { LogEntry } from "../telling/log-entry.ts";
import { gatewayFromConfig } from "./gateway-from-config.ts";
import { modelsFromConfig } from "./models-from-config.ts";
import { readConfig } from "./read-config.ts";

afterEach(() => void vi.unstubAllEnvs());

const tiersText = `
tiers:
  frontier: { models: [gpt], price: { output: 20 } }
  production: { models: mini }
  edge: { models: [llama], local: true }
tiering: { name: auto, onBudget: down }
`;

function textOf(url: string, keys: string, tiers = tiersText): string {
  return `
models:
  gpt: { provider: openai, model: gpt-4o, key: TEST_PROVIDER_KEY, baseURL: "${url}/v1", hidden: true }
  mini: { provider: openai, model: gpt-4o-mini, key: TEST_PROVIDER_KEY, baseURL: "${url}/v1", hidden: true }
  llama: { provider: openai, model: llama, key: TEST_PROVIDER_KEY, baseURL: "${url}/v1", hidden: true }
${tiers}
${keys}
tags: { tier: x-tier }
store: memory
listen: { port: 0 }
`;
}

const messages = [{ role: "user", content: "Hello" }];

test("clients ask for a tier by its name, or by tags; a key keeps what it asks on this machine", async () => {
  await using simulator = await simulate({
    models: { "gpt-4o": { answer: "gpt" }, "gpt-4o-mini": { answer: "mini" }, llama: { answer: "llama" } },
    apiKey: providerKey,
  });
  vi.stubEnv("TEST_PROVIDER_KEY", providerKey);
  const [a, b, c] = [newKey(), newKey(), newKey()];
  const keys = `
keys:
  - { name: a, hash: "${a.hash}" }
  - { name: b, hash: "${b.hash}", tags: { privacy: edge-only } }
  - { name: c, hash: "${c.hash}", models: [edge] }
`;
  const log: LogEntry[] = [];
  // All three are at one address of this machine; that of two is said to be none of its own.
  const apart = `
tiers:
  frontier: { models: [gpt], local: false }
  production: { models: mini, local: false }
  edge: { models: [llama] }
tiering: { name: auto }
`;
  const config = readConfig(textOf(simulator.url, keys, apart), "g.yaml");
  const made = await gatewayFromConfig(config, (entry) => void log.push(entry));
  const server = await made.gateway.serve(made.listen);

  async function answer(key: string, model: string, headers: Record<string, string> = {}): Promise<unknown> {
    const response = await fetch(`${server.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
      body: JSON.stringify({ model, messages }),
    });
    const body = (await response.json()) as {
      readonly choices?: readonly { readonly message: { readonly content: string } }[];
    };
    return response.status === 200 ? body.choices![0]!.message.content : response.status;
  }

  try {
    expect([await answer(a.key, "frontier"), await answer(a.key, "production"), await answer(a.key, "edge")]).toEqual([
      "gpt",
      "mini",
      "llama",
    ]);
    expect([await answer(a.key, "auto"), await answer(a.key, "auto", { "x-tier": "frontier" })]).toEqual([
      "mini",
      "gpt",
    ]);
    expect(await answer(a.key, "gpt")).toBe(404);

    const before = simulator.requests.length;
    expect([await answer(b.key, "auto"), await answer(b.key, "frontier"), await answer(b.key, "production")]).toEqual([
      "llama",
      400,
      400,
    ]);
    expect(simulator.requests.length).toBe(before + 1);
    expect([await answer(c.key, "edge"), await answer(c.key, "frontier")]).toEqual(["llama", 404]);
  } finally {
    await server.drain();
    await made.close();
  }
});

test("what a key may spend pushes its requests down a tier", async () => {
  await using simulator = await simulate({
    models: { "gpt-4o": { answer: "gpt" }, "gpt-4o-mini": { answer: "mini" }, llama: { answer: "llama" } },
    apiKey: providerKey,
  });
  vi.stubEnv("TEST_PROVIDER_KEY", providerKey);
  const key = newKey();
  // The longest answer of gpt-4o can cost $0.16, that of gpt-4o-mini $0.01.
  const keys = `keys: [{ name: a, hash: "${key.hash}", budget: { usd: 0.02, window: day } }]`;
  const made = await gatewayFromConfig(readConfig(textOf(simulator.url, keys), "g.yaml"), () => {});
  const server = await made.gateway.serve(made.listen);
  try {
    const response = await fetch(`${server.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key.key}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "frontier", messages, max_tokens: 16_000 }),
    });
    expect([response.status, simulator.requests.length]).toEqual([200, 1]);
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: "mini" } }] });
  } finally {
    await server.drain();
    await made.close();
  }
});

test("a program has the tiers of a file, too", async () => {
  vi.stubEnv("TEST_PROVIDER_KEY", providerKey);
  const config = readConfig(textOf("http://127.0.0.1:1", "keys: none"), "g.yaml");
  expect(Object.keys(await modelsFromConfig(config))).toEqual(["frontier", "production", "edge", "auto"]);
});

test.each([
  [
    "models: [gpt],",
    "models: [gtp],",
    /tiers\.frontier\.models\[0\] names gtp, which is none of the models: gpt, mini, llama/,
  ],
  ["models: mini", "models: mani", /tiers\.production\.models\[0\] names mani/],
  ["local: true", "locl: true", /tiers\.edge has no member locl; it may have models, abilities, /],
  ["local: true", "local: maybe", /tiers\.edge\.local must be true, false or trusted/],
  ["onBudget: down", "onBudget: pay", /tiering\.onBudget must be one of refuse, down/],
  ["edge:", "llama:", /tiers\.llama has the name of a model/],
  ["name: auto", "name: edge", /tiering\.name is the name of a model or a tier/],
])("%s written as %s is told with its line", (before, after, sentence) => {
  const text = textOf("http://127.0.0.1:1", "keys: none", tiersText.replace(before, after));
  const read = () => readConfig(text, "g.yaml");
  expect(read).toThrow(sentence);
  expect(read).toThrow(/^g\.yaml:\d+:\d+: tier/);
});

test("what can only be known of the models is told when they are made", async () => {
  vi.stubEnv("TEST_PROVIDER_KEY", providerKey);
  const away = textOf("https://api.example.com", "keys: none");
  const error = await modelsFromConfig(readConfig(away, "g.yaml")).catch((error: unknown) => ModelError.from(error));
  expect(error).toMatchObject({
    code: "invalid-request",
    message: expect.stringContaining("llama is not on this machine") as string,
  });
});
