import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { freePort, startRedis } from "./redis-server.ts";
import type { RedisServer } from "./redis-server.ts";

/** Servers that share the slots of one cluster. */
export interface RedisCluster {
  readonly servers: readonly RedisServer[];
  stop(): Promise<void>;
}

const slots = 16_384;
const [nodes, patience] = [3, 15_000];

/** Starts a cluster of three servers without replicas, and waits until each knows the others. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const servers: RedisServer[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(servers.map((server) => server.stop())));
  try {
    for (let node = 0; node < nodes; node++) {
      const settings = { "cluster-enabled": "yes", "cluster-port": String(await freePort()) };
      servers.push(await startRedis({ settings }));
      const [from, to] = [node, node + 1].map((part) => Math.ceil((part * slots) / nodes));
      await say(servers[node]!, `CLUSTER ADDSLOTSRANGE ${from} ${to! - 1}`);
      for (const other of servers.slice(0, node)) {
        await say(servers[node]!, `CLUSTER MEET 127.0.0.1 ${other.port} ${await busPort(other)}`);
      }
    }
    for (const server of servers) await whole(server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { servers, stop };
}

async function busPort(server: RedisServer): Promise<string> {
  // `id address:port@bus …`
  return /@(\d+)/.exec(await say(server, "CLUSTER NODES"))![1]!;
}

async function whole(server: RedisServer): Promise<void> {
  const ends = performance.now() + patience;
  for (;;) {
    const told = await say(server, "CLUSTER INFO");
    if (told.includes("cluster_state:ok") && told.includes(`cluster_known_nodes:${nodes}`)) return;
    if (performance.now() > ends) throw new Error(`The cluster did not come together:\n${told}`);
    await pause(50);
  }
}

/** One command as a line, and the reply as it came. */
async function say({ port }: RedisServer, command: string): Promise<string> {
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  socket.write(`${command}\r\n`);
  const [reply] = (await once(socket, "data")) as [string];
  socket.destroy();
  if (reply.startsWith("-")) throw new Error(`Redis refused ${command}: ${reply}`);
  return reply;
}
