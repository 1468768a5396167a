// How many pairs of reserve and settle each ledger does in a second: one caller after the other, and fifty at once.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BudgetScope, Ledger } from "@plugboard/core";
import { memoryLedger } from "@plugboard/middleware";
import { redisAbsence, startRedis } from "@plugboard/recordings/redis-server";
import { redisStore } from "@plugboard/store-redis";
import { sqliteStore } from "@plugboard/store-sqlite";
import { measure } from "./measure.ts";
import type { Pace, Timed } from "./measure.ts";

/** A ledger to be measured; `directory` is there for its files. */
interface BenchedLedger {
  readonly name: string;
  open(directory: string): Promise<{ readonly ledger: Ledger; close(): Promise<void> }>;
}

const ledgers: readonly BenchedLedger[] = [
  { name: "memory", open: async () => ({ ledger: memoryLedger(), close: async () => {} }) },
  ...(["normal", "full"] as const).map((synchronous): BenchedLedger => ({
    name: `SQLite, ${synchronous}`,
    async open(directory) {
      const store = sqliteStore({ path: join(directory, `${synchronous}.db`), synchronous });
      return { ledger: store.ledger, close: async () => store.close() };
    },
  })),
  ...(["no", "everysec", "always"] as const).map((sync): BenchedLedger => ({
    name: sync === "no" ? "Redis, in memory" : `Redis, ${sync}`,
    async open() {
      const settings = sync === "no" ? {} : { appendonly: "yes", appendfsync: sync };
      const server = await startRedis({ settings });
      const store = redisStore({ client: server.url, timeouts: { ledger: 10_000 } });
      // It connects when it is first asked, and that is not what is measured.
      await store.ledger.spend("all", "total");
      return { ledger: store.ledger, close: () => store.close().then(() => server.stop()) };
    },
  })),
];

const scopes: readonly BudgetScope[] = [{ key: "all", limit: Number.MAX_SAFE_INTEGER, window: "total" }];
const labels = { user: "ada", provider: "openai", model: "gpt-4o" };

/** Prints pairs a second of every ledger, by the median of the rounds. */
export async function printLedgers(pace: Pace): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "plugboard-bench-"));
  const absence = redisAbsence();
  if (absence !== undefined) console.log(`skipped: the ledgers on Redis, since ${absence}`);
  const opened = await Promise.all(
    ledgers
      .filter(({ name }) => absence === undefined || !name.startsWith("Redis"))
      .map(async (each) => Object.assign(await each.open(directory), { name: each.name })),
  );
  try {
    console.log("reserve and settle, pairs a second");
    for (const callers of [1, 50]) {
      const timings = await measure(
        opened.map(({ name, ledger }) => timed(name, ledger, callers)),
        pace,
      );
      for (const [name, { wall, cpu }] of timings) {
        const [low, middle, high] = [wall.most, wall.median, wall.least].map((time) => thousands(1e6 / time));
        const title = `${name}, ${callers === 1 ? "one caller" : `${callers} callers`}`;
        console.log(`  ${title.padEnd(28)} ${middle} (${low} –${high})   cpu ${cpu.median.toFixed(1).padStart(6)} µs`);
      }
    }
    console.log();
  } finally {
    for (const each of opened) await each.close();
    rmSync(directory, { recursive: true });
  }
}

function timed(name: string, ledger: Ledger, callers: number): Timed {
  return {
    name,
    async run(times) {
      let left = times;
      const call = async (): Promise<void> => {
        while (left-- > 0) {
          const id = crypto.randomUUID();
          const { granted } = await ledger.reserve({ id, amount: 2, scopes, lease: 60_000, labels });
          if (!granted) throw new Error(`${name} refuses what it has room for.`);
          await ledger.settle(id, 1);
        }
      };
      await Promise.all(Array.from({ length: Math.min(callers, times) }, call));
    },
  };
}

function thousands(count: number): string {
  return Math.round(count).toLocaleString("en").padStart(8);
}
