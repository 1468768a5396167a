// Two models as one: the second is asked when the first fails, the same question is paid for once, and nothing is spent beyond a limit.
// It runs against a simulator on this machine; without `baseURL`, the same lines ask the real services.
import { anthropic } from "@plugboard/anthropic";
import { openai } from "@plugboard/openai";
import { simulate } from "@plugboard/testing";
import { budget, cache, fallback, retry, textOf } from "plugboard";

const simulator = await simulate({
  models: {
    "gpt-4o": { answer: "", fault: { type: "error", code: "overloaded" } },
    "claude-haiku-4-5": { answer: "Because air scatters blue light more than red." },
  },
});
try {
  const a = openai("gpt-4o", { baseURL: `${simulator.url}/v1`, apiKey: "any" });
  const b = anthropic("claude-haiku-4-5", { baseURL: simulator.url, apiKey: "any" });
  const model = fallback([a, b]).with(cache(), budget({ limit: { usd: 1 } }), retry());

  for (const turn of ["first", "second"]) {
    const result = await model.generate("Why is the sky blue?");
    const attempts = result.attempts?.map(({ model, outcome }) => `${model} ${outcome}`).join(", ");
    console.log(`${turn} call: ${textOf(result)} (${attempts || "from the cache"})`);
  }
} finally {
  await simulator.close();
}
