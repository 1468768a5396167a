import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import type { CallOptions, ModelRequest, Prompt } from "@plugboard/core";
import { promptKey } from "./prompt-key.ts";

const key = (request: ModelRequest, { fingerprint = "test:model", scope = [] as string[] } = {}): string | undefined =>
  promptKey(fingerprint, request, scope);

/** A value of every member of the prompt, and of all that they are made of. */
const full: Required<Prompt> = {
  messages: [
    { role: "system", content: "Be brief.", providerData: { anthropic: { cache: { ttl: "5m" } } } },
    {
      role: "user",
      content: [
        { type: "text", text: "What is this?", providerData: { test: { a: 1 } } },
        { type: "file", mediaType: "image/png", data: new Uint8Array([1, 2, 3]), filename: "a.png" },
        { type: "file", mediaType: "image/png", data: new URL("https://example.com/a.png") },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "Hm.", providerData: { test: { signature: "abc" } } },
        {
          type: "text",
          text: "It is",
          citations: [
            {
              source: {
                type: "source",
                id: "1",
                url: "https://example.com",
                title: "t",
                mediaType: "text/html",
                filename: "f",
              },
              start: 0,
              end: 2,
              quote: "It",
            },
          ],
        },
        { type: "source", id: "2", url: "https://example.com/2" },
        {
          type: "tool-call",
          id: "call_1",
          name: "look",
          input: { deep: [1, { nested: true }] },
          raw: '{"deep":[1,{"nested":true}]}',
        },
        { type: "tool-call", id: "call_2", name: "look", input: "{", invalid: true, executed: true },
        { type: "opaque", kind: "redacted_thinking", providerData: { test: { data: "xyz" } } },
      ],
    },
    {
      role: "tool",
      content: [
        {
          type: "tool-result",
          id: "call_1",
          name: "look",
          isError: true,
          executed: true,
          output: [
            { type: "json", value: { found: null } },
            { type: "text", text: "a" },
            { type: "file", mediaType: "image/png", data: new Uint8Array([9]) },
          ],
        },
      ],
    },
  ],
  tools: [
    {
      type: "function",
      name: "look",
      description: "Looks.",
      input: { type: "object", properties: { q: { type: "string" } } },
      strict: true,
      providerData: { test: { x: 1 } },
    },
    { type: "provider", id: "openai.web_search", name: "search", options: { depth: 2 } },
  ],
  toolChoice: { name: "look" },
  output: { schema: { type: "object" }, name: "answer", description: "An answer." },
  suffix: "end",
  maxOutputTokens: 100,
  temperature: 0.5,
  topP: 0.9,
  topK: 40,
  presencePenalty: 0.1,
  frequencyPenalty: 0.2,
  stop: ["END", "STOP"],
  seed: 7,
  reasoning: { budgetTokens: 1000 },
  providerOptions: { openai: { user: "u", nested: { list: [1, 2] } } },
};

test("a copy gives the same key, whatever the order of its members", () => {
  const turned = (value: unknown): unknown => {
    if (value instanceof Uint8Array || value instanceof URL || typeof value !== "object" || value === null)
      return value;
    if (Array.isArray(value)) return value.map(turned);
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([name, member]) => [name, turned(member)]),
    );
  };
  expect(key(turned(full) as ModelRequest)).toBe(key(full));
});

test("what is undefined is as what is absent, and -0 as 0", () => {
  const messages = full.messages;
  expect(key({ messages, seed: undefined } as unknown as ModelRequest)).toBe(key({ messages }));
  expect(key({ messages, temperature: -0 })).toBe(key({ messages, temperature: 0 }));
  expect(key({ messages, temperature: 0 })).not.toBe(key({ messages }));
});

test("a buffer's bytes count, not its kind; the functions of tools do not", () => {
  const withData = (data: Uint8Array): ModelRequest => ({
    messages: [{ role: "user", content: [{ type: "file", mediaType: "image/png", data }] }],
  });
  expect(key(withData(Buffer.from([1, 2])))).toBe(key(withData(new Uint8Array([0, 1, 2]).subarray(1))));
  const runnable = { name: "look", input: { type: "object" }, run: () => 1 };
  expect(key({ messages: full.messages, tools: [runnable] })).toBe(
    key({ messages: full.messages, tools: [{ name: "look", input: { type: "object" } }] }),
  );
});

test("any two JSON values have the same key exactly when they are the same", () => {
  const normal = (value: unknown): string =>
    JSON.stringify(value, (_, member: unknown) =>
      typeof member === "object" && member !== null && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : member,
    );
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const of = (value: unknown): string | undefined =>
        key({ messages: full.messages, providerOptions: { test: { value } } } as ModelRequest);
      expect(of(one) === of(other)).toBe(normal(one) === normal(other));
    }),
  );
});

describe("the circumstances of a call", () => {
  const circumstances: Required<CallOptions & Pick<ModelRequest, "stream">> = {
    signal: new AbortController().signal,
    deadline: 1,
    attemptTimeout: 1,
    headers: { "x-trace": "1" },
    tags: { tenant: "a" },
    notify: () => {},
    admit: async () => {},
    stream: true,
  };

  test("are not in the key", () => {
    expect(key({ ...full, ...circumstances })).toBe(key(full));
  });

  test("but the model and the tags of the scope are", () => {
    const tagged = (tags: Record<string, string>): string | undefined => key({ ...full, tags }, { scope: ["tenant"] });
    const keys = [
      key(full),
      key(full, { fingerprint: "other:model" }),
      tagged({ tenant: "a" }),
      tagged({ tenant: "b" }),
      tagged({ tenant: "" }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(tagged({ tenant: "a", user: "x" })).toBe(tagged({ tenant: "a", user: "y" }));
  });

  test("and without a tag of the scope there is no key", () => {
    expect(key(full, { scope: ["tenant"] })).toBeUndefined();
    expect(key({ ...full, tags: { user: "x" } }, { scope: ["tenant"] })).toBeUndefined();
  });
});

test("the key shows nothing of the prompt", () => {
  expect(key(full)).toMatch(/^plugboard:1:[0-9a-f]{64}$/);
});
