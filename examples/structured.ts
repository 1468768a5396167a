// Typed values: a schema in, a checked value out; and the same while it is being written.
// With OPENAI_API_KEY set it asks gpt-4o-mini.
import assert from "node:assert/strict";
import { openai } from "@plugboard/openai";
import { simulate } from "@plugboard/testing";
import { generateObject, streamObject } from "plugboard";
import { z } from "zod";

const live = Boolean(process.env["OPENAI_API_KEY"]);
console.log(live ? "Asking OpenAI." : "No key: asking a simulator, whose first answer does not fit.");
const forecast = z.object({ city: z.string(), degrees: z.number(), advice: z.array(z.string()) });
const value = { city: "Lisbon", degrees: 21, advice: ["a light jacket", "sunglasses"] };
await using simulator = await simulate({
  models: {
    "gpt-4o-mini": {
      answer: (_, { call }) => JSON.stringify(call === 0 ? { ...value, degrees: "mild" } : value),
    },
  },
});
const model = live ? openai("gpt-4o-mini") : openai("gpt-4o-mini", { baseURL: `${simulator.url}/v1`, apiKey: "any" });
const messages = [
  { role: "user", content: "It is 21 degrees in Lisbon. What should I wear? Two pieces of advice." },
] as const;

// What does not fit is asked for again, once, with what was wrong with it.
const { object, result } = await generateObject(model, { schema: forecast, messages });
console.log(` ${object.city}, ${object.degrees.toFixed(1)} degrees, in ${result.attempts?.length} attempts`);

const reply = await streamObject(model, { schema: forecast, messages });
let most = 0;
for await (const partial of reply.partials) most = Math.max(most, partial.advice?.length ?? 0);
const streamed = await reply.object();
console.log(` streamed: ${streamed.advice.join(", ")}`);

assert.match(object.city, /Lisbon/);
assert.equal(most, streamed.advice.length);
if (!live) {
  assert.deepEqual(object, value);
  assert.deepEqual(streamed, value);
  assert.equal(result.attempts?.length, 2);
  assert.match(JSON.stringify(simulator.requests[1]?.body), /does not do/);
}
