// A connection breaks in the middle of an answer, and the reader does not notice: the next model goes on from what was said.
import assert from "node:assert/strict";
import { anthropic } from "@plugboard/anthropic";
import { openai } from "@plugboard/openai";
import { simulate } from "@plugboard/testing";
import { fallback, textOf } from "plugboard";

const whole = "Blue light is scattered more than red, so the sky is blue.";
const said = whole.length - "ttered more than red, so the sky is blue.".length;
await using simulator = await simulate({
  models: {
    "gpt-4o": { answer: whole, fault: { type: "cut", at: said } },
    // Like many a model, it begins again with the word that was cut.
    "claude-haiku-4-5": { answer: "scattered more than red, so the sky is blue." },
  },
});
const apiKey = "any";
const a = openai("gpt-4o", { baseURL: `${simulator.url}/v1`, apiKey });
const b = anthropic("claude-haiku-4-5", { baseURL: simulator.url, apiKey });
const model = fallback([a, b], { continueMidStream: true });

const reply = await model.stream({
  messages: [{ role: "user", content: "Why is the sky blue?" }],
  notify: (notice) => {
    if (notice.type === "resumed") console.log(`\n [${notice.from.id} broke off: ${notice.to.id} goes on]`);
  },
});
for await (const event of reply) if (event.type === "text-delta") process.stdout.write(event.text);
const result = await reply.result();
console.log();
for (const { code, message } of result.warnings) console.log(` ${code}: ${message}`);
for (const { model, outcome, error = "" } of result.attempts ?? []) console.log(` ${model} ${outcome} ${error}`);

assert.equal(textOf(result), whole);
assert.deepEqual(
  result.attempts?.map(({ outcome }) => outcome),
  ["failed", "finished"],
);
