import { ModelError } from "@plugboard/core";
import { describe, expect, test } from "vitest";
import { hashOfKey } from "../keys/new-key.ts";
import { checkedConfig, readConfig } from "./read-config.ts";

const hash = hashOfKey("k");

const good = `
models:
  fast:
    provider: openai
    model: gpt-4o-mini
    key: OPENAI_API_KEY
    middleware:
      - retry
      - timeout: { total: 30s }
      - cache: { ttl: 1h, scope: [tenant] }
  smart:
    fallback: [fast]
keys:
  - name: team-a
    hash: ${hash}
    models: [fast]
    budget: { usd: 5, window: day }
  - name: team-b
    hash: ${hashOfKey("b")}
    budget: [{ usd: 1, window: { rolling: 1h } }, { nanoDollars: 9 }]
listen: { port: 8787, headersTimeout: 5s }
grace: 1m
`;

test("reads short forms and durations", () => {
  const { models, keys, listen, grace } = readConfig(good, "g.yaml");
  expect(models["fast"]?.middleware).toEqual([
    { retry: {} },
    { timeout: { total: 30_000 } },
    { cache: { ttl: 3_600_000, scope: ["tenant"] } },
  ]);
  expect(keys).toMatchObject([
    { budget: [{ usd: 5, window: "day" }] },
    { budget: [{ usd: 1, window: { rolling: 3_600_000 } }, { nanoDollars: 9 }] },
  ]);
  expect(listen).toEqual({ port: 8787, headersTimeout: 5000 });
  expect(grace).toBe(60_000);
});

test("reads JSON, too", () => {
  expect(readConfig('{\n "models": {},\n "keys": "none"\n}', "g.json")).toEqual({ models: {}, keys: "none" });
});

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(ModelError);
    return (error as ModelError).message;
  }
  throw new Error("It was read.");
}

describe("says where what is wrong, and what is accepted", () => {
  test.each([
    ["a provider", "provider: openai", "provider: opnai", /^g\.yaml:4:15: models\.fast\.provider must be one of .*openai.*; it is "opnai"\.$/],
    ["a member", "    model: gpt-4o-mini", "    modle: gpt-4o-mini", /^g\.yaml:5:5: models\.fast has no member modle; it may have provider, model, /m],
    ["a duration", "30s", "soon", /^g\.yaml:9:27: models\.fast\.middleware\[1\]\.timeout\.total must be milliseconds, .*"soon"\.$/],
    ["a layer", "- retry", "- rety", /^g\.yaml:8:9: models\.fast\.middleware\[0\] has no member rety; it may have retry, timeout, cache/],
    ["a fallback", "[fast]\nkeys", "[fats]\nkeys", /^g\.yaml:12:16: models\.smart\.fallback\[0\] names fats, which is none of the models: fast, smart; it is "fats"\.$/],
    ["a number", "port: 8787", "port: web", /^g\.yaml:21:17: listen\.port must be a number; it is "web"\.$/],
    ["what is missing", "    provider: openai\n", "", /^g\.yaml:4:5: models\.fast must have one of provider, fallback and balance\.$/m],
    ["a budget", "{ usd: 5, window: day }", "{ usd: 5, window: week }", /^g\.yaml:17:31: keys\[0\]\.budget(\[0\])?\.window must be total, day, month or /],
    ["YAML", "keys:\n", "keys: [\n", /^g\.yaml:\d+:\d+: /],
    ["what stands twice", "grace: 1m", "grace: 1m\ngrace: 2m", /^g\.yaml:23:1: .*unique/i],
  ])("of %s", (_, before, after, message) => {
    expect(good).toContain(before);
    expect(messageOf(() => readConfig(good.replace(before, after), "g.yaml"))).toMatch(message);
  });

  test("all at once", () => {
    const text = good.replace("provider: openai", "provider: opnai").replace("grace: 1m", "grace: never");
    expect(messageOf(() => readConfig(text, "g.yaml")).split("\n")).toHaveLength(2);
  });

  test("without repeating a key that stands in the wrong place", () => {
    const secret = "sk-live-0123456789abcdefghij";
    for (const text of [
      good.replace("key: OPENAI_API_KEY", `key: ${secret}`),
      good.replace(hash, secret),
      good.replace("model: gpt-4o-mini", `apiKey: ${secret}`),
    ]) {
      const message = messageOf(() => readConfig(text, "g.yaml"));
      expect(message).not.toContain(secret);
      expect(message).toMatch(/^g\.yaml:\d+:\d+: /);
    }
  });

  test("of a configuration that a program made", () => {
    expect(messageOf(() => checkedConfig({ models: {}, keys: "all" }, "g.ts"))).toBe(
      "g.ts: keys must be none, or a list of keys with name and hash.",
    );
    expect(messageOf(() => checkedConfig(undefined, "g.ts"))).toContain("g.ts: the configuration");
  });
});
