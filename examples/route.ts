// Who answers is decided for each request: by tier, by cost within a bound of quality, and by whether a cheaper answer can be trusted.
import assert from "node:assert/strict";
import { ollama } from "@plugboard/ollama";
import { openai } from "@plugboard/openai";
import { simulate } from "@plugboard/testing";
import { agreeing, cascade, cost, route, textOf, tiers } from "plugboard";
import type { ModelRequest } from "plugboard";

await using simulator = await simulate({
  models: {
    "gpt-4o": { answer: "About 384,400 km." },
    "gpt-4o-mini": { answer: "About 384,000 km." },
    "llama3.2": { answer: "Far." },
  },
});
const options = { baseURL: `${simulator.url}/v1`, apiKey: "any" };
const large = openai("gpt-4o", options);
const small = openai("gpt-4o-mini", options);
const here = ollama("llama3.2", { baseURL: simulator.url });

const question = "How far is the moon?";
const ask = (tags: Record<string, string>): ModelRequest => ({ messages: [{ role: "user", content: question }], tags });

// The cheapest that is at least 95 % as good as the best, by figures of an evaluation.
const quality = { "gpt-4o": 0.86, "gpt-4o-mini": 0.82 };
const cheapest = route({ models: [large, small], minimize: "cost", subjectTo: { quality: 0.95 }, quality });
const { chosen, why, candidates } = cheapest.explain(question);
console.log(`${chosen?.id}: ${why}`);
for (const { name, quality: figures, cost: paid } of candidates) {
  console.log(` ${name}: ${((figures?.relative ?? 0) * 100).toFixed(1)} %, $${(paid ?? NaN) / 1e9}`);
}

// The remote models stand at an address of this machine here, and are said not to be on it.
const tiered = tiers({
  frontier: { models: large, local: false },
  production: { models: cheapest, local: false },
  edge: here,
});
for (const tags of [{}, { tier: "frontier" }, { privacy: "edge-only" }]) {
  const result = await tiered.with(cost()).generate(ask(tags));
  const [attempt] = result.attempts ?? [];
  console.log(
    `${JSON.stringify(tags)}: ${result.model}`,
    attempt?.choices?.map(({ why: said }) => said),
  );
}

// The small one is trusted when it says the same three times.
const trusted = cascade([small, large], { accept: agreeing({ samples: 3, least: 3 }) });
const answer = await trusted.generate({
  ...ask({}),
  notify: (notice) => {
    if (notice.type === "cascaded") for (const { model, why: said } of notice.steps) console.log(`${model.id} ${said}`);
  },
});

assert.equal(chosen?.id, "gpt-4o-mini");
assert.equal((await tiered.generate(ask({ privacy: "edge-only" }))).model, "llama3.2");
await assert.rejects(tiered.generate(ask({ privacy: "edge-only", tier: "frontier" })), { code: "unsupported" });
assert.equal(textOf(answer), "About 384,000 km.");
assert.equal(answer.attempts?.length, 3);
