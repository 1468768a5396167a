import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A redis-server of our own, on a free port of this machine. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Sends a signal: `SIGSTOP` makes it hang, `SIGKILL` die. */
  signal(name: "SIGKILL" | "SIGSTOP" | "SIGCONT"): void;
  /** Starts it again on the same port, after it has died. */
  restart(): Promise<void>;
  /** Ends it, and removes what it wrote. */
  stop(): Promise<void>;
}

/** What differs from a server that keeps nothing. */
export interface RedisServerOptions {
  /** Further settings: `{ appendonly: "yes" }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Why there can be no server; `undefined` if there can.
 *
 * @throws {Error} if there cannot, and `PLUGBOARD_REQUIRE_REDIS=1` says that there must
 */
export function redisAbsence(): string | undefined {
  const { status } = spawnSync("redis-server", ["--version"]);
  if (status === 0) return undefined;
  const reason = "there is no redis-server on the PATH (Debian and Ubuntu: apt-get install redis-server)";
  if (process.env["PLUGBOARD_REQUIRE_REDIS"] === "1")
    throw new Error(`${reason}, and PLUGBOARD_REQUIRE_REDIS=1 wants one.`);
  return reason;
}

/** The server outlives nobody who started it, however they end: then nobody holds the other end of the third descriptor. */
const script = `(cat <&3 >/dev/null 2>&1; kill -KILL $$ 2>/dev/null) >/dev/null 2>&1 & exec redis-server "$@" 3<&-`;

/** Starts a server that listens to this machine alone and, but for other settings, keeps nothing on disk. */
export async function startRedis({ settings = {} }: RedisServerOptions = {}): Promise<RedisServer> {
  const directory = mkdtempSync(join(tmpdir(), "plugboard-redis-"));
  const port = await freePort();
  const all = { port, bind: "127.0.0.1", dir: directory, save: "", appendonly: "no", ...settings };
  const words = Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]);
  let child = await run();

  async function run(): Promise<ChildProcess> {
    const child = spawn("/bin/sh", ["-c", script, "sh", ...words], { stdio: ["ignore", "pipe", "inherit", "pipe"] });
    let said = "";
    for await (const text of child.stdout!.setEncoding("utf8")) {
      said += text as string;
      if (said.includes("Ready to accept connections")) break;
    }
    if (child.exitCode !== null || !said.includes("Ready")) throw new Error(`redis-server did not start:\n${said}`);
    return child;
  }

  async function ended(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    child.stdio[3]!.destroy();
  }

  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    signal: (name) => void child.kill(name),
    async restart() {
      await ended();
      child = await run();
    },
    async stop() {
      child.kill("SIGKILL");
      await ended();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
