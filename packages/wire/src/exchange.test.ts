import { getEventListeners } from "node:events";
import { crc32 } from "node:zlib";
import { ModelError } from "@plugboard/core";
import type { CallOptions, Json, ModelEvent, ModelReply } from "@plugboard/core";
import { describe, expect, test, vi } from "vitest";
import { exchange, exchangeWhole } from "./exchange.ts";
import type { Exchange, WholeExchange } from "./exchange.ts";
import { fetchTransport } from "./fetch-transport.ts";
import { awsEventStream } from "./aws-event-stream.ts";
import { nodeTransport } from "./node-transport.ts";
import { failureFrom, testExchange, wholeExchange } from "./test-exchange.ts";
import { bodyOf, sendEvents, testServer } from "./test-server.ts";
import { testTransport } from "./test-transport.ts";
import type { WireOptions } from "./wire-options.ts";

async function eventsFrom(reply: ModelReply): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of reply) events.push(event);
  return events;
}

testTransport("fetch", fetchTransport());
testTransport("node:http", nodeTransport());

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
    return { ...given, stream: { ...given.stream!, framing: awsEventStream } };
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
