// A provider on loopback in a process of its own, cheap enough that the client is what is measured: it reads as much of HTTP as it must.
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

process.on("message", (body: string) => {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  const answer = Buffer.from(head + body);
  const server = createServer({ noDelay: true }, (socket) => {
    let rest = "";
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      rest += bytes.toString("latin1");
      for (;;) {
        const end = rest.indexOf("\r\n\r\n");
        if (end < 0) return;
        const length = Number(/\r\ncontent-length: *(\d+)/i.exec(rest.slice(0, end))?.[1] ?? 0);
        if (rest.length < end + 4 + length) return;
        rest = rest.slice(end + 4 + length);
        socket.write(answer);
      }
    });
  });
  server.listen(0, "127.0.0.1", () => process.send!((server.address() as AddressInfo).port));
});
