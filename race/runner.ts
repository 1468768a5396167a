// One process of the race. Started by race.ts, which tells it to go once all are ready, and may kill it.
import { AsyncLocalStorage } from "node:async_hooks";
import { ModelError } from "@plugboard/core";
import type { Ledger, ModelErrorCode, ModelRequest } from "@plugboard/core";
import { budget } from "@plugboard/middleware";
import { seededRandom } from "@plugboard/testing";
import { openBooks } from "./books.ts";
import { count, price, provider } from "./provider.ts";
import type { RaceStoreModule } from "./race-store.ts";
import type { Course } from "./race.ts";

/** What a process tells in the end. */
export interface Lap {
  readonly calls: number;
  /** How calls ended, and how many; `budget` are those for which there was no room. */
  readonly endings: Readonly<Record<string, number>>;
  /** What nobody expected. */
  readonly faults: readonly string[];
}

/** What this process is told when it is started. */
export interface RunnerTask {
  readonly module: string;
  readonly place: string;
  readonly books: string;
  readonly number: number;
  readonly course: Course;
}

/** Failures that the provider makes, and the callers. */
const expected: ReadonlySet<ModelErrorCode> = new Set([
  "rate-limit",
  "server",
  "network",
  "truncated",
  "aborted",
  "budget",
]);

const { module, place, books, number, course }: RunnerTask = JSON.parse(process.argv[2]!) as RunnerTask;
const stores = (await import(module)) as RaceStoreModule;
const store = await stores.open(place);
const random = seededRandom(`${course.seed}.${number}`);
const upTo = (most: number): number => Math.floor(random() * (most + 1));
const callNames = new AsyncLocalStorage<string>();
const endings: Record<string, number> = {};
const faults: string[] = [];
let calls = 0;

const model = provider(openBooks(books), random, course.pace).with(
  budget({
    price,
    count,
    ledger: namedByCall(store.ledger),
    lease: course.lease,
    maxOutputTokens: 20,
    limit: [
      { nanoDollars: course.limit },
      { nanoDollars: Math.floor(course.limit / 2), per: ["user"], window: "day" },
      { nanoDollars: course.limit, window: { rolling: 24 * 3_600_000 } },
    ],
  }),
);

process.send!("ready");
await new Promise((resolve) => process.once("message", resolve));
await Promise.all(Array.from({ length: course.workers }, (_, worker) => work(worker)));
await store.close();
const lap: Lap = { calls, endings, faults };
process.send!(lap, () => process.disconnect());

/** Calls again and again, until there has been no room so many times running. */
async function work(worker: number): Promise<void> {
  for (let time = 0, refused = 0; refused < course.patience; time++) {
    const name = `${number}.${worker}.${time}`;
    const ending = await callNames.run(name, () => call(name, `user ${worker % 3}`));
    calls++;
    endings[ending] = (endings[ending] ?? 0) + 1;
    refused = ending === "budget" ? refused + 1 : 0;
    if (refused > 0) await new Promise((resolve) => setTimeout(resolve, random() * 10));
  }
}

/** One call of one caller, who may lose patience; says how it ended. */
async function call(name: string, user: string): Promise<string> {
  const stop = new AbortController();
  const request: ModelRequest = {
    messages: [{ role: "user", content: name }],
    tags: { user },
    signal: stop.signal,
    ...(random() < 0.7 && { maxOutputTokens: 5 + upTo(15) }),
  };
  const timer = random() < 0.15 ? setTimeout(() => stop.abort(), random() * 4 * course.pace) : undefined;
  try {
    if (random() < 0.4) {
      await model.generate(request);
      return "whole";
    }
    // Some leave in the middle.
    let left = random() < 0.15 ? upTo(10) : Infinity;
    for await (const _ of await model.stream(request)) if (left-- <= 0) return "left";
    return "streamed";
  } catch (error) {
    if (!(error instanceof ModelError) || !expected.has(error.code) || (error.code === "budget" && error.cause)) {
      faults.push(String(error instanceof Error ? (error.cause ?? error) : error));
    }
    return error instanceof ModelError ? error.code : "unknown";
  } finally {
    clearTimeout(timer);
  }
}

/** Labels what is reserved with the name of the call, so that each can be compared with what was billed for it. */
function namedByCall(ledger: Ledger): Ledger {
  return {
    ...ledger,
    reserve: ({ labels, ...reservation }) =>
      ledger.reserve({ ...reservation, labels: { ...labels, call: callNames.getStore() ?? "" } }),
  };
}
