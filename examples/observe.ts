// What happens on the way of a call, as typed events: for logs, metrics and traces.
import assert from "node:assert/strict";
import { openai } from "@plugboard/openai";
import { simulate } from "@plugboard/testing";
import { cache, cost, observe, retry } from "plugboard";

console.log("A simulator, throttled once: no key and no network.");
await using simulator = await simulate({
  models: { "gpt-4o-mini": { answer: "Hello, Ada.", fault: [{ type: "throttle", retryAfter: 20 }] } },
});

const seen: string[] = [];
const log = (line: string): void => {
  seen.push(line.split(" ")[0]!);
  console.log(` ${line}`);
};
const watch = observe();
watch.events.on("start", ({ id, tags }) => log(`start ${id} for ${tags?.["user"]}`));
watch.events.on("cache", ({ step }) => log(`cache ${step}`));
watch.events.on("attempt", ({ attempt: { model, outcome, error = "" } }) =>
  log(`attempt ${model} ${outcome} ${error}`),
);
watch.events.on("retry", ({ attempt, delay }) => log(`retry number ${attempt} follows in ${delay} ms`));
watch.events.on("end", (end) =>
  log(end.status === "finished" ? `end finished for ${end.result.usage.output} tokens` : `end ${end.status}`),
);

const model = openai("gpt-4o-mini", { baseURL: `${simulator.url}/v1`, apiKey: "any" }).with(
  watch,
  cache(),
  retry({ delay: 10 }),
  cost(),
);
const request = { messages: [{ role: "user", content: "Hello" }], tags: { user: "ada" } } as const;
await model.generate(request);
await model.generate(request);

const attempts = ["attempt", "attempt"]; // each starts and ends
const first = ["start", "cache", ...attempts, "retry", ...attempts, "cache", "end"];
assert.deepEqual(seen, [...first, "start", "cache", "end"]);
assert.equal(simulator.requests.length, 2);
