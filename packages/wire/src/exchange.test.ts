import { getEventListeners } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, crc32, deflateSync, gzipSync } from "node:zlib";
import { ModelError } from "@plugboard/core";
import type { CallOptions, Json, ModelEvent, ModelReply } from "@plugboard/core";
import { describe, expect, test, vi } from "vitest";
import { exchange, exchangeWhole } from "./exchange.ts";
import type { Exchange, WholeExchange } from "./exchange.ts";
import { fetchTransport } from "./fetch-transport.ts";
import { nodeTransport } from "./node-transport.ts";
import { failureFrom, testExchange, wholeExchange } from "./test-exchange.ts";
import { bodyOf, sendEvents, testServer } from "./test-server.ts";
import type { Transport } from "./transport.ts";
import type { WireOptions } from "./wire-options.ts";

const transports: readonly [string, Transport][] = [
  ["fetch", fetchTransport()],
  ["node:http", nodeTransport()],
];

async function eventsFrom(reply: ModelReply): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of reply) events.push(event);
  return events;
}

describe.each(transports)("over %s", (_, transport) => {
  const options = { transport };

  test("sends the body as JSON, and the headers of all three, the nearest to the call last", async () => {
    await using server = await testServer(async (request, response) => {
      const { "x-one": one, "x-two": two, "content-type": type, authorization } = request.headers;
      response.end(JSON.stringify({ text: JSON.stringify([await bodyOf(request), one, two, type, authorization]) }));
    });
    const reply = await exchange(
      wholeExchange(server.url, {
        options: { transport, headers: { "X-One": "options", "x-two": "options" } },
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
    const reply = await exchange(testExchange(server.url, { options }));
    expect(await reply.text()).toBe("Hello");
    await server.closed();
  });

  test("uses one connection for calls that follow each other, streamed, whole or refused", async () => {
    let calls = 0;
    await using server = await testServer((request, response) => {
      request.resume();
      calls++;
      if (calls % 3 === 0) response.writeHead(400).end("no");
      else if (calls % 3 === 1) response.end('{"text":"Hello"}');
      else {
        sendEvents(response, 'data: {"text":"Hello"}\n\ndata: [DONE]\n\n');
        response.end();
      }
    });
    // The fetch of Node gives a connection back a moment after its body has ended.
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
    for (let round = 0; round < 3; round++) {
      expect(await (await exchange(wholeExchange(server.url, { options }))).text()).toBe("Hello");
      await pause();
      expect(await (await exchange(testExchange(server.url, { options }))).text()).toBe("Hello");
      await pause();
      await failureFrom(exchange(wholeExchange(server.url, { options })));
      await pause();
    }
    expect(server.connections).toBe(1);
  });

  test("makes an HTTP error one of ours, with the status, the id and the wait, and without the key", async () => {
    await using server = await testServer((_, response) => {
      response.writeHead(429, { "content-type": "text/event-stream", "x-request-id": "req-7", "retry-after": "2" });
      response.end('{"error":{"message":"Slow down, sk-test-0123456789abcdef.","type":"requests"}}');
    });
    expect(await failureFrom(exchange(testExchange(server.url, { options })))).toMatchObject({
      code: "rate-limit",
      message: "Slow down, [redacted].",
      status: 429,
      requestId: "req-7",
      retryAfter: 2000,
      provider: "parrot",
      model: "polly",
    });
  });

  test("reads no more of an error than its bound", async () => {
    await using server = await testServer((_, response) => {
      response.writeHead(500);
      const more = (): void => void (response.destroyed || response.write("x".repeat(10_000), more));
      more();
    });
    const error = await failureFrom(exchange(testExchange(server.url, { options })));
    expect(error).toMatchObject({ code: "server", status: 500 });
    await server.closed();
  });

  test("follows no redirect: neither key nor question go where it says", async () => {
    let followed = 0;
    await using other = await testServer((_, response) => {
      followed++;
      response.end("{}");
    });
    await using server = await testServer((_, response) => {
      response.writeHead(307, { location: other.url }).end();
    });
    const error = await failureFrom(exchange(wholeExchange(server.url, { options })));
    expect(error).toMatchObject({ code: "invalid-request", status: 307 });
    expect(error.message).toMatch(/^parrot redirects to http:\/\/127\.0\.0\.1:\d+, which is not followed/);
    expect(followed).toBe(0);
  });

  test.each(["headers", "a stream", "a whole body", "an error body"])(
    "closes the socket when called off before the end of %s",
    async (phase) => {
      let reached: () => void;
      const arrived = new Promise<void>((resolve) => (reached = resolve));
      await using server = await testServer((request, response) => {
        request.resume();
        if (phase === "a stream") sendEvents(response, ": hello\n\n");
        else if (phase === "a whole body") response.write('{"text":');
        else if (phase === "an error body") response.writeHead(500).write("Oh");
        setImmediate(() => reached());
      });
      const controller = new AbortController();
      const request = { messages: [], stream: true, signal: controller.signal };
      const make = phase === "a whole body" ? wholeExchange : testExchange;
      const failing = failureFrom(exchange(make(server.url, { options, request })));
      await arrived;
      const reason = new Error("changed my mind");
      controller.abort(reason);
      expect(await failing).toMatchObject({ code: "aborted", cause: reason, provider: "parrot" });
      await server.closed();
      expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
    },
  );

  test("closes the socket when the reader leaves or cancels under a hung read", async () => {
    await using server = await testServer((_, response) => {
      sendEvents(response, 'data: {"text":"Hel"}\n\n');
    });
    const left = await exchange(testExchange(server.url, { options }));
    for await (const event of left) if (event.type === "text-delta") break;
    await server.closed();

    const cancelled = await exchange(testExchange(server.url, { options }));
    const result = failureFrom(cancelled.result());
    cancelled.cancel();
    expect(await result).toMatchObject({ code: "aborted" });
    await server.closed();
  });

  test.each([
    ["headers", 0],
    ["first", 1],
    ["idle", 2],
  ] as const)(
    "ends a call when the %s clock runs out, keep-alives or not, and closes the socket",
    async (phase, steps) => {
      await using server = await testServer((_, response) => {
        if (steps > 0) {
          sendEvents(response, "");
          const beat = setInterval(() => response.write(': ping\n\ndata: {"usage":1}\n\ndata: {"text":""}\n\n'), 5);
          response.on("close", () => clearInterval(beat));
        }
        if (steps > 1) response.write('data: {"text":"Hel"}\n\n');
      });
      const clocks = { [phase]: 40 };
      const failing = exchange(testExchange(server.url, { options: { transport, clocks } })).then((reply) =>
        reply.result(),
      );
      const error = await failureFrom(failing);
      expect(error).toMatchObject({ code: "timeout", phase, provider: "parrot" });
      expect(error.message).toContain("within 40 ms");
      await server.closed();
    },
  );

  test("lets an answer in one body take its time, up to the total", async () => {
    await using server = await testServer((_, response) => {
      setTimeout(() => response.write('{"text":'), 30);
    });
    const clocks = { headers: 5, first: 5, idle: 5, total: 80 };
    const error = await failureFrom(exchange(wholeExchange(server.url, { options: { transport, clocks } })));
    expect(error).toMatchObject({ code: "timeout", phase: "total" });
    await server.closed();
  });

  test("takes a connection that breaks in the middle as a failure of the network, and keeps what was said", async () => {
    await using server = await testServer((_, response) => {
      sendEvents(response, 'data: {"text":"Hel"}\n\n');
      setTimeout(() => response.destroy(), 10);
    });
    const reply = await exchange(testExchange(server.url, { options }));
    const error = await failureFrom(reply.result());
    expect(error).toMatchObject({ code: "network", retryable: true, partial: { content: [{ text: "Hel" }] } });
    expect(error.phase).toBeUndefined();
  });

  test("never takes an answer without its finish for a success", async () => {
    await using server = await testServer((_, response) => {
      sendEvents(response, 'data: {"text":"Hel"}\n\ndata: {"text":"lo"}');
      response.end();
    });
    const error = await failureFrom((await exchange(testExchange(server.url, { options }))).result());
    expect(error).toMatchObject({ code: "truncated", provider: "parrot", partial: { content: [{ text: "Hello" }] } });
  });

  test.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ])("understands %s although it asks for none, and counts what was unpacked", async (encoding, pack) => {
    await using server = await testServer((request, response) => {
      const text = request.headers["x-bomb"] ? "x".repeat(3_000_000) : "Hello";
      response.writeHead(200, { "content-encoding": encoding });
      response.end(pack(JSON.stringify({ text })));
    });
    expect(await (await exchange(wholeExchange(server.url, { options }))).text()).toBe("Hello");

    const bomb = wholeExchange(server.url, {
      options: { transport, headers: { "x-bomb": "1" }, bounds: { body: 100_000 } },
    });
    expect(await failureFrom(exchange(bomb))).toMatchObject({
      code: "parse",
      message: expect.stringContaining("too large"),
    });
  });

  test("takes a stream that comes byte by byte, with CRLF and comments", async () => {
    await using server = await testServer(async (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const body = ': hi\r\n\r\ndata: {"text":"😀 é"}\r\n\r\ndata:[DONE]\r\n\r\n';
      for (const byte of Buffer.from(body)) {
        response.write(Buffer.of(byte));
        await new Promise(setImmediate);
      }
    });
    expect(await (await exchange(testExchange(server.url, { options }))).text()).toBe("😀 é");
  });

  test("closes the socket of a reply that was dropped, once it is collected", async () => {
    await using server = await testServer((_, response) => sendEvents(response, 'data: {"text":"a"}\n\n'));
    await exchange(testExchange(server.url, { options }));
    const collecting = setInterval(() => globalThis.gc!(), 5);
    await expect(server.closed()).resolves.toBeUndefined();
    clearInterval(collecting);
  });

  test("says of a refused connection that it never was one", async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const error = await failureFrom(exchange(wholeExchange(`http://127.0.0.1:${port}/v1?key=abc`, { options })));
    expect(error).toMatchObject({ code: "network", phase: "connect", retryable: true });
    expect(error.message).toBe(`Could not connect to 127.0.0.1:${port} (ECONNREFUSED).`);
  });

  test("says of a connection that closes without an answer that the network failed, once", async () => {
    let connections = 0;
    const silent = createServer((socket) => {
      connections++;
      socket.on("error", () => {});
      socket.once("data", () => socket.destroy());
    });
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const error = await failureFrom(exchange(wholeExchange(`http://127.0.0.1:${port}/`, { options })));
    expect(error).toMatchObject({ code: "network" });
    expect(error.phase).toBeUndefined();
    expect(connections).toBe(1);
    await new Promise((resolve) => silent.close(resolve));
  });
});

