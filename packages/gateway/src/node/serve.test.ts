import { once } from "node:events";
import { createServer } from "node:http";
import { createConnection } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { openai } from "@plugboard/openai";
import { memoryLedger, retry } from "plugboard";
import { expect, test } from "vitest";
import { gateway } from "../gateway.ts";
import { newKey } from "../keys/new-key.ts";
import { providerKey, testGateway, until } from "../test-gateway.ts";
import type { TestGateway } from "../test-gateway.ts";

const hello = { model: "fast", messages: [{ role: "user", content: "Hello" }] };
const streamed = { ...hello, stream: true };
const path = "/v1/chat/completions";

/** The bytes of all buffers that somebody holds. */
function heldBytes(): number {
  globalThis.gc!();
  return process.memoryUsage().arrayBuffers;
}

/** A socket to the gateway, and all that it answers. */
function dial({ server }: Pick<TestGateway, "server">): {
  readonly socket: Socket;
  readonly said: () => string;
  readonly closed: Promise<void>;
} {
  const socket = createConnection(Number(new URL(server.url).port), "127.0.0.1");
  let text = "";
  socket.on("data", (bytes) => (text += bytes.toString("latin1")));
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => void socket.once("close", () => resolve()));
  return { socket, said: () => text, closed };
}

function head(key: string, more: string): string {
  return `POST ${path} HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\n${more}\r\n`;
}

test("headers that do not come to an end are answered with 408", async () => {
  await using door = await testGateway({ answer: "Hi" }, { serve: { headersTimeout: 300, requestTimeout: 600 } });
  const { socket, said, closed } = dial(door);
  socket.write(`POST ${path} HTTP/1.1\r\nhost: gateway\r\n`);
  const beat = setInterval(() => socket.write("x-a: b\r\n"), 50);
  await closed;
  clearInterval(beat);
  expect(said()).toMatch(/^HTTP\/1\.1 408 /);
});

test("a body that comes a byte at a time is answered with 408, and no model is asked", async () => {
  await using door = await testGateway({ answer: "Hi" }, { serve: { headersTimeout: 300, requestTimeout: 600 } });
  const { socket, said, closed } = dial(door);
  socket.write(head(door.key, "content-length: 1000\r\n"));
  const beat = setInterval(() => socket.write("{"), 50);
  await closed;
  clearInterval(beat);
  expect(said()).toMatch(/^HTTP\/1\.1 408 /);
  expect(door.simulator.requests).toEqual([]);
  await until(() => door.log.length === 1);
  expect(door.log[0]).toMatchObject({ ending: "cut" });
});

test("a body that is too long is answered with 413: at once where it says so, and else when it has been", async () => {
  await using door = await testGateway({ answer: "Hi" }, { maxBodyBytes: 100_000 });
  const told = await door.post(path, "x".repeat(200_000));
  expect(told.status).toBe(413);
  await expect(told.json()).resolves.toMatchObject({ error: { type: "invalid_request_error" } });

  const { socket, said, closed } = dial(door);
  socket.write(head(door.key, "transfer-encoding: chunked\r\n"));
  const chunk = `${(65_536).toString(16)}\r\n${"x".repeat(65_536)}\r\n`;
  const before = heldBytes();
  let most = 0;
  for (let sent = 0; sent < 100 * 2 ** 20 && !socket.destroyed; sent += 65_536) {
    if (!socket.write(chunk)) await Promise.race([once(socket, "drain").catch(() => {}), closed]);
    if (sent % (8 * 2 ** 20) === 0) most = Math.max(most, heldBytes() - before);
  }
  await closed;
  expect(said()).toMatch(/^HTTP\/1\.1 413 /);
  expect(most).toBeLessThan(16 * 2 ** 20); // what was too much is read, and let go
  expect(door.simulator.requests).toEqual([]);
});

test("what is compressed is refused, and not unpacked", async () => {
  await using door = await testGateway({ answer: "Hi" });
  const bomb = gzipSync("0".repeat(50 * 2 ** 20));
  const response = await fetch(door.url + path, {
    method: "POST",
    body: bomb,
    headers: { authorization: `Bearer ${door.key}`, "content-type": "application/json", "content-encoding": "gzip" },
  });
  expect(response.status).toBe(415);
});

test("headers beyond measure are answered with 431", async () => {
  await using door = await testGateway({ answer: "Hi" });
  const { socket, said, closed } = dial(door);
  socket.write(`POST ${path} HTTP/1.1\r\nhost: gateway\r\n`);
  for (let header = 0; header < 100_000 && !socket.destroyed; header++) socket.write(`x-${header}: y\r\n`);
  await closed;
  expect(said()).toMatch(/^HTTP\/1\.1 431 /);
});

