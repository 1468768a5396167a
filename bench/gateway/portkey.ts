// Portkey's gateway as it is published, but for two things: it listens on this machine alone, at a port that is free; and it gets the
// `@hono/node-server` of the peers. With the newest that its range allows, all its streams are answered with 500
// (Portkey-AI/gateway#1389).
import { registerHooks } from "node:module";
import { Server } from "node:net";
import type { AddressInfo } from "node:net";
import { answerMemory } from "./memory.ts";

const peers = new URL("../peers/", import.meta.url);
const listen = Reflect.get(Server.prototype, "listen") as (this: Server, port: number, host: string) => Server;

registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== "@hono/node-server") return next(specifier, context);
    return next(specifier, { ...context, parentURL: new URL("package.json", peers).href });
  },
});
Object.assign(Server.prototype, {
  listen(this: Server) {
    this.once("listening", () => process.send?.((this.address() as AddressInfo).port));
    return listen.call(this, 0, "127.0.0.1");
  },
});
process.argv.splice(2, Infinity, "--headless");
process.stdout.write = () => true; // it draws
process.stderr.write = () => true; // and tells each client that leaves
answerMemory();
await import(new URL("node_modules/@portkey-ai/gateway/build/start-server.js", peers).href);
