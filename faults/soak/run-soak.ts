import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { getEventListeners, once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { seededRandom } from "@plugboard/testing";
import { protocols } from "../protocols.ts";
import { oneCall } from "./one-call.ts";
import { soakedModel } from "./soaked-model.ts";
import { Tally } from "./tally.ts";
import type { SoakOrder, SoakReport } from "./upstream-process.ts";

/** How long, how many at once, and with which luck. */
export interface SoakOptions {
  readonly seconds: number;
  readonly streams: number;
  readonly seed: number;
}

/** What was measured. */
export interface SoakFigures {
  readonly tally: Tally;
  /** That the upstreams received. */
  readonly requests: number;
  /** Bytes of heap after collection: after the warm-up, and at the end. */
  readonly heap: readonly [number, number];
  /** Sockets that are open at the end: here, and at the upstreams. */
  readonly sockets: readonly [number, number];
  readonly mostSockets: number;
  /** What does not hold; nothing when all does. */
  readonly problems: readonly string[];
}

/** Milliseconds until all callers have begun, and what one takes between two calls at most. */
const rampUp = 1000;
const pauseBetween = 200;
/** A soak in which hardly anything is answered proves nothing: the machine was too slow for so many. */
const leastFinished = 0.4;
/** How much larger the heap may be at the end. */
const growth = 0.05;
/** Milliseconds in which kept connections, which are closed half a second after their last request, surely are. */
const keptFor = 10_000;

/** Keeps so many streams going through a chain for so long, with faults drawn by the seed, and counts what is left of it. */
export async function runSoak({ seconds, streams, seed }: SoakOptions): Promise<SoakFigures> {
  const upstream = fork(new URL("upstream-process.ts", import.meta.url), [String(seed)]);
  try {
    const { origins } = (await reportOf(upstream)) as Extract<SoakReport, { origins: unknown }>;
    const models = protocols.map((protocol) => soakedModel(protocol, origins, streams));
    const lasting = new AbortController();
    let mostSockets = 0;

    async function load(name: string, duration: number, tally: Tally): Promise<void> {
      const until = performance.now() + duration;
      let calls = 0;
      async function caller(_: unknown, place: number): Promise<void> {
        await setTimeout((place / streams) * rampUp); // nobody opens a thousand connections at once
        while (performance.now() < until) {
          const call = `${name}${calls++}`;
          const random = seededRandom(`${seed} ${call}`);
          const model = models[Math.floor(random() * models.length)]!;
          await oneCall({ model, call, random, tally, lasting: lasting.signal });
          await setTimeout(random() * pauseBetween);
        }
      }
      const counting = setInterval(() => (mostSockets = Math.max(mostSockets, openSockets())), 200);
      await Promise.all([outage(upstream, duration), ...Array.from({ length: streams }).map(caller)]);
      clearInterval(counting);
    }

    await load("w", Math.max(1500, (seconds * 1000) / 8), new Tally());
    await remaining(upstream); // kept connections are no baseline
    const before = await heapAfterCollection();
    const tally = new Tally();
    await load("c", seconds * 1000, tally);
    const sockets = await remaining(upstream);
    const after = await heapAfterCollection();

    const { requests } = await counted(upstream);
    const listeners = getEventListeners(lasting.signal, "abort").length;
    const problems = [
      ...tally.problems,
      ...(tally.finished >= tally.started * leastFinished ? [] : ["too few answers came to prove anything"]),
      ...(after <= before * (1 + growth) ? [] : [`the heap grew from ${before} to ${after} bytes`]),
      ...(sockets[0] + sockets[1] === 0
        ? []
        : [`sockets are open: ${sockets[0]} here, ${sockets[1]} at the upstreams`]),
      ...(listeners === 0 ? [] : [`${listeners} listeners are left on the lasting signal`]),
    ];
    return { tally, requests, heap: [before, after], sockets, mostSockets, problems };
  } finally {
    upstream.disconnect();
    await once(upstream, "exit");
  }
}

/** Half of the way through, the first upstream is out for a tenth of the time. */
async function outage(upstream: ChildProcess, duration: number): Promise<void> {
  await setTimeout(duration / 2);
  tell(upstream, "begin-outage");
  await setTimeout(duration / 10);
  tell(upstream, "end-outage");
}

function tell(upstream: ChildProcess, order: SoakOrder): void {
  upstream.send(order);
}

async function reportOf(upstream: ChildProcess): Promise<SoakReport> {
  const [report] = (await once(upstream, "message")) as [SoakReport];
  return report;
}

async function counted(upstream: ChildProcess): Promise<Extract<SoakReport, { open: unknown }>> {
  const report = reportOf(upstream);
  tell(upstream, "count");
  return (await report) as Extract<SoakReport, { open: unknown }>;
}

/** What is open once kept connections have had the time to close. */
async function remaining(upstream: ChildProcess): Promise<[number, number]> {
  const until = performance.now() + keptFor;
  for (;;) {
    const sockets: [number, number] = [openSockets(), (await counted(upstream)).open];
    if (sockets[0] + sockets[1] === 0 || performance.now() > until) return sockets;
    await setTimeout(100);
  }
}

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith("TCP")).length;
}

/** Several rounds, since what the finalizers of one let go is collected in the next. */
async function heapAfterCollection(): Promise<number> {
  if (!globalThis.gc) throw new Error("The soak needs --expose-gc: run it as `pnpm soak`.");
  for (let round = 0; round < 5; round++) {
    await setTimeout(100);
    globalThis.gc({ type: "major", execution: "sync", flavor: "last-resort" }); // code that has not run of late goes, too
  }
  return process.memoryUsage().heapUsed;
}
