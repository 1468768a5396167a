// A budget for each user: what a call can cost is set aside before it is made, so callers who race cannot pass the limit together.
import assert from "node:assert/strict";
import { scriptedAs } from "@plugboard/testing";
import { budget, cost, memoryLedger, observe } from "plugboard";
import type { ModelError } from "plugboard";

console.log("A scripted model, at the catalogue's prices of gpt-4o: no key and no network.");
const answers = ["Four.", { usage: { input: 1000, output: 200 } }] as const;
const script = scriptedAs({ provider: "openai", id: "gpt-4o" }, answers);

const ledger = memoryLedger();
const watch = observe();
let settled = 0;
watch.events.on("budget", ({ step, amount }) => (settled += step === "settled" ? amount : 0));
const model = script.with(watch, cost(), budget({ limit: { usd: 0.02, per: ["user"], window: "day" }, ledger }));

const ask = (user: string): Promise<string> =>
  model
    .generate({ messages: [{ role: "user", content: "2 + 2?" }], maxOutputTokens: 400, tags: { user } })
    .then(({ cost }) => `answered for $${(cost?.total ?? NaN) / 1e9}`)
    .catch((error: ModelError) => `${error.code}: ${error.message}`);

const ada = await Promise.all(Array.from({ length: 50 }, () => ask("ada")));
for (const outcome of new Set(ada)) console.log(` ada: ${outcome}`);
const bob = await ask("bob");
console.log(` bob: ${bob}`);

const spend = await ledger.spend("user=ada", "day");
console.log(` ada has spent $${spend.spent / 1e9} of $0.02, in ${script.requests.length - 1} calls`);

assert.ok(spend.spent > 0 && spend.spent <= 20_000_000);
assert.equal(spend.held, 0);
// 1,000 × 2,500 + 200 × 10,000 nano-dollars
assert.equal(bob, "answered for $0.0045");
assert.equal(settled, spend.spent + 4_500_000);
assert.ok(ada.some((outcome) => outcome.startsWith("budget: The budget for user=ada does not pay for this")));
