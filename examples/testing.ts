// An application's own test: a scripted model where the model does not matter, the simulator where the wire does.
import assert from "node:assert/strict";
import { openai } from "@plugboard/openai";
import { scripted, simulate } from "@plugboard/testing";
import { generateObject, retry, timeout } from "plugboard";
import type { Model } from "plugboard";
import { z } from "zod";

/** The application: it takes a model, and knows no provider. */
async function triage(model: Model, mail: string): Promise<"urgent" | "later"> {
  const { object } = await generateObject(model, {
    schema: z.enum(["urgent", "later"]),
    messages: [
      { role: "system", content: "Sort the mail." },
      { role: "user", content: mail },
    ],
  });
  return object;
}

console.log("Scripted: what the application asks, and what it makes of the answer.");
const model = scripted('{"value":"urgent"}');
assert.equal(await triage(model, "The server is on fire."), "urgent");
assert.deepEqual(model.requests[0]?.messages[1], { role: "user", content: "The server is on fire." });

console.log("Scripted: what it does when the model fails.");
const spent = scripted({ error: "quota" });
await assert.rejects(triage(spent, "Hello"), { code: "quota" });

console.log(
  "Simulated: the provider's own protocol over HTTP, cut in the middle of its first answer, silent at the second.",
);
await using simulator = await simulate({
  models: {
    "gpt-4o-mini": {
      answer: '{"value":"later"}',
      fault: [
        { type: "cut", at: 5 },
        { type: "stall", at: "headers" },
      ],
    },
  },
});
const real = openai("gpt-4o-mini", { baseURL: `${simulator.url}/v1`, apiKey: "any" });
const careful = real.with(retry({ delay: 1 }), timeout({ total: 250 }));
assert.equal(await triage(careful, "See you next year."), "later");
await simulator.idle();
const outcomes = simulator.requests.map(({ outcome }) => outcome);
console.log(` the simulator saw: ${outcomes.join(", ")}`);
assert.deepEqual(outcomes, ["broken", "aborted", "finished"]);
