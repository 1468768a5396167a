import { ModelError } from "@plugboard/core";
import type { BudgetWindow, Ledger, ReserveOutcome, SpendRow } from "@plugboard/core";
import { checkAmount, checkDay, labelText, readLabels } from "@plugboard/core/store";
import { timeOf } from "../clock.ts";
import type { RedisLink } from "../redis-link.ts";
import type { Script } from "../script.ts";
import { keyOf } from "../store-place.ts";
import type { StorePlace } from "../store-place.ts";
import { closeMoney, extendMoney, reportMoney, reserveMoney, standingMoney } from "./ledger-verbs.ts";

/** How long a ledger remembers. */
export interface LedgerMemory {
  /** For how many days the report reaches back. */
  readonly keepDays: number;
  /** Milliseconds after its lease ran out for which an attempt may still be settled; then it stays charged in full. @default 30 days */
  readonly graceful?: number;
}

type Words = readonly (string | number)[];

const granted: ReserveOutcome = { granted: true };
const thousand = 1000;

/** Five keys in one slot, so that all scopes of a reservation, and whatever has run out, are one step. */
export function redisLedger(
  link: RedisLink,
  place: StorePlace,
  { keepDays, graceful = 30 * 86_400_000 }: LedgerMemory,
): Ledger {
  const keys = ["sums", "holds", "due", "rows", "booked"].map((name) => keyOf(place, "ledger", name));
  const memory = [String(graceful), String(keepDays)];

  /** What the verb says; a verb does a part of what is due at most, and is asked again as long as that may change its answer. */
  async function run(script: Script, words: Words, isFinal: (answer: Words) => boolean): Promise<Words> {
    for (;;) {
      const all = [timeOf(place.clock), ...memory, ...words.map(String)];
      const [more, ...answer] = (await link.run(script, place.timeout, keys, all)) as Words;
      if (more === 0 || isFinal(answer)) return answer;
    }
  }

  /** Closes a reservation, if there is one. What is due changes nothing of it. */
  async function close(id: string, state: "spent" | "released", amount: number): Promise<void> {
    await run(closeMoney, [id, state, amount], () => true);
  }

  return {
    async reserve({ id, amount, scopes, lease, labels }) {
      checkAmount(amount);
      const limits = scopes.flatMap(({ key, window, limit }) => [key, wordOf(window), limit]);
      return outcomeOf(await run(reserveMoney, [id, amount, lease, labelText(labels), ...limits], isGranted));
    },

    async extend(id, { lease, amount = 0 }) {
      checkAmount(amount);
      const answer = await run(extendMoney, [id, amount, lease], isGranted);
      if (answer[0] !== 2) return outcomeOf(answer);
      throw new ModelError(`There is no reservation "${id}", or no longer.`, { code: "invalid-request" });
    },

    async settle(id, amount) {
      checkAmount(amount);
      await close(id, "spent", amount);
    },

    release: (id) => close(id, "released", 0),

    async spend(key, window) {
      const [spent, assumed, held] = (await run(standingMoney, [key, wordOf(window)], () => false)).map(Number);
      return { key, window, spent: spent!, assumed: assumed!, held: held! };
    },

    async report(from, to) {
      checkDay(from);
      checkDay(to);
      const rows: SpendRow[] = [];
      for (let last = ""; ;) {
        const answer = await run(reportMoney, [from, to, last], () => false);
        for (let at = 0; at < answer.length; at += 2) {
          last = String(answer[at]);
          const row = rowOf(last, String(answer[at + 1]));
          if (row.attempts > 0) rows.push(row);
        }
        if (answer.length < 2 * thousand) return rows;
      }
    },
  };
}

function isGranted([granted]: Words): boolean {
  return granted !== 0;
}

function outcomeOf([isGranted, key, window, limit, ...sums]: Words): ReserveOutcome {
  if (isGranted === 1) return granted;
  const scope = { key: String(key), window: windowOf(String(window)), limit: Number(limit) };
  const [spent, assumed, held] = sums.map(Number);
  return {
    granted: false,
    scope,
    spend: { key: scope.key, window: scope.window, spent: spent!, assumed: assumed!, held: held! },
  };
}

function wordOf(window: BudgetWindow): string {
  return typeof window === "string" ? window : String(window.rolling);
}

function windowOf(word: string): BudgetWindow {
  return word === "total" || word === "day" || word === "month" ? word : { rolling: Number(word) };
}

/** `2026-11-25 [["user","ada"]]` and `attempts spent assumed`. */
function rowOf(name: string, sums: string): SpendRow {
  const [attempts, spent, assumed] = sums.split(" ").map(Number);
  return {
    day: name.slice(0, 10),
    labels: readLabels(name.slice(11)),
    attempts: attempts!,
    spent: spent!,
    assumed: assumed!,
  };
}
