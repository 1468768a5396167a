import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on loopback for one test. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly server: Server;
  /** Sockets that were opened so far. */
  readonly connections: number;
  /** Settles once every socket is closed. */
  closed(): Promise<void>;
}

/** Serves until disposed, which closes what is still open. */
export async function testServer(
  listener: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<TestServer> {
  const server = createServer((request, response) => void listener(request, response));
  let connections = 0;
  let open = 0;
  let emptied: (() => void) | undefined;
  server.on("connection", (socket) => {
    connections++;
    open++;
    socket.on("close", () => {
      open--;
      if (open === 0) emptied?.();
    });
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1/chat`,
    server,
    get connections() {
      return connections;
    },
    async closed() {
      if (open > 0) await new Promise<void>((resolve) => (emptied = resolve));
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with an event stream of these pieces, and leaves it open. */
export function sendEvents(response: ServerResponse, ...pieces: readonly string[]): void {
  if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream" });
  for (const piece of pieces) response.write(piece);
}

/** The body of a request. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of request.setEncoding("utf8")) text += piece as string;
  return text;
}
