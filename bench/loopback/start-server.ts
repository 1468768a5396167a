import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A provider on loopback, in a process of its own; it gives every POST the same answer. */
export interface LoopbackServer {
  /** Without a path. */
  readonly origin: string;
  close(): void;
}

export async function startServer(body: string): Promise<LoopbackServer> {
  const child = fork(fileURLToPath(new URL("server.ts", import.meta.url)), { execArgv: ["--no-warnings"] });
  child.send(body);
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", (port) => resolve(port as number));
    child.once("exit", (code) => reject(new Error(`The server on loopback ended with ${code}.`)));
  });
  return { origin: `http://127.0.0.1:${port}`, close: () => void child.kill() };
}
