// A vendor that speaks OpenAI's chat completions in its own way is a few lines of data. The vendor here is a small server of its own.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { textOf } from "@plugboard/core";
import { compatible } from "@plugboard/openai/compatible";

const acme = compatible({
  provider: "acme",
  baseURL: "https://api.acme.example/v1",
  keyVariable: "ACME_API_KEY",
  maxTokens: "max_completion_tokens", // what its limit on the output is called
  efforts: ["low", "high"], // how hard it can be asked to think
  refuses: ["seed"], // what it would answer with an error
  failures: [{ status: 418, code: "overloaded" }], // what its failures mean
});

const bodies: Record<string, unknown>[] = [];
async function answerAs(request: IncomingMessage, response: ServerResponse): Promise<void> {
  bodies.push(JSON.parse((await request.toArray()).join("")) as Record<string, unknown>);
  const message = { role: "assistant", content: `Hello with ${request.headers.authorization}` };
  const choices = [{ index: 0, message, finish_reason: "stop" }];
  const usage = { prompt_tokens: 4, completion_tokens: 2 };
  response.writeHead(bodies.length > 1 ? 418 : 200, { "content-type": "application/json" });
  response.end(bodies.length > 1 ? "{}" : JSON.stringify({ model: "parrot-1", choices, usage }));
}
const server = createServer((request, response) => void answerAs(request, response)).listen(0, "127.0.0.1");
await once(server, "listening");

try {
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const model = acme("parrot-1", { baseURL, apiKey: "acme-key" });
  const answer = await model.generate({
    messages: [{ role: "user", content: "Hello" }],
    maxOutputTokens: 100,
    reasoning: "medium",
    seed: 7,
  });
  console.log("A local server got:", bodies[0]);
  for (const { path, message } of answer.warnings) console.log(` ${path}: ${message}`);

  assert.equal(textOf(answer), "Hello with Bearer acme-key");
  assert.equal(bodies[0]?.["max_completion_tokens"], 100);
  assert.equal(bodies[0]?.["seed"], undefined);
  assert.deepEqual(new Set(answer.warnings.map(({ path }) => path)), new Set(["reasoning", "seed"]));
  await assert.rejects(model.generate("Hello again"), { code: "overloaded", provider: "acme" });
} finally {
  server.close();
}
