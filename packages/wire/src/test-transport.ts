import { getEventListeners } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { exchange } from "./exchange.ts";
import { failureFrom, testExchange, wholeExchange } from "./test-exchange.ts";
import { bodyOf, sendEvents, testServer } from "./test-server.ts";
import type { Transport } from "./transport.ts";

/** What holds over every transport. */
export function testTransport(name: string, transport: Transport): void {
  describe(`over ${name}`, () => {
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
      const reply = await exchange(testExchange(server.url, { options }));
      await new Promise((resolve) => setTimeout(resolve, 60));
      const before = written;
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(written).toBe(before);
      expect(written).toBeLessThan(50_000_000);
      reply.cancel();
      await server.closed();
    });
  });
}

/** The fetch of Node gives a connection back a moment after its body has ended. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
