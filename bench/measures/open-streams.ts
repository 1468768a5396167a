import { setTimeout } from "node:timers/promises";
import { hangingFetch, streamFetch, wholeFetch } from "../answers.ts";
import { floorName } from "../floor.ts";
import { spread } from "../measure.ts";
import type { Pace } from "../measure.ts";
import type { Report } from "../report.ts";
import type { Subject } from "../subject.ts";

const streams = 1000;
const calls = 10_000;

/** Time to the first token beyond the floor's, in process. */
export async function measureFirstToken(report: Report, subjects: readonly Subject[], pace: Pace): Promise<void> {
  const fetch = streamFetch("chat", 3, { reads: "event" });
  const opened = subjects
    .filter(({ wire, open }) => wire === "chat" && open)
    .map(({ name, ours = false, open }) => ({ name, ours, open: open!({ fetch }), times: [] as number[] }));
  for (let round = -3; round < pace.rounds; round++) {
    for (const { open, times } of opened) {
      let total = 0;
      for (let time = 0; time < 200; time++) {
        const begun = performance.now();
        const letGo = await open();
        total += performance.now() - begun;
        letGo();
      }
      if (round >= 0) times.push((total / 200) * 1000);
    }
  }
  const base = spread(opened.find(({ name }) => name === floorName)!.times).median;
  report.add({
    id: "first-token",
    title: "time to the first token in process, µs",
    unit: "µs",
    wanted: "≤ 15 µs added",
    columns: ["median", "range", "added"],
    rows: opened.map(({ name, ours, times }) => {
      const { least, median, most } = spread(times);
      const cells = [median.toFixed(1), `${least.toFixed(1)}–${most.toFixed(1)}`, (median - base).toFixed(1)];
      return { name, ours, value: median, cells };
    }),
  });
}

/** Bytes that a stream holds which has said something and waits, and bytes that are kept of calls that are over. */
export async function measureHeap(report: Report, subjects: readonly Subject[]): Promise<void> {
  const rows = [];
  for (const { name, ours = false, open, generate } of subjects.filter(({ wire }) => wire === "chat")) {
    if (!open) continue;
    const held = await heapOf(open({ fetch: hangingFetch("chat") }));
    const kept = generate ? await keptBy(generate({ fetch: wholeFetch("chat", 60) })) : undefined;
    rows.push({
      name,
      ours,
      value: held,
      cells: [(held / 1024).toFixed(1), kept === undefined ? "–" : (kept / 1024).toFixed(0)],
    });
  }
  const base = rows.find(({ name }) => name === floorName)!.value;
  report.add({
    id: "heap",
    title: `heap of an open stream in process, of ${streams}; kept after ${calls.toLocaleString("en")} calls`,
    unit: "bytes a stream",
    wanted: "≤ 8 kB; 0",
    columns: ["kB a stream", "of which not the floor's", "kB kept in all"],
    rows: rows.map(({ name, ours, value, cells: [held = "", kept = ""] }) => {
      return { name, ours, value, cells: [held, ((value - base) / 1024).toFixed(1), kept] };
    }),
  });
}

async function heapOf(open: () => Promise<() => unknown>): Promise<number> {
  // A whole round first: what is compiled, and what pools keep, is there before anything is counted.
  for (const letGo of await openAll(open)) letGo();
  await setTimeout(20);
  const before = await settledHeap();
  const letGo = await openAll(open);
  const held = ((await settledHeap()) - before) / streams;
  for (const each of letGo) each();
  await setTimeout(20);
  return held;
}

async function openAll(open: () => Promise<() => unknown>): Promise<readonly (() => unknown)[]> {
  const opened: (() => unknown)[] = [];
  for (let stream = 0; stream < streams; stream++) opened.push(await open());
  return opened;
}

/** The second half of the calls: what is made but once is there by then. */
async function keptBy(run: () => Promise<unknown>): Promise<number> {
  for (let call = 0; call < calls; call++) await run();
  const before = await settledHeap();
  for (let call = 0; call < calls; call++) await run();
  return (await settledHeap()) - before;
}

async function settledHeap(): Promise<number> {
  for (let time = 0; time < 4; time++) {
    globalThis.gc!();
    await setTimeout(5);
  }
  return process.memoryUsage().heapUsed;
}
