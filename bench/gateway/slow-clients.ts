import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import type { Memory } from "./memory.ts";
import type { Target } from "./target.ts";

const clients = 1000;

async function memoryOf(child: ChildProcess): Promise<Memory> {
  child.send("memory");
  const [memory] = (await once(child, "message")) as [Memory];
  return memory;
}

function each(before: number, after: number): string {
  return `${((after - before) / clients / 1024).toFixed(1).padStart(6)} KiB`;
}

/** What clients that take their time cost the gateway: those that do not finish a request, and those that do not read their stream. */
export async function slowClients({ name: who, port, key, model, headers = {}, child }: Target): Promise<void> {
  if (!child) return;
  console.log(who);
  const body = JSON.stringify({ model, stream: true, messages: [{ role: "user", content: "without end" }] });
  const more = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
  const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\n${more}`;
  const kinds = {
    "that do not finish their headers": head,
    "that do not finish their body": `${head}content-length: ${body.length}\r\n\r\n${body.slice(0, 20)}`,
    "that do not read their stream": `${head}content-length: ${body.length}\r\n\r\n${body}`,
  };
  for (const [name, bytes] of Object.entries(kinds)) {
    const before = await memoryOf(child);
    const sockets: Socket[] = [];
    for (let client = 0; client < clients; client++) {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => {});
      socket.pause();
      await once(socket, "connect");
      socket.write(bytes);
      sockets.push(socket);
    }
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const after = await memoryOf(child);
    const [resident, used] = [each(before.resident, after.resident), each(before.used, after.used)];
    console.log(`  ${clients} clients ${name.padEnd(34)} ${resident} each are resident, ${used} are in use`);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
