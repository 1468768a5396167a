// The chain of the README: two models, with a cache, a budget and retries in front. The first one is at its rate limit.
// With OPENAI_API_KEY and ANTHROPIC_API_KEY set it asks the real ones.
import assert from "node:assert/strict";
import { anthropic } from "@plugboard/anthropic";
import { openai } from "@plugboard/openai";
import { simulate } from "@plugboard/testing";
import { budget, cache, cost, fallback, retry, textOf } from "plugboard";

const live = Boolean(process.env["OPENAI_API_KEY"] && process.env["ANTHROPIC_API_KEY"]);
console.log(live ? "Asking OpenAI and Anthropic." : "No keys: asking a simulator, where gpt-4o is at its rate limit.");
await using simulator = await simulate({
  models: {
    "gpt-4o": { answer: "Never said.", fault: { type: "throttle" } },
    "claude-haiku-4-5": { answer: "Because air scatters blue light more than red." },
  },
});
const apiKey = "any";
const a = live ? openai("gpt-4o") : openai("gpt-4o", { baseURL: `${simulator.url}/v1`, apiKey });
const b = live ? anthropic("claude-haiku-4-5") : anthropic("claude-haiku-4-5", { baseURL: simulator.url, apiKey });

const chain = fallback([a, b]).with(cache(), budget({ limit: { usd: 5 } }), retry());
const model = chain.with(cost()); // a chain is a model, too

const reply = await model.stream("Why is the sky blue?");
for await (const event of reply) if (event.type === "text-delta") process.stdout.write(event.text);
const first = await reply.result();
console.log();
for (const { provider, model, outcome, error = "" } of first.attempts ?? []) {
  console.log(` ${provider} ${model} ${outcome} ${error}`);
}
console.log(` cost: $${(first.cost?.total ?? NaN) / 1e9}`);

const second = await model.generate("Why is the sky blue?");
console.log(` again: cached ${second.cached}, cost $${(second.cost?.total ?? NaN) / 1e9}`);

assert.equal(textOf(second), textOf(first));
assert.equal(second.cached, true);
assert.equal(second.cost?.total, 0);
assert.ok(first.cost && first.cost.total > 0);
if (!live) {
  const outcomes = first.attempts?.map(({ model, outcome }) => `${model} ${outcome}`);
  assert.deepEqual(outcomes, ["gpt-4o failed", "claude-haiku-4-5 finished"]);
}
