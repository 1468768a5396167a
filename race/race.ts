import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NanoDollars, Spend, SpendRow } from "@plugboard/core";
import { seededRandom } from "@plugboard/testing";
import { readBooks } from "./books.ts";
import type { RaceStoreModule } from "./race-store.ts";
import type { Lap, RunnerTask } from "./runner.ts";

/** How a race is run. */
export interface Course {
  readonly seed: number;
  readonly processes: number;
  /** Callers in each process. */
  readonly workers: number;
  readonly limit: NanoDollars;
  /** Milliseconds. */
  readonly lease: number;
  /** Milliseconds that the provider takes for a few tokens, at most. */
  readonly pace: number;
  /** How often running a caller is refused before it goes home. */
  readonly patience: number;
}

/** How a race went. */
export interface RaceResult {
  readonly calls: number;
  readonly endings: Readonly<Record<string, number>>;
  readonly billed: NanoDollars;
  /** Where the limit for all stood one lease after the last process had gone. */
  readonly spend: Spend;
  /** Calls of the process that was killed whose lease was charged. */
  readonly charged: number;
  /** The promises that were broken, each with its figures; none is what one wants. */
  readonly broken: readonly string[];
}

/** One dollar, four processes of fifty callers, one of which is killed. */
export const fullCourse: Omit<Course, "seed"> = {
  processes: 4,
  workers: 50,
  limit: 1_000_000_000,
  lease: 2000,
  pace: 8,
  patience: 20,
};

/**
 * Callers in several processes spend against one limit through the real `budget`, with a provider that fails at random and callers that
 * leave at random; one process is killed in the midst of it. Then what the provider has billed is compared with the ledger, call by call.
 */
export async function race(module: string, course: Course): Promise<RaceResult> {
  const directory = mkdtempSync(join(tmpdir(), "plugboard-race-"));
  const stores = (await import(module)) as RaceStoreModule;
  const prepared = await stores.prepare?.(directory);
  try {
    const place = prepared?.place ?? directory;
    const books = Array.from({ length: course.processes }, (_, number) => join(directory, `books-${number}`));
    const { laps, killed } = await run(module, place, books, course);

    // Whoever died has a lease left at most.
    await new Promise((resolve) => setTimeout(resolve, course.lease + 50));
    const store = await stores.open(place);
    const spend = await store.ledger.spend("all", "total");
    const rows = await store.ledger.report("2000-01-01", "2100-01-01");
    await store.close();
    return judge(course, laps, killed, readBooks(books), spend, rows);
  } finally {
    await prepared?.end();
    rmSync(directory, { recursive: true });
  }
}

/** Starts all processes at once, and kills one when a random part of the limit has been billed. */
async function run(
  module: string,
  place: string,
  books: readonly string[],
  course: Course,
): Promise<{ readonly laps: readonly Lap[]; readonly killed: number }> {
  const random = seededRandom(`kill ${course.seed}`);
  const killed = Math.floor(random() * course.processes);
  const children = books.map((path, number) => {
    const task: RunnerTask = { module, place, books: path, number, course };
    return fork(new URL("runner.ts", import.meta.url), [JSON.stringify(task)], { execArgv: ["--no-warnings"] });
  });
  try {
    const ends = children.map((child, number) => endOf(child, number === killed));
    await Promise.all(children.map(readiness));
    for (const child of children) child.send("go");

    // A token is about nine bytes in the books, since a line is fifteen and what is asked is one line.
    const after = (course.limit / 100_000) * 9 * (0.05 + 0.4 * random());
    const watch = setInterval(() => {
      const written = books.reduce((sum, path) => sum + (existsSync(path) ? statSync(path).size : 0), 0);
      if (written > after) children[killed]!.kill("SIGKILL");
    }, 2);
    const laps = await Promise.all(ends).finally(() => clearInterval(watch));
    return { laps: laps.filter((lap) => lap !== undefined), killed };
  } finally {
    for (const child of children) child.kill("SIGKILL");
  }
}

function readiness(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", () => reject(new Error("A process of the race ended before it began.")));
  });
}

/** What a process told in the end; nothing of one that was killed. */
function endOf(child: ChildProcess, mayBeKilled: boolean): Promise<Lap | undefined> {
  return new Promise((resolve, reject) => {
    let lap: Lap | undefined;
    child.on("message", (message) => {
      if (message !== "ready") lap = message as Lap;
    });
    child.once("exit", (code, signal) => {
      if (lap || (mayBeKilled && signal === "SIGKILL")) resolve(lap);
      else reject(new Error(`A process of the race ended with ${signal ?? code}.`));
    });
  });
}

function judge(
  { limit, processes, workers }: Course,
  laps: readonly Lap[],
  killed: number,
  bills: ReadonlyMap<string, NanoDollars>,
  spend: Spend,
  rows: readonly SpendRow[],
): RaceResult {
  const broken: string[] = [];
  const billed = [...bills.values()].reduce((sum, amount) => sum + amount, 0);
  if (billed > limit) broken.push(`billed ${billed}, which is ${percent(billed, limit)} of the limit`);
  if (spend.spent + spend.assumed > limit) broken.push(`booked ${spend.spent + spend.assumed} of ${limit}`);
  if (laps.length === processes) broken.push("no process was killed");
  if (spend.held > 0) broken.push(`${spend.held} still held one lease after the end`);

  const unbooked = new Map(bills);
  const sums = { spent: 0, assumed: 0 };
  let charged = 0;
  for (const { labels, attempts, spent, assumed } of rows) {
    const call = labels["call"]!;
    const bill = unbooked.get(call) ?? 0;
    unbooked.delete(call);
    sums.spent += spent;
    sums.assumed += assumed;
    if (attempts !== 1) broken.push(`call ${call} booked ${attempts} times`);
    const isDead = call.startsWith(`${killed}.`) && assumed > 0;
    if (isDead) charged++;
    const fits = isDead ? spent === 0 && assumed >= bill : assumed === 0 && spent === bill;
    if (!fits) broken.push(`call ${call} billed ${bill}, spent ${spent}, charged ${assumed}`);
  }
  for (const [call, bill] of unbooked) broken.push(`call ${call} billed ${bill} and not booked`);
  if (sums.spent !== spend.spent || sums.assumed !== spend.assumed) {
    broken.push(
      `the report adds up to ${sums.spent} and ${sums.assumed}, the limit to ${spend.spent} and ${spend.assumed}`,
    );
  }
  // At most one call of each caller was under way.
  if (charged > workers) broken.push(`${charged} leases charged, of ${workers} callers`);
  for (const { faults } of laps) broken.push(...faults);

  const endings: Record<string, number> = {};
  for (const lap of laps) {
    for (const [ending, times] of Object.entries(lap.endings)) endings[ending] = (endings[ending] ?? 0) + times;
  }
  return { calls: laps.reduce((sum, { calls }) => sum + calls, 0), endings, billed, spend, charged, broken };
}

function percent(part: number, whole: number): string {
  return `${Math.round((100 * part) / whole)} %`;
}