test("reads a streamed call that is answered in one piece", async () => {
  await using server = await testServer((request, response) => {
    response.writeHead(200, { "content-type": String(request.headers["x-type"]) });
    response.end(request.headers["x-body"]);
  });
  function ask(type: string, body: string): Promise<ModelReply> {
    return exchange(testExchange(server.url, { options: { headers: { "x-type": type, "x-body": body } } }));
  }
  expect(await (await ask("application/json; charset=utf-8", ' {"text":"Hello"}')).text()).toBe("Hello");
  expect(await (await ask("text/event-stream", '{"text":"Hello"}')).text()).toBe("Hello");
  for (const type of ["application/json", "text/event-stream"]) {
    const overflow = '{"error":{"code":400,"message":"too much","type":"exceed_context_size_error"}}';
    expect(await failureFrom(ask(type, overflow))).toMatchObject({ code: "context-length", message: "too much" });
    expect(await failureFrom(ask(type, "<!doctype html><p>Log in</p>"))).toMatchObject({
      code: "parse",
      message: "The answer of parrot is a web page, not JSON.",
      partial: { content: [{ type: "text", text: "<!doctype html><p>Log in</p>" }] },
    });
    expect(await failureFrom(ask(type, '{"other":1}'))).toMatchObject({
      code: "parse",
      message: "The answer of parrot is not what the protocol says.",
      cause: expect.any(TypeError),
    });
  }
});

