// `node --expose-gc bench/gateway.ts`: what gateways cost beside a direct call to the same provider, in one run, over loopback.
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { overhead } from "./gateway/overhead.ts";
import { slowClients } from "./gateway/slow-clients.ts";
import type { Target } from "./gateway/target.ts";
import { loadPeers } from "./peers/install.ts";

const quick = process.argv.includes("--quick");
const only = process.argv.find((word) => word.startsWith("--connections="))?.slice("--connections=".length);
const pace = {
  ...(quick ? { span: 400, rounds: 2 } : { span: 1500, rounds: 7 }),
  connections: only?.split(",").map(Number) ?? [1, 64, 256],
};
const folder = await mkdtemp(join(tmpdir(), "gateway-bench-"));
const children: ChildProcess[] = [];

async function start(
  file: string,
  ...args: readonly string[]
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const execArgv = ["--expose-gc", "--no-warnings"];
  const child = fork(new URL(`gateway/${file}`, import.meta.url), args, { execArgv });
  children.push(child);
  const [port] = (await once(child, "message")) as [number];
  return { child, port };
}

/** Portkey's, where it is installed or may be. */
async function portkey(upstream: number): Promise<Target | string> {
  const { absent, versions } = await loadPeers({ install: process.argv.includes("--peers") });
  const program = new URL("peers/node_modules/@portkey-ai/gateway/build/start-server.js", import.meta.url);
  if (absent !== undefined || !existsSync(program)) return absent ?? "it is not among the peers that are installed";
  const { child, port } = await start("portkey.ts");
  const headers = {
    "x-portkey-provider": "openai",
    "x-portkey-custom-host": `http://127.0.0.1:${upstream}/v1`,
  };
  return { name: `Portkey ${versions["@portkey-ai/gateway"]}`, port, model: "gpt-4o", key: "any", headers, child };
}

try {
  const key = "bench-key";
  const upstream = await start("upstream.ts");
  const server = await start("server.ts", String(upstream.port), key, join(folder, "bench.db"));
  const floor = { name: "a bare pipe", model: "gpt-4o", key, ...(await start("pipe.ts", String(upstream.port))) };
  const ours = { name: "gateway", model: "fast", key, ...server };
  const peer = await portkey(upstream.port);
  const targets: readonly Target[] = [
    { name: "direct", port: upstream.port, model: "gpt-4o", key },
    floor,
    ours,
    { ...ours, name: "gateway with a budget", key: `${key}-budgeted` },
    ...(typeof peer === "string" ? [] : [peer]),
  ];
  console.log(
    `Node ${process.version}, ${process.platform} ${process.arch}; medians of ${pace.rounds} rounds of ${pace.span} ms, in turn.\n`,
  );
  if (typeof peer === "string") console.log(`Without Portkey's gateway: ${peer}.\n`);
  await overhead(targets, pace);
  console.log("\nresident memory that 1,000 slow clients cost");
  for (const target of typeof peer === "string" ? [floor, ours] : [floor, ours, peer]) await slowClients(target);
} finally {
  for (const child of children) child.kill();
  await rm(folder, { recursive: true });
}
