import { expect, test } from "vitest";
import { exchange } from "./exchange.ts";
import { failureFrom, testExchange, wholeExchange } from "./test-exchange.ts";
import { bodyOf, sendEvents, testServer } from "./test-server.ts";

test("sends the body as JSON with the headers of all three, the nearest to the call last", async () => {
  await using server = await testServer(async (request, response) => {
    const { "x-one": one, "x-two": two, "content-type": type, authorization } = request.headers;
    response.end(JSON.stringify({ text: JSON.stringify([await bodyOf(request), one, two, type, authorization]) }));
  });
  const reply = await exchange(
    wholeExchange(server.url, {
      options: { headers: { "X-One": "options", "x-two": "options" } },
      request: { messages: [], headers: { "x-two": "request" } },
    }),
  );
  expect(JSON.parse(await reply.text())).toEqual([
    '{"ask":"hello"}',
    "options",
    "request",
    "application/json",
    "Bearer sk-test-0123456789abcdef",
  ]);
});

test("streams what arrives, and ends with the finish although the server holds the connection", async () => {
  await using server = await testServer((_, response) => {
    sendEvents(response, 'data: {"text":"Hel"}\n\n', 'data: {"text":"lo"}\n\ndata: [DONE]\n\n');
  });
  const reply = await exchange(testExchange(server.url));
  expect(await reply.text()).toBe("Hello");
  await server.closed();
});

test("makes an HTTP error one of ours, with the status, the id and the wait", async () => {
  await using server = await testServer((_, response) => {
    response.writeHead(429, { "x-request-id": "req-7", "retry-after": "2" });
    response.end('{"error":{"message":"Slow down, sk-test-0123456789abcdef.","type":"requests"}}');
  });
  expect(await failureFrom(exchange(testExchange(server.url)))).toMatchObject({
    code: "rate-limit",
    message: "Slow down, [redacted].",
    status: 429,
    requestId: "req-7",
    retryAfter: 2000,
    provider: "parrot",
    model: "polly",
  });
});