test("takes an empty body for an answer that was cut where it was to be streamed, and for one that cannot be read elsewhere", async () => {
  function ask(type: string, body: string): Promise<ModelReply> {
    const fetch = (): Promise<Response> => Promise.resolve(new Response(body, { headers: { "content-type": type } }));
    return exchange(testExchange("https://parrot.example", { options: { fetch } }));
  }
  expect(await failureFrom(ask("application/json", ""))).toMatchObject({
    code: "parse",
    message: "The answer of parrot is empty.",
  });
  for (const body of ["", " \n", ": comment\n\n", "event: message\ndata", "data"]) {
    expect(await failureFrom(ask("text/event-stream", body))).toMatchObject({ code: "truncated", retryable: true });
  }
});

test.each(['data: {"text":"and mo', "data: {", "data: [DON"])(
  "calls an answer truncated that ends in the middle of an event: %s",
  async (rest) => {
    const fetch = (): Promise<Response> => Promise.resolve(new Response(`data: {"text":"Hello"}\n\n${rest}`));
    const reply = await exchange(testExchange("https://parrot.example", { options: { fetch } }));
    expect(await failureFrom(reply.result())).toMatchObject({
      code: "truncated",
      partial: { content: [{ type: "text", text: "Hello" }] },
    });
  },
);

