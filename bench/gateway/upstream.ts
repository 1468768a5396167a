// A provider in a process of its own, as quick as it can be: a body, a stream of 20 chunks, or 2,000 tokens and then nothing.
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const base = { id: "chatcmpl-1", created: 1_700_000_000, model: "gpt-4o" };
const usage = { prompt_tokens: 9, completion_tokens: 20, total_tokens: 29 };
const whole = JSON.stringify({
  ...base,
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: "Good day to you." }, finish_reason: "stop" }],
  usage,
});
const chunk = (choices: object[], more = {}): string =>
  `data: ${JSON.stringify({ ...base, object: "chat.completion.chunk", choices, ...more })}\n\n`;
const word = chunk([{ index: 0, delta: { content: "word " }, finish_reason: null }]);
const end = `${chunk([{ index: 0, delta: {}, finish_reason: "stop" }])}${chunk([], { usage })}data: [DONE]\n\n`;

/** A chunk a turn of the event loop, so that each is a read of its own where there is time. */
function streamWords(response: ServerResponse, left: number): void {
  if (left === 0) return void response.end(end);
  response.write(word);
  setImmediate(() => streamWords(response, left - 1));
}

/** An answer of 2,000 tokens, 10 kB, of which the end does not come. */
function streamWithoutEnd(response: ServerResponse, left = 2000): void {
  while (left > 0 && !response.destroyed) {
    left--;
    if (!response.write(word)) return void response.once("drain", () => streamWithoutEnd(response, left));
  }
}

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (text: string) => (body += text));
  request.on("end", () => {
    if (!body.includes('"stream":true')) {
      response.writeHead(200, { "content-type": "application/json", "content-length": whole.length });
      response.end(whole);
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    if (body.includes("without end")) streamWithoutEnd(response);
    else streamWords(response, 20);
  });
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.on("disconnect", () => process.exit());
