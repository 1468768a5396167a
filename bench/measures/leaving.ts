import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { Report } from "../report.ts";
import type { Subject } from "../subject.ts";
import { spread } from "../measure.ts";
import { chat } from "../wires/chat.ts";

const times = 25;
const patience = 300;
const between = 4;

/** Leaves the loop at the first token, and looks at the socket of the upstream. */
export async function measureLeaving(report: Report, subjects: readonly Subject[]): Promise<void> {
  const rows = [];
  for (const { name, ours = false, leave } of subjects.filter(({ wire }) => wire === "chat")) {
    if (!leave) continue;
    const strays: unknown[] = [];
    const onStray = (error: unknown): number => strays.push(error);
    process.on("unhandledRejection", onStray);
    const { closed, delays } = await leaveLoops(leave);
    process.off("unhandledRejection", onStray);
    // Some write on into what was left, and nobody hears of it.
    if (strays.length > 0)
      report.note(`${name} leaves ${strays.length} rejections that nobody handles when its loop is left.`);
    const { median, most } = spread(delays.length > 0 ? delays : [patience]);
    const cells = [`${closed} of ${times}`, ...(closed > 0 ? [median.toFixed(1), most.toFixed(1)] : ["–", "–"])];
    rows.push({ name, ours, value: closed > 0 ? median : patience, cells });
  }
  report.add({
    id: "leaving",
    title: `leaving the loop: whether the upstream is closed within ${patience} ms, and when`,
    unit: "ms to the close",
    wanted: "25 of 25, median ≤ 3 ms",
    columns: ["closed", "median ms", "most"],
    rows,
  });
}

async function leaveLoops(
  leave: NonNullable<Subject["leave"]>,
): Promise<{ readonly closed: number; readonly delays: readonly number[] }> {
  const upstream: { closedAt: number | undefined } = { closedAt: undefined };
  const server = createServer((asked, response) => {
    asked.resume();
    response.writeHead(200, { "content-type": "text/event-stream" });
    const events = chat.events(10_000).values();
    const timer = setInterval(() => response.write(events.next().value ?? ""), between);
    response.on("close", () => {
      clearInterval(timer);
      upstream.closedAt ??= performance.now();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const run = leave({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const delays: number[] = [];
  for (let time = 0; time < times; time++) {
    upstream.closedAt = undefined;
    await run();
    const left = performance.now();
    while (upstream.closedAt === undefined && performance.now() - left < patience) await setTimeout(1);
    if (upstream.closedAt !== undefined) delays.push(Math.max(upstream.closedAt - left, 0));
    server.closeAllConnections();
    await setTimeout(2);
  }
  server.close();
  return { closed: delays.length, delays };
}
