// An application that speaks OpenAI's SDK: other models behind its client, and its own provider first with others behind.
import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import { anthropic } from "@plugboard/anthropic";
import { simulate } from "@plugboard/testing";
import { dropIn, unwrap, wrap } from "@plugboard/wrap";
import OpenAI from "openai";
import { cache } from "plugboard";

/** The application as it is: it knows OpenAI's client and nothing else. */
async function greet(client: OpenAI, name: string): Promise<string> {
  const stream = await client.chat.completions.create({
    model: "gpt-4o",
    messages: [{ role: "user", content: `Greet ${name}.` }],
    stream: true,
  });
  let text = "";
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
  return text;
}

// A server on this machine stands for both providers; OpenAI is overloaded.
await using simulator = await simulate({
  models: {
    "gpt-4o": { answer: "Hello from OpenAI.", fault: { type: "error", code: "overloaded", at: "headers" } },
    "claude-haiku-4-5": { answer: "Hello from Claude." },
  },
});
const claude = anthropic("claude-haiku-4-5", { baseURL: simulator.url, apiKey: "key-of-anthropic" });

console.log("1. Claude behind OpenAI's client: nothing but `fetch` changes.");
const dropped = new OpenAI({ apiKey: "unused", fetch: dropIn(claude.with(cache())) });
assert.equal(await greet(dropped, "Ada"), "Hello from Claude.");
assert.equal(await greet(dropped, "Ada"), "Hello from Claude.");
assert.equal(simulator.requests.length, 1, "the second answer came from the cache");

console.log("2. The same model behind Anthropic's client, by an alias.");
const fetch = dropIn({ models: { claude }, aliases: { "claude-sonnet-4-6": "claude" } });
const message = await new Anthropic({ apiKey: "unused", fetch }).messages.create({
  model: "claude-sonnet-4-6",
  max_tokens: 100,
  messages: [{ role: "user", content: "Hello" }],
});
assert.equal(message.content[0]?.type === "text" && message.content[0].text, "Hello from Claude.");

console.log("3. A client that is there already: OpenAI first, Claude when it is overloaded.");
const client = new OpenAI({ apiKey: "key-of-openai", baseURL: `${simulator.url}/v1`, maxRetries: 0 });
await assert.rejects(greet(client, "Ada"), { status: 503 });
wrap(client, { fallback: [claude] });
assert.equal(await greet(client, "Ada"), "Hello from Claude.");

const [first, second] = simulator.requests.slice(-2);
assert.equal(first?.headers.authorization, "Bearer key-of-openai");
assert.equal(second?.headers["x-api-key"], "key-of-anthropic");
assert.equal(second?.headers.authorization, undefined, "the other provider never sees OpenAI's key");

unwrap(client);
await assert.rejects(greet(client, "Ada"), { status: 503 });
console.log("   …and as it was, once it is unwrapped.");
