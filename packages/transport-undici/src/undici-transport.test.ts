import { getEventListeners } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import type { TransportRequest, TransportResponse } from "@plugboard/wire";
import { Agent } from "undici";
import { expect, test } from "vitest";
import { testServer } from "../../wire/src/test-server.ts";
import { testTransport } from "../../wire/src/test-transport.ts";
import { undiciTransport } from "./undici-transport.ts";
import type { UndiciTransport } from "./undici-transport.ts";

testTransport("undici", undiciTransport());
testTransport("a dispatcher of the application", undiciTransport({ dispatcher: new Agent({ allowH2: false }) }));

function get(url: string, more: Partial<TransportRequest> = {}): TransportRequest {
  return { method: "GET", url, headers: {}, signal: new AbortController().signal, ...more };
}

async function textOf({ body }: TransportResponse): Promise<string> {
  let text = "";
  for (let read = await body.read(); read.value; read = await body.read()) text += Buffer.from(read.value).toString();
  return text;
}

/** Accepts, and says nothing. */
async function silentServer(): Promise<AsyncDisposable & { readonly port: number; readonly sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("opens no more connections than it may, and those who wait come next", async () => {
  let [now, most] = [0, 0];
  await using server = await testServer((_, response) => {
    most = Math.max(most, ++now);
    setTimeout(() => response.end(String(now--)), 5);
  });
  const transport = undiciTransport({ maxSockets: 3 });
  const connected = { count: 0 };
  const ask = (): Promise<string> => transport(get(server.url, { onConnect: () => connected.count++ })).then(textOf);
  const answers = await Promise.all(Array.from({ length: 12 }, ask));
  expect(answers).toHaveLength(12);
  expect([most, server.connections, connected.count]).toEqual([3, 3, 12]);
});

test("goes on with those who wait when the one before them is called off or fails", async () => {
  let calls = 0;
  await using server = await testServer((request, response) => {
    calls++;
    if (calls === 2) request.socket.destroy();
    else if (calls > 2) response.end("yes");
  });
  const transport = undiciTransport({ maxSockets: 1 });
  const [hung, waiting] = [new AbortController(), new AbortController()];
  const first = transport(get(server.url, { signal: hung.signal }));
  const off = transport(get(server.url, { signal: waiting.signal }));
  const second = transport(get(server.url));
  const third = transport(get(server.url)).then(textOf);
  await expect.poll(() => calls).toBe(1);
  waiting.abort(new Error("not waiting"));
  await expect(off).rejects.toThrow("not waiting");
  hung.abort(new Error("enough"));
  await expect(first).rejects.toThrow("enough");
  await expect(second).rejects.toThrow("other side closed");
  expect(await third).toBe("yes");
  expect([calls, getEventListeners(waiting.signal, "abort").length]).toEqual([3, 0]);
});

test("closes a socket that is still connecting when the call is called off", async () => {
  await using server = await silentServer();
  const controller = new AbortController();
  let connected = false;
  const onConnect = (): void => void (connected = true);
  // The handshake of TLS is part of connecting, and this server never answers it.
  const url = `https://127.0.0.1:${server.port}/`;
  const asked = undiciTransport()(get(url, { signal: controller.signal, onConnect }));
  asked.catch(() => {}); // looked at below
  await expect.poll(() => server.sockets.size).toBe(1);
  controller.abort(new Error("enough"));
  await expect(asked).rejects.toThrow("enough");
  await expect.poll(() => server.sockets.size).toBe(0);
  expect(connected).toBe(false);
});

test("asks over a new connection when the server has closed the one that was idle", async () => {
  await using server = await testServer((_, response) => void response.end("yes"));
  const transport = undiciTransport();
  expect(await textOf(await transport(get(server.url)))).toBe("yes");
  server.server.closeAllConnections();
  await server.closed();
  expect(await textOf(await transport(get(server.url)))).toBe("yes");
  expect(server.connections).toBe(2);
});

test.each(["idle connections, when it is closed", "a connection that has been idle for long"])(
  "closes %s",
  async (which) => {
    await using server = await testServer((_, response) => void response.end("yes"));
    const transport: UndiciTransport = undiciTransport({ keepAlive: which.startsWith("idle") ? 60_000 : 20 });
    await textOf(await transport(get(server.url)));
    if (which.startsWith("idle")) transport.close();
    await server.closed();
    // And goes on with new ones.
    expect(await textOf(await transport(get(server.url)))).toBe("yes");
  },
);

test("asks each origin over connections of its own, path and query as they are", async () => {
  await using one = await testServer((request, response) => void response.end(`one ${request.url}`));
  await using two = await testServer((request, response) => void response.end(`two ${request.url}`));
  const transport = undiciTransport();
  for (let round = 0; round < 2; round++) {
    expect(await textOf(await transport(get(`${one.url}?key=%20a&b`)))).toBe("one /v1/chat?key=%20a&b");
    expect(await textOf(await transport(get(`${two.url}/%C3%A9#part`)))).toBe("two /v1/chat/%C3%A9");
  }
});
