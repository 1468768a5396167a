import { clientFaults } from "@plugboard/recordings";
import { ModelError } from "@plugboard/core";
import { expect, test } from "vitest";
import { exchange } from "./exchange.ts";
import { networkFailure } from "./network-failure.ts";
import { failureFrom, testExchange, wholeExchange } from "./test-exchange.ts";

const context = { provider: "parrot", model: "polly", url: "https://user.example:8443/v1/secret-path?key=abc" };

function broken(code: string): Error {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
}

test.each([
  ["ECONNREFUSED", { code: "network", phase: "connect" }],
  ["ENOTFOUND", { code: "network", phase: "connect" }],
  ["EAI_AGAIN", { code: "network", phase: "connect" }],
  ["CERT_HAS_EXPIRED", { code: "network", phase: "connect" }],
  ["UND_ERR_CONNECT_TIMEOUT", { code: "timeout", phase: "connect" }],
  ["UND_ERR_HEADERS_TIMEOUT", { code: "timeout", phase: "headers" }],
  ["UND_ERR_BODY_TIMEOUT", { code: "timeout", phase: "idle" }],
  ["ECONNRESET", { code: "network", phase: undefined }],
  ["EPIPE", { code: "network", phase: undefined }],
  ["UND_ERR_SOCKET", { code: "network", phase: undefined }],
  ["ETIMEDOUT", { code: "network", phase: undefined }],
])("understands %s", (code, expected) => {
  const error = networkFailure(broken(code), context);
  expect(error).toMatchObject({ ...expected, retryable: true, provider: "parrot", model: "polly" });
  expect(error.message).toContain(`user.example:8443 (${code}).`);
  expect(error.message).not.toMatch(/secret-path|abc/);
});

test.each([
  ["node:http", { code: "HPE_INVALID_CONSTANT", rawPacket: Buffer.from("secret") }],
  ["fetch", { name: "HTTPParserError", data: "secret" }],
])("keeps none of the bytes that the parser of %s could not read", (_, parser) => {
  const { cause } = networkFailure(
    new TypeError("fetch failed", { cause: Object.assign(new Error("no"), parser) }),
    context,
  );
  expect((cause as Error).cause).not.toHaveProperty("rawPacket");
  expect((cause as Error).cause).not.toHaveProperty("data");
});

test("finds the code among the addresses that were tried", () => {
  const each = [Object.assign(new Error("no"), { code: "ECONNREFUSED" })];
  expect(networkFailure(new TypeError("fetch failed", { cause: new AggregateError(each) }), context).phase).toBe(
    "connect",
  );
});

test("knows that nothing was sent when the transport saw no connection", () => {
  const unconnected = { ...context, unconnected: true };
  expect(networkFailure(broken("ECONNRESET"), unconnected)).toMatchObject({ code: "network", phase: "connect" });
  expect(networkFailure(broken("ETIMEDOUT"), unconnected)).toMatchObject({ code: "timeout", phase: "connect" });
});

test("passes on what is an error of ours already", () => {
  const error = new ModelError("No.", { code: "unsupported" });
  expect(networkFailure(error, context)).toBe(error);
});

/** What the recorded cases say in words, done. */
const raised: Readonly<Record<string, () => Promise<unknown>>> = {
  "client-connection-refused": () => ask(() => Promise.reject(broken("ECONNREFUSED"))),
  "client-dns": () => ask(() => Promise.reject(broken("ENOTFOUND"))),
  "client-headers-timeout": () => ask(() => Promise.reject(broken("UND_ERR_HEADERS_TIMEOUT"))),
  "client-connection-reset-midstream": () => {
    let reads = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (reads++ > 0)
          controller.error(Object.assign(new TypeError("terminated"), { cause: { code: "UND_ERR_SOCKET" } }));
        else controller.enqueue(new TextEncoder().encode('data: {"text":"a"}\n\n'));
      },
    });
    const fetch = (): Promise<Response> => Promise.resolve(new Response(body));
    return exchange(testExchange(context.url, { options: { fetch } })).then((reply) => reply.text());
  },
  "client-abort-signal": () => {
    const controller = new AbortController();
    queueMicrotask(() => controller.abort());
    return ask(() => new Promise(() => {}), controller.signal);
  },
  "client-timeout-signal": () => ask(() => new Promise(() => {}), AbortSignal.timeout(1)),
  "client-200-html": () => ask(() => Promise.resolve(new Response("<!doctype html><p>Hello"))),
  "client-200-empty-body": () => ask(() => Promise.resolve(new Response(""))),
  "client-200-truncated-json": () => ask(() => Promise.resolve(new Response('{"text":"Hel'))),
};

function ask(fetch: () => Promise<Response>, signal?: AbortSignal): Promise<unknown> {
  const request = { messages: [], ...(signal && { signal }) };
  return exchange(wholeExchange(context.url, { options: { fetch }, request }));
}

for (const { id, expected } of clientFaults()) {
  test(`understands ${id}`, async () => {
    const error = await failureFrom(raised[id]!());
    expect([expected.kind].flat()).toContain(error.code);
    expect(error.retryable).toBe(expected.retryable ?? error.retryable);
  });
}
