// The adapter that a newcomer writes, whole, against a small server of its own that says things back in pieces.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ModelError, ModelReply, defineModel } from "@plugboard/core";
import type { Draft, Model, ModelRequest } from "@plugboard/core";

function parrot({ url }: { readonly url: string }): Model {
  async function* answer({ messages, signal }: ModelRequest): AsyncGenerator<Draft> {
    const body = JSON.stringify(messages);
    const response = await fetch(url, { method: "POST", body, signal: signal ?? null });
    if (!response.ok) {
      const code = response.status === 503 ? "overloaded" : "unknown";
      throw new ModelError(`Parrot said ${response.status}.`, { code, status: response.status });
    }
    for await (const text of response.body!.pipeThrough(new TextDecoderStream())) yield text;
    yield { finishReason: "stop", usage: { input: 3, output: 5 } }; // without it the answer is `truncated`
  }
  return defineModel({
    provider: "parrot",
    id: "polly",
    call: (request) => ModelReply.from(answer(request), { model: "polly" }),
  });
}

let asked = 0;
async function sayBack(request: IncomingMessage, response: ServerResponse): Promise<void> {
  asked++;
  const body = (await request.toArray()).join("");
  const [{ content }] = JSON.parse(body) as [{ content: string }];
  if (content === "fly") response.writeHead(503).end();
  else for (const word of content.split(/(?<= )/)) response.write(word);
  response.end();
}
const server = createServer((request, response) => void sayBack(request, response)).listen(0, "127.0.0.1");
await once(server, "listening");

try {
  const model = parrot({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const reply = await model.stream("Polly wants a cracker");
  assert.equal(await reply.text(), "Polly wants a cracker");
  const { usage, attempts } = await reply.result();
  assert.deepEqual(usage, { input: 3, output: 5 });
  assert.equal(attempts?.[0]?.outcome, "finished");
  console.log("A local server says:", await reply.text(), usage);

  await assert.rejects(model.generate("fly"), { code: "overloaded", status: 503, retryable: true });
  console.log("A failure has a code: overloaded, so it may pass. Requests:", asked);
  assert.equal(asked, 2);
} finally {
  server.close();
}
