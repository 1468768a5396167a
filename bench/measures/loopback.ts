import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { floorName } from "../floor.ts";
import { handWritten } from "../loopback/clients.ts";
import { startServer } from "../loopback/start-server.ts";
import { spread } from "../measure.ts";
import type { Pace } from "../measure.ts";
import type { Report } from "../report.ts";
import type { Subject } from "../subject.ts";
import { chat } from "../wires/chat.ts";

/** Calls a second over HTTP on loopback: the server and each subject in processes of their own, the subjects taking turns. */
export async function measureLoopback(report: Report, subjects: readonly Subject[], pace: Pace): Promise<void> {
  const server = await startServer(chat.whole(60));
  const asked = [
    ...subjects.filter(({ wire, generate }) => wire === "chat" && generate),
    ...Object.keys(handWritten).map((name) => ({ name, ours: false })),
  ];
  const clients: { name: string; ours: boolean; child: ChildProcess; rate: number[]; cpu: number[] }[] = [];
  try {
    for (const { name, ours = false } of asked) {
      clients.push({ name, ours, child: await start(name, server.origin), rate: [], cpu: [] });
    }
    for (let round = -1; round < pace.rounds; round++) {
      for (const { child, rate, cpu } of clients) {
        child.send(round < 0 ? 1000 : pace.span * 2); // the first one warms up
        const [figures] = (await once(child, "message")) as [{ rate: number; cpu: number }];
        if (round < 0) continue;
        rate.push(figures.rate);
        cpu.push(figures.cpu);
      }
    }
  } finally {
    for (const { child } of clients) child.kill();
    server.close();
  }
  const base = clients.find(({ name }) => name === floorName)!;
  report.add({
    id: "loopback",
    title: "HTTP on loopback, 64 in flight, calls a second",
    unit: "calls a second",
    more: true,
    wanted: "≥ 1.8× raw fetch by node:http, ≥ 2.5× by undici",
    columns: ["calls/s", "range", "to raw fetch", "CPU µs a call", "raw fetch to this"],
    rows: clients.map(({ name, ours, cpu, rate }) => {
      const [rates, costs] = [spread(rate), spread(cpu)];
      return {
        name,
        ours,
        value: rates.median,
        cells: [
          rates.median.toFixed(0),
          `${rates.least.toFixed(0)}–${rates.most.toFixed(0)}`,
          `${(rates.median / spread(base.rate).median).toFixed(2)}×`,
          costs.median.toFixed(1),
          `${(spread(base.cpu).median / costs.median).toFixed(2)}×`,
        ],
      };
    }),
  });
}

async function start(name: string, origin: string): Promise<ChildProcess> {
  const program = fileURLToPath(new URL("../loopback/client.ts", import.meta.url));
  const child = fork(program, [name, origin], { execArgv: ["--no-warnings"] });
  const ended = once(child, "exit").then(() => {
    throw new Error(`The process of ${name} ended.`);
  });
  await Promise.race([once(child, "message"), ended]);
  ended.catch(() => {}); // killed when it is done
  return child;
}
