// `node --expose-gc bench/gateway.ts`: what the gateway costs beside a direct call to the same provider, in one run, over loopback.
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where calls go, and as whom. */
interface Target {
  readonly name: string;
  readonly port: number;
  readonly model: string;
  readonly key: string;
}

/** Milliseconds of each call; and calls a second. */
interface Round {
  readonly first: readonly number[];
  readonly total: readonly number[];
  readonly rate: number;
}

const quick = process.argv.includes("--quick");
const span = quick ? 400 : 1500;
const rounds = quick ? 2 : 7;
const folder = await mkdtemp(join(tmpdir(), "gateway-bench-"));
const children: ChildProcess[] = [];

async function start(file: string, ...args: readonly string[]): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const execArgv = ["--expose-gc", "--no-warnings"];
  const child = fork(new URL(file, import.meta.url), args, { execArgv });
  children.push(child);
  const [port] = (await once(child, "message")) as [number];
  return { child, port };
}

/** One call over a kept connection. */
function call({ port, model, key }: Target, agent: Agent, stream: boolean): Promise<{ first: number; total: number }> {
  const body = JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }], ...(stream && { stream }) });
  const headers = { "content-type": "application/json", "content-length": body.length, authorization: `Bearer ${key}` };
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port, path: "/v1/chat/completions", method: "POST", agent, headers },
      (response) => {
        if (response.statusCode !== 200) return reject(new Error(`HTTP ${response.statusCode}`));
        let first = 0;
        let text = "";
        response.on("data", (bytes: Uint8Array) => {
          first ||= performance.now() - began;
          text += Buffer.from(bytes).toString("latin1");
        });
        response.on("end", () => {
          // No figure counts for a wrong answer.
          if (!(stream ? text.endsWith("data: [DONE]\n\n") : text.includes("Good day"))) return reject(new Error(text));
          resolve({ first, total: performance.now() - began });
        });
        return undefined;
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

async function round(target: Target, agent: Agent, connections: number, stream: boolean): Promise<Round> {
  const first: number[] = [];
  const total: number[] = [];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() - began < span) {
        const took = await call(target, agent, stream);
        first.push(took.first);
        total.push(took.total);
      }
    }),
  );
  return { first, total, rate: (total.length * 1000) / (performance.now() - began) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

async function overhead(targets: readonly Target[]): Promise<void> {
  for (const stream of [false, true]) {
    for (const connections of [1, 64, 256]) {
      console.log(`${stream ? "a stream of 20 chunks" : "an answer in one body"}, ${connections} connections`);
      const agents = targets.map(() => new Agent({ keepAlive: true, maxSockets: connections }));
      const all = targets.map((): Round[] => []);
      for (const [place, target] of targets.entries()) await round(target, agents[place]!, connections, stream); // warm
      for (let time = 0; time < rounds; time++) {
        for (const [place, target] of targets.entries()) {
          all[place]!.push(await round(target, agents[place]!, connections, stream));
        }
      }
      const figures = all.map((list) => ({
        first: median(list.map((one) => median(one.first))),
        total: median(list.map((one) => median(one.total))),
        rate: median(list.map(({ rate }) => rate)),
      }));
      for (const [place, { name }] of targets.entries()) {
        const { first, total, rate } = figures[place]!;
        const added = stream ? first - figures[0]!.first : total - figures[0]!.total;
        const told = `${stream ? "first" : "total"} ${(stream ? first : total).toFixed(2).padStart(7)} ms`;
        const more = place === 0 ? "" : `  + ${added.toFixed(2)} ms`;
        console.log(`  ${name.padEnd(22)} ${told}   ${rate.toFixed(0).padStart(6)} calls/s${more}`);
      }
      for (const agent of agents) agent.destroy();
    }
  }
}

async function memoryOf(child: ChildProcess): Promise<number> {
  child.send("memory");
  const [{ memory }] = (await once(child, "message")) as [{ readonly memory: number }];
  return memory;
}

/** What clients that take their time cost the gateway: those that do not finish a request, and those that do not read their stream. */
async function slowClients(child: ChildProcess, { port, key }: Target): Promise<void> {
  const body = JSON.stringify({ model: "fast", stream: true, messages: [{ role: "user", content: "for ever" }] });
  const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\n`;
  const kinds = {
    "that do not finish their headers": head,
    "that do not finish their body": `${head}content-length: ${body.length}\r\n\r\n${body.slice(0, 20)}`,
    "that do not read their stream": `${head}content-length: ${body.length}\r\n\r\n${body}`,
  };
  for (const [name, bytes] of Object.entries(kinds)) {
    const before = await memoryOf(child);
    const sockets: Socket[] = [];
    for (let client = 0; client < 1000; client++) {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => {});
      socket.pause();
      await once(socket, "connect");
      socket.write(bytes);
      sockets.push(socket);
    }
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const after = await memoryOf(child);
    console.log(`  1000 clients ${name.padEnd(34)} ${((after - before) / 1000 / 1024).toFixed(1).padStart(6)} KiB each`);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

try {
  const key = "bench-key";
  const upstream = await start("./gateway-upstream.ts");
  const server = await start("./gateway-server.ts", String(upstream.port), key, join(folder, "bench.db"));
  const targets: readonly Target[] = [
    { name: "direct", port: upstream.port, model: "gpt-4o", key },
    { name: "gateway", port: server.port, model: "fast", key },
    { name: "gateway with a budget", port: server.port, model: "fast", key: `${key}-budgeted` },
  ];
  console.log(`Node ${process.version}, ${process.platform} ${process.arch}; medians of ${rounds} rounds of ${span} ms, in turn.\n`);
  await overhead(targets);
  console.log("\nresident memory of the gateway");
  await slowClients(server.child, targets[1]!);
} finally {
  for (const child of children) child.kill();
  await rm(folder, { recursive: true });
}
