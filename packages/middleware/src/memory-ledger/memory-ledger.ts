import { ModelError, checkOption } from "@plugboard/core";
import type { BudgetScope, Ledger, ReserveOutcome } from "@plugboard/core";
import { checkAmount, checkDay } from "@plugboard/core/store";
import { BriefMap } from "../brief-map.ts";
import { Account } from "./account.ts";
import type { HoldState, Slice } from "./account.ts";
import { SpendRows, count } from "./spend-rows.ts";
import type { OpenRow } from "./spend-rows.ts";

/** What a ledger in memory goes by. */
export interface MemoryLedgerOptions {
  /** Milliseconds since the epoch. @default Date.now */
  readonly clock?: () => number;
  /** The most rows of the report to keep, one for each day and set of labels; the oldest make room. @default 10000 */
  readonly maxRows?: number;
}

/** A reservation, from the moment it is made until it is settled or released. */
interface Hold {
  readonly scopes: readonly BudgetScope[];
  /** That of each scope. */
  readonly accounts: readonly Account[];
  /** Each account once, with its slice. */
  readonly places: readonly Place[];
  readonly row: OpenRow;
  state: HoldState;
  amount: number;
  expires: number;
}

interface Place {
  readonly account: Account;
  readonly slice: Slice | undefined;
}

const granted: ReserveOutcome = { granted: true };

/** With fewer accounts than this in memory, nobody looks for those that can be forgotten. */
const few = 1000;

/**
 * A ledger that lives in this process and is gone with it: for one process, and for tests.
 *
 * It keeps a few numbers for each key and window in which something counts, for each live reservation, and for each row of the report up
 * to `maxRows`. A rolling window is kept exactly up to about a thousand reservations; beyond that, what was spent counts for up to a
 * thousandth of the window longer.
 *
 * @example
 * const ledger = memoryLedger();
 * const model = openai("gpt-4o").with(budget({ limit: { usd: 5 }, ledger, price }));
 * console.log(await ledger.spend("all", "total"));
 */
export function memoryLedger({ clock = Date.now, maxRows = 10_000 }: MemoryLedgerOptions = {}): Ledger {
  checkOption("maxRows", maxRows, { least: 1, whole: true });
  const current = new Map<string, Account>();
  /** Those that are held or assumed; a settled one is only a number in its accounts. */
  const holds = new BriefMap<Hold>();
  const rows = new SpendRows(maxRows);
  /** No lease ends before this, so that most verbs need not look. */
  let nextExpiry = Infinity;
  let latest = 0;
  let sweepAt = few;

  /** The time, which never goes back; leases that have run out by now are charged. */
  function advance(): number {
    latest = Math.max(latest, clock());
    sweep();
    if (latest < nextExpiry) return latest;
    nextExpiry = Infinity;
    for (const hold of holds.values()) {
      if (hold.state !== "held") continue;
      if (hold.expires <= latest) move(hold, "assumed", hold.amount);
      else nextExpiry = Math.min(nextExpiry, hold.expires);
    }
    return latest;
  }

  function accountOf({ key, window }: Pick<BudgetScope, "key" | "window">, now: number): Account {
    const name = `${typeof window === "string" ? window : window.rolling}:${key}`;
    let account = current.get(name);
    if (account?.isCurrent(now)) account.moveOn(now);
    else current.set(name, (account = new Account(window, now)));
    return account;
  }

  /** Forgets the accounts in which nothing counts, each time that there are twice as many. */
  function sweep(): void {
    if (current.size < sweepAt) return;
    for (const [name, account] of current) if (account.isIdle(latest)) current.delete(name);
    sweepAt = Math.max(few, 2 * current.size);
  }

  function close(id: string, state: "spent" | "released", amount: number): void {
    advance();
    const hold = holds.get(id);
    if (!hold) return;
    move(hold, state, amount);
    for (const { account } of hold.places) account.open--;
    holds.delete(id);
  }

  // Between the test and the addition nothing is awaited: that is what makes a verb one step.
  return {
    async reserve({ id, amount, scopes, lease, labels }) {
      checkAmount(amount);
      const now = advance();
      if (holds.get(id)) return granted;
      const accounts = scopes.map((scope) => accountOf(scope, now));
      const refused = refusal(scopes, accounts, amount);
      if (refused) return refused;

      const places = unique(accounts).map((account) => ({ account, slice: account.sliceAt(now) }));
      for (const account of unique(accounts)) account.open++;
      const row = rows.open(now, labels);
      const hold: Hold = { scopes, accounts, places, row, state: "released", amount: 0, expires: now + lease };
      holds.set(id, hold);
      move(hold, "held", amount);
      nextExpiry = Math.min(nextExpiry, hold.expires);
      return granted;
    },

    async extend(id, { lease, amount = 0 }) {
      checkAmount(amount);
      const now = advance();
      const hold = holds.get(id);
      if (!hold) throw new ModelError(`There is no reservation "${id}", or no longer.`, { code: "invalid-request" });
      for (const { account } of hold.places) account.moveOn(now);
      const refused = amount > 0 ? refusal(hold.scopes, hold.accounts, amount) : undefined;
      if (refused) return refused;

      move(hold, "held", hold.amount + amount);
      hold.expires = now + lease;
      nextExpiry = Math.min(nextExpiry, hold.expires);
      return granted;
    },

    async settle(id, amount) {
      checkAmount(amount);
      close(id, "spent", amount);
    },

    async release(id) {
      close(id, "released", 0);
    },

    async spend(key, window) {
      const { spent, assumed, held } = accountOf({ key, window }, advance());
      return { key, window, spent, assumed, held };
    },

    async report(from, to) {
      checkDay(from);
      checkDay(to);
      advance();
      return rows.between(from, to);
    },
  };
}

/** The first scope without room for so much more. */
function refusal(
  scopes: readonly BudgetScope[],
  accounts: readonly Account[],
  amount: number,
): ReserveOutcome | undefined {
  for (const [place, scope] of scopes.entries()) {
    const { spent, assumed, held } = accounts[place]!;
    if (spent + assumed + held + amount <= scope.limit) continue;
    return { granted: false, scope, spend: { key: scope.key, window: scope.window, spent, assumed, held } };
  }
  return undefined;
}

/** Takes a reservation from one sum of its accounts, and of the report, to another. */
function move(hold: Hold, state: HoldState, amount: number): void {
  for (const { account, slice } of hold.places) {
    account.add(hold.state, -hold.amount, slice);
    account.add(state, amount, slice);
  }
  count(hold.row, hold.state, hold.amount, -1);
  count(hold.row, state, amount, 1);
  hold.state = state;
  hold.amount = amount;
}

/** A scope that is named twice counts once. */
function unique(accounts: readonly Account[]): readonly Account[] {
  return accounts.length === 1 ? accounts : [...new Set(accounts)];
}