test("still tells an error that is the last event and lacks its end", async () => {
  const error = '{"error":{"message":"too busy","type":"overloaded_error"}}';
  const fetch = (): Promise<Response> => Promise.resolve(new Response(`data: ${error}`));
  const failed = await failureFrom(exchange(testExchange("https://parrot.example", { options: { fetch } })));
  expect(failed).toMatchObject({ code: "overloaded", message: "too busy" });
});

describe("does not repeat", () => {
  const key = "sk-test-0123456789abcdef";
  const ask = (body: string, status = 200, type = "text/event-stream"): Promise<ModelError> => {
    const fetch = (): Promise<Response> =>
      Promise.resolve(new Response(body, { status, headers: { "content-type": type } }));
    const request = { messages: [{ role: "user", content: "Where does the treasure lie?" }], stream: true } as const;
    const headers = { "x-proxy-token": "omega-sigma" }; // of no shape that a key has
    return failureFrom(exchange(testExchange("https://parrot.example", { request, options: { fetch, headers } })));
  };

  test.each([
    ["a refusal", `{"error":"no omega-sigma, no ${key}"}`, 401],
    ["an error in the stream", `data: {"error":"no omega-sigma, no ${key}"}\n\n`, 200],
    ["one that has an id", `data: {"error":{"message":"no omega-sigma, no ${key}","request_id":"req_1"}}\n\n`, 200],
    ["an error for an answer", `{"error":{"message":"no omega-sigma, no ${key}","request_id":"req_1"}}`, 200],
  ])("a key, in %s", async (_, body, status) => {
    expect((await ask(body, status)).message).toBe("no [redacted], no [redacted]");
  });

  test("what was asked, in what a server says that validates it", async () => {
    const said = '{"error":"too long: input_value=\'Where does the treasure lie?\'"}';
    expect((await ask(said, 400)).message).toBe("too long: input_value='[redacted]'");
    expect((await ask(`data: ${said}\n\n`)).message).toBe("too long: input_value='[redacted]'");
  });
});

