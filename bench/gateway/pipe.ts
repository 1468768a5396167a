// The floor: a server of `node:http` that does nothing but pipe each request to the provider, and each answer back.
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { answerMemory } from "./memory.ts";

const [upstream = ""] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
const server = createServer({ highWaterMark: 16_384 }, (incoming, outgoing) => {
  const { host: _, ...headers } = incoming.headers;
  const sent = request(
    { host: "127.0.0.1", port: upstream, path: incoming.url, method: incoming.method, headers, agent },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  sent.on("error", () => outgoing.destroy());
  outgoing.on("close", () => sent.destroy());
  incoming.pipe(sent);
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
answerMemory();