test("what is no HTTP is answered with 400", async () => {
  await using door = await testGateway({ answer: "Hi" });
  for (const bytes of [
    "hello\r\n\r\n",
    `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}`,
    `POST ${path} HTTP/1.1\r\nx : y\r\n\r\n`,
  ]) {
    const { socket, said, closed } = dial(door);
    socket.write(bytes);
    await closed;
    expect(said()).toMatch(/^HTTP\/1\.1 400 /);
  }
});

test("connections beyond the most are answered with 503, and others go on", async () => {
  await using door = await testGateway({ answer: "Hi" }, { serve: { maxConnections: 3 } });
  const idle = [dial(door), dial(door), dial(door)];
  await until(() => door.server.connections === 3);
  const { socket, said, closed } = dial(door);
  socket.write(`GET /healthz HTTP/1.1\r\nhost: gateway\r\n\r\n`);
  await closed;
  expect(said()).toMatch(/^HTTP\/1\.1 503 /);
  idle[0]!.socket.write(`GET /healthz HTTP/1.1\r\nhost: gateway\r\n\r\n`);
  await until(() => idle[0]!.said().startsWith("HTTP/1.1 200 "));
  for (const { socket } of idle) socket.destroy();
});

test.each([
  ["before there is an answer", { answer: "Hi", pace: { first: 60_000 } }, streamed],
  ["of an answer in one body", { answer: "Hi", pace: { first: 60_000 } }, hello],
  ["in the midst of a stream", { answer: "word ".repeat(10_000), pace: { tokensPerSecond: 20 } }, streamed],
] as const)(
  "a client that leaves %s closes the provider within a second, is charged, and is asked no more",
  async (_, simulated, body) => {
    const ledger = memoryLedger();
    const budget = { usd: 1 };
    await using door = await testGateway(simulated, {
      store: { ledger, limits: { take: async () => ({ granted: true, at: 0 }), refund: async () => {} } },
      virtualKey: { budget },
    });
    const leave = new AbortController();
    const asking = door.post(path, body, { signal: leave.signal }).then((response) => response.text());
    await until(() => door.simulator.open === 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const left = performance.now();
    leave.abort();
    await expect(asking).rejects.toThrow(/abort/);
    await until(() => door.simulator.open === 0, 1000);
    expect(performance.now() - left).toBeLessThan(1000);
    expect(door.simulator.requests).toHaveLength(1);
    await until(() => door.log.length === 1);
    expect(door.log[0]).toMatchObject({ ending: "cut", error: "aborted" });
    const { spent, held } = await ledger.spend("gateway%2Ftester/all", "total");
    expect(held).toBe(0);
    expect(spent).toBeGreaterThan(0);
  },
);

test("a client that leaves while a retry is waited for is not asked for again", async () => {
  await using door = await testGateway(
    { answer: "Hi", fault: { type: "throttle", retryAfter: 300 } },
    {
      makeModels: (url) => ({
        fast: openai("gpt-4o", { baseURL: `${url}/v1`, apiKey: providerKey }).with(retry({ attempts: 5 })),
      }),
    },
  );
  const leave = new AbortController();
  const asking = door.post(path, hello, { signal: leave.signal });
  await until(() => door.simulator.requests[0]?.outcome === "failed");
  leave.abort();
  await expect(asking).rejects.toThrow(/abort/);
  await until(() => door.log.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(door.simulator.requests).toHaveLength(1);
});

test("a client that leaves in the midst of its body has asked nobody", async () => {
  await using door = await testGateway({ answer: "Hi" });
  const { socket, closed } = dial(door);
  socket.write(`${head(door.key, "content-length: 1000\r\n")}{"model":`);
  await until(() => door.server.connections === 1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.destroy();
  await closed;
  await until(() => door.log.length === 1);
  expect(door.log[0]).toMatchObject({ ending: "cut" });
  expect(door.simulator.requests).toEqual([]);
});

test.each([
  ["chat completions", path, streamed, "data: [DONE]", '"error"'],
  ["responses", "/v1/responses", { model: "fast", input: "Hello", stream: true }, "response.completed", "error"],
  ["messages", "/v1/messages", { ...streamed, max_tokens: 50_000 }, "message_stop", "event: error"],
  [
    "contents",
    "/v1beta/models/fast:streamGenerateContent?alt=sse",
    { contents: [{ parts: [{ text: "Hello" }] }] },
    '"finishReason"',
    '"error"',
  ],
])(
  "a provider that dies in the midst of a stream is an error in the words of %s, and no end",
  async (_, where, body, end, error) => {
    await using door = await testGateway({ answer: "word ".repeat(200), fault: { type: "cut", at: 400 } });
    const response = await door.post(where, body);
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).toContain(error);
    expect(text).not.toContain(end);
    await until(() => door.log.length === 1);
    expect(door.log[0]).toMatchObject({ level: "warn", status: 200 });
  },
);

test("a client that stops reading holds back the provider, and is given up in the end", async () => {
  await using provider = await endlessProvider();
  await using door = await testGateway(
    { answer: "" },
    {
      serve: { stallTimeout: 400 },
      makeModels: () => ({ fast: openai("gpt-4o", { baseURL: provider.url, apiKey: providerKey }) }),
    },
  );
  const { socket, closed } = dial(door);
  const body = JSON.stringify(streamed);
  socket.pause();
  socket.write(head(door.key, `content-length: ${body.length}\r\n`) + body);
  await until(() => provider.sent() > 0);
  await until(() => provider.open() === 0, 5000);
  // What the buffers of four sockets hold: the provider would have sent on for ever.
  expect(provider.sent()).toBeLessThan(32 * 2 ** 20);
  socket.resume();
  await closed;
  await until(() => door.log.length === 1);
  expect(door.log[0]).toMatchObject({ ending: "cut" });
});

test("drains: requests under way end by themselves, none is taken, and what takes longer ends with an error in its protocol", async () => {
  const ledger = memoryLedger();
  await using door = await testGateway(
    {
      answer: (request) => (JSON.stringify(request.messages).includes("quick") ? "Hi" : "word ".repeat(200)),
      pace: { first: 300, tokensPerSecond: 20 },
    },
    {
      store: { ledger, limits: { take: async () => ({ granted: true, at: 0 }), refund: async () => {} } },
      virtualKey: { budget: { usd: 100 } },
    },
  );
  const slow = Array.from({ length: 100 }, () => door.post(path, streamed));
  const whole = door.post(path, hello);
  const quick = door.post(path, { ...hello, messages: [{ role: "user", content: "quick" }] });
  await until(() => door.simulator.open === 102, 15_000);
  const responses = await Promise.all(slow);
  expect((await fetch(`${door.url}/readyz`)).status).toBe(200);

  const drained = door.server.drain({ grace: 500 });
  await expect(fetch(`${door.url}/readyz`)).rejects.toThrow("fetch failed");
  await expect((await quick).json()).resolves.toMatchObject({ choices: [{ message: { content: "Hi" } }] });
  const texts = await Promise.all(responses.map((response) => response.text()));
  for (const text of texts) {
    expect(text).toContain("shut down");
    expect(text).not.toContain("[DONE]");
  }
  expect((await whole).status).toBe(503);
  await drained;
  await until(() => door.simulator.open === 0, 1000);
  expect(await ledger.spend("gateway%2Ftester/all", "total")).toMatchObject({ held: 0 });
  expect(door.server.connections).toBe(0);
});

test("without keys it listens on this machine alone, and by its own name", async () => {
  const open = gateway({ models: {}, keys: "none" });
  await expect(open.serve({ host: "0.0.0.0", port: 0 })).rejects.toMatchObject({ code: "invalid-request" });
  await using server = await open.serve({ port: 0 });
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  const { socket, said, closed } = dial({ server });
  socket.write("GET /v1/models HTTP/1.1\r\nhost: evil.example\r\n\r\n");
  await closed;
  expect(said()).toMatch(/^HTTP\/1\.1 403 /);
  expect((await fetch(`${server.url}/v1/models`)).status).toBe(200);
});

test("a port that is taken is an error, and no crash", async () => {
  const door = gateway({ models: {}, keys: [{ name: "a", hash: newKey().hash }] });
  await using server = await door.serve({ port: 0 });
  await expect(door.serve({ port: Number(new URL(server.url).port) })).rejects.toMatchObject({ code: "network" });
});

/** Sends chunks for as long as somebody takes them. */
async function endlessProvider() {
  const text = "word ".repeat(200);
  const chunk = `data: ${JSON.stringify({ id: "1", created: 1, model: "gpt-4o", choices: [{ index: 0, delta: { content: text } }] })}\n\n`;
  let sent = 0;
  let open = 0;
  const server = createServer((request, response) => {
    open++;
    response.once("close", () => open--);
    request.resume();
    response.writeHead(200, { "content-type": "text/event-stream" });
    function send(): void {
      while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      response.once("drain", send);
    }
    send();
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    sent: () => sent,
    open: () => open,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