test("keeps the text of an answer that is not JSON, bounded and without the key", async () => {
  const body = `{"text": sk-test-0123456789abcdef ${"x".repeat(100_000)}`;
  const fetch = (): Promise<Response> => Promise.resolve(new Response(body));
  const error = await failureFrom(exchange(wholeExchange("https://parrot.example", { options: { fetch } })));
  expect(error).toMatchObject({ code: "parse", message: "The answer of parrot is not JSON.", status: 200 });
  const [part] = error.partial!.content;
  expect(part).toMatchObject({ type: "text", text: expect.stringMatching(/^\{"text": \[redacted\] x+$/) });
  expect((part as { text: string }).text.length).toBeLessThan(70_000);
});

test("takes blank lines before a JSON body", async () => {
  const fetch = (): Promise<Response> => Promise.resolve(new Response('\n\n\n{"text":"Hello"}'));
  expect(await (await exchange(wholeExchange("https://parrot.example", { options: { fetch } }))).text()).toBe("Hello");
});

test("gives what was said before an error inside the stream, then the error, with whose it was", async () => {
  const body = 'data: {"text":"Hel"}\n\ndata: {"error":{"type":"overloaded_error","message":"Overloaded"}}\n\n';
  const headers = { "content-type": "text/event-stream", "x-request-id": "req-9" };
  const fetch = (): Promise<Response> => Promise.resolve(new Response(body, { headers }));
  const reply = await exchange(testExchange("https://parrot.example", { options: { fetch } }));
  expect((await reply.next()).value).toMatchObject({ type: "start", headers: { "x-request-id": "req-9" } });
  expect((await reply.next()).value).toMatchObject({ type: "text-delta", text: "Hel" });
  expect(await failureFrom(reply.next())).toMatchObject({
    code: "overloaded",
    model: "polly",
    requestId: "req-9",
    partial: { content: [{ text: "Hel" }] },
  });
});

test("rejects when an error is the first event, so that nobody has seen anything", async () => {
  const body = 'event: error\ndata: {"error":{"type":"overloaded_error","message":"Overloaded"}}\n\n';
  const fetch = (): Promise<Response> => Promise.resolve(new Response(body));
  const error = await failureFrom(exchange(testExchange("https://parrot.example", { options: { fetch } })));
  expect(error).toMatchObject({ code: "overloaded" });
});

test("gives the events of one read at once", async () => {
  const body = 'data: {"text":"a"}\n\ndata: {"text":"b"}\n\ndata: [DONE]\n\n';
  const fetch = (): Promise<Response> => Promise.resolve(new Response(body));
  const reply = await exchange(testExchange("https://parrot.example", { options: { fetch } }));
  const types = (await reply.pull())!.map(({ type }) => type);
  expect(types).toEqual(["start", "text-delta", "text-delta", "part", "finish"]);
});

test("bounds an event", async () => {
  await using server = await testServer((_, response) => {
    sendEvents(response, "data: ");
    const more = (): void => void (response.destroyed || response.write("x".repeat(10_000), more));
    more();
  });
  const error = await failureFrom(exchange(testExchange(server.url, { options: { bounds: { event: 100_000 } } })));
  expect(error).toMatchObject({ code: "parse", message: expect.stringContaining("too large") });
  await server.closed();
});

test("sends nothing for a call that is off already, and takes its reason", async () => {
  let sent = 0;
  const fetch = (): Promise<Response> => Promise.reject(new Error(`sent ${++sent}`));
  const budget = new ModelError("Spent.", { code: "budget" });
  for (const [reason, expected] of [
    [budget, budget],
    [new DOMException("late", "TimeoutError"), { code: "timeout" }],
    ["whim", { code: "aborted", cause: "whim" }],
  ] as const) {
    const request = { messages: [], signal: AbortSignal.abort(reason) };
    const error = await failureFrom(exchange(wholeExchange("https://parrot.example", { request, options: { fetch } })));
    expect(error).toMatchObject(expected);
  }
  expect(sent).toBe(0);
});

test("leaves no listener on a signal that outlives many calls", async () => {
  const { signal } = new AbortController();
  const request = { messages: [], stream: true, signal };
  for (const body of [
    'data: {"text":"a"}\n\ndata: [DONE]\n\n',
    'data: {"text":"a"}\n\n',
    "data: {\n\n",
    "<html>",
    "",
  ]) {
    const fetch = (): Promise<Response> => Promise.resolve(new Response(body));
    const call = exchange(testExchange("https://parrot.example", { request, options: { fetch } }));
    await call.then(eventsFrom).catch(() => {});
  }
  const refused = (): Promise<Response> => Promise.reject(new Error("no"));
  await failureFrom(exchange(testExchange("https://parrot.example", { request, options: { fetch: refused } })));
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

test("names a header that cannot be sent, and never its value", async () => {
  const headers = { authorization: "Bearer sk-test-0123456789\nabcdef" };
  const error = await failureFrom(exchange(wholeExchange("https://parrot.example", { headers })));
  expect(error).toMatchObject({ code: "invalid-request", message: expect.stringContaining('"authorization"') });
  expect(error.message).not.toContain("0123456789");
});

test("holds back a server that is faster than the reader", async () => {
  let written = 0;
  await using server = await testServer((_, response) => {
    sendEvents(response, 'data: {"text":"a"}\n\n');
    const piece = `data: {"text":"${"x".repeat(60_000)}"}\n\n`;
    const more = (): void => {
      while (!response.destroyed && written < 100_000_000) {
        written += piece.length;
        if (!response.write(piece)) return void response.once("drain", more);
      }
    };
    more();
  });
  const reply = await exchange(testExchange(server.url, {}));
  await new Promise((resolve) => setTimeout(resolve, 60));
  const before = written;
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(written).toBe(before);
  expect(written).toBeLessThan(50_000_000);
  reply.cancel();
  await server.closed();
});

describe("what is always answered in one body", () => {
  interface Vectors {
    readonly vectors: Json;
    readonly headers: unknown;
  }
  const vectors = (url: string, options: WireOptions = {}, request: CallOptions = {}): WholeExchange<Vectors> => ({
    provider: "parrot",
    model: "embed",
    url,
    headers: { authorization: "Bearer sk-test-0123456789abcdef" },
    body: { input: ["a"] },
    request,
    options,
    warnings: [],
    whole(body, { headers }) {
      if (!isList(body)) throw new TypeError("no list");
      return { vectors: body, headers };
    },
  });

  test("comes back as the adapter reads it, with the headers worth keeping", async () => {
    let accept: unknown;
    await using server = await testServer(async (request, response) => {
      accept = request.headers.accept;
      response.writeHead(200, { "x-request-id": "req-8" }).end(await bodyOf(request).then(() => "[[1,2]]"));
    });
    expect(await exchangeWhole(vectors(server.url))).toEqual({
      vectors: [[1, 2]],
      headers: { "x-request-id": "req-8" },
    });
    expect(accept).toBe("application/json");
  });

  test.each<[string, number, string, object]>([
    ["a refusal", 429, "slow down", { code: "rate-limit", status: 429, provider: "parrot", model: "embed" }],
    ["what is not JSON", 200, "[[1,", { code: "parse" }],
    ["what the adapter cannot read", 200, "{}", { code: "parse", cause: expect.any(TypeError) }],
    ["nothing", 200, "", { code: "parse" }],
  ])("is one of our errors for %s", async (_, status, body, expected) => {
    const fetch = (): Promise<Response> => Promise.resolve(new Response(body, { status }));
    expect(await failureFrom(exchangeWhole(vectors("https://parrot.example", { fetch })))).toMatchObject(expected);
  });

  test("ends when it is called off or late, and leaves no listener", async () => {
    await using server = await testServer(() => {});
    const { signal, abort } = abortable();
    setTimeout(abort, 3);
    expect(await failureFrom(exchangeWhole(vectors(server.url, {}, { signal })))).toMatchObject({ code: "aborted" });
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    const late = exchangeWhole(vectors(server.url, { clocks: { total: 5 } }));
    expect(await failureFrom(late)).toMatchObject({ code: "timeout", phase: "total" });
  });
});

function isList(body: Json): boolean {
  return Array.isArray(body);
}

function abortable(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

test("signs a request as it goes out: all its headers in lower case, and the body to the byte", async () => {
  const sent: { readonly headers: Headers; readonly body: unknown }[] = [];
  const fetch: typeof globalThis.fetch = (_url, init) => {
    sent.push({ headers: new Headers(init?.headers), body: init?.body });
    return Promise.resolve(Response.json({ text: "Hi" }));
  };
  const sign = vi.fn<NonNullable<Exchange["sign"]>>().mockResolvedValue({ Authorization: "Signed it-is" });
  const request = { messages: [], headers: { "X-Trace": "1" } };
  await exchange(wholeExchange("https://parrot.example/chat", { sign, request, options: { fetch } }));
  const [signed] = sign.mock.calls[0]!;
  expect(signed).toMatchObject({ method: "POST", url: "https://parrot.example/chat", headers: { "x-trace": "1" } });
  expect(sent[0]!.body).toBe(signed.body);
  expect(sent[0]!.headers.get("authorization")).toBe("Signed it-is");
  expect(sent[0]!.headers.get("x-trace")).toBe("1");
});

describe("an AWS event stream", () => {
  const bytes = readFrames();

  /** Two messages by the specification: `{"text":"Hi"}` of the type "say", `[DONE]` of the type "stop". */
  function readFrames(): Uint8Array {
    const frames = [
      ["say", '{"text":"Hi"}'],
      ["stop", "[DONE]"],
    ].map(([type, payload]) => {
      const headers = Buffer.concat([
        Buffer.from("\x0b:event-type\x07\0"),
        Buffer.from([type!.length]),
        Buffer.from(type!),
      ]);
      const frame = Buffer.alloc(16 + headers.length + payload!.length);
      frame.writeUInt32BE(frame.length, 0);
      frame.writeUInt32BE(headers.length, 4);
      frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
      headers.copy(frame, 12);
      frame.write(payload!, 12 + headers.length);
      frame.writeUInt32BE(crc32(frame.subarray(0, -4)), frame.length - 4);
      return frame;
    });
    return Buffer.concat(frames);
  }

  function answered(body: string | Uint8Array<ArrayBuffer>, type = "application/vnd.amazon.eventstream"): Exchange {
    const fetch: typeof globalThis.fetch = (_url, init) => {
      expect(new Headers(init?.headers).get("accept")).toBe("application/vnd.amazon.eventstream");
      return Promise.resolve(new Response(body, { headers: { "content-type": type } }));
    };
    const given = testExchange("https://parrot.example", { options: { fetch } });
    return { ...given, stream: { ...given.stream!, framing: "aws-eventstream" } };
  }

  test("is read as bytes", async () => {
    expect(await (await exchange(answered(Buffer.from(bytes)))).text()).toBe("Hi");
  });

  test("that ends in the middle of a message is truncated", async () => {
    const reply = await exchange(answered(Buffer.from(bytes.subarray(0, -3))));
    expect(await failureFrom(reply.result())).toMatchObject({
      code: "truncated",
      partial: { content: [{ text: "Hi" }] },
    });
  });

  test("that is damaged, or none at all, is a parse error that says so", async () => {
    const damaged = Buffer.from(bytes);
    damaged[damaged.length - 6]! ^= 1;
    const reply = await exchange(answered(damaged));
    expect(await failureFrom(reply.result())).toMatchObject({ code: "parse", provider: "parrot" });
    expect(await failureFrom(exchange(answered("<html>Welcome</html>")))).toMatchObject({ code: "parse" });
    expect(await failureFrom(exchange(answered("")))).toMatchObject({ code: "truncated" });
  });

  test("may be answered in one body", async () => {
    expect(await (await exchange(answered('{"text":"Whole"}', "application/json"))).text()).toBe("Whole");
  });
});
