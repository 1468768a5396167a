import { ModelError } from "@plugboard/core";
import type { BudgetScope, BudgetWindow, Ledger, ReserveOutcome } from "@plugboard/core";
import { BriefMap } from "../brief-map.ts";

/** What a ledger in memory goes by. */
export interface MemoryLedgerOptions {
  /** Milliseconds since the epoch. @default Date.now */
  readonly clock?: () => number;
}

/** The sums of one scope in one window. */
interface Account {
  /** Which day or month; `undefined` where the window has no borders. */
  readonly period: string | undefined;
  spent: number;
  assumed: number;
  held: number;
  /** Of a rolling window its length, what was reserved within it, oldest first, and up to when it has been forgotten. */
  readonly rolling: number | undefined;
  readonly recent: Hold[];
  forgotten: number;
}

/** A reservation, from the moment it is made until it is settled or released. */
interface Hold {
  readonly at: number;
  readonly scopes: readonly BudgetScope[];
  readonly accounts: readonly Account[];
  state: "held" | "assumed" | "spent" | "released";
  amount: number;
  expires: number;
}

const granted: ReserveOutcome = { granted: true };

/**
 * A ledger that lives in this process and is gone with it: for one process, and for tests.
 *
 * @example
 * const ledger = memoryLedger();
 * const model = openai("gpt-4o").with(budget({ limit: { usd: 5 }, ledger, price }));
 * console.log(await ledger.spend("all", "total"));
 */
export function memoryLedger({ clock = Date.now }: MemoryLedgerOptions = {}): Ledger {
  const current = new Map<string, Account>();
  /** Those that are held or assumed; a settled one is only a number in its accounts. */
  const holds = new BriefMap<Hold>();
  /** No lease ends before this, so that most verbs need not look. */
  let nextExpiry = Infinity;
  let latest = 0;

  /** The time, which never goes back; leases that have run out by now are charged. */
  function advance(): number {
    latest = Math.max(latest, clock());
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
    const rolling = typeof window === "string" ? undefined : window.rolling;
    const name = `${rolling ?? (window as string)}:${key}`;
    const period = periodOf(window, now);
    let account = current.get(name);
    if (!account || account.period !== period) {
      account = { period, spent: 0, assumed: 0, held: 0, rolling, recent: [], forgotten: -Infinity };
      current.set(name, account);
    }
    if (rolling !== undefined) forget(account, now - rolling);
    return account;
  }

  // Between the test and the addition nothing is awaited: that is what makes a verb one step.
  return {
    async reserve({ id, amount, scopes, lease }) {
      checkAmount(amount);
      const now = advance();
      if (holds.get(id)) return granted;
      const accounts = scopes.map((scope) => accountOf(scope, now));
      const refused = refusal(scopes, accounts, amount);
      if (refused) return refused;

      const hold: Hold = { at: now, scopes, accounts, state: "released", amount: 0, expires: now + lease };
      holds.set(id, hold);
      move(hold, "held", amount);
      for (const account of unique(accounts)) if (account.rolling !== undefined) account.recent.push(hold);
      nextExpiry = Math.min(nextExpiry, hold.expires);
      return granted;
    },

    async extend(id, { lease, amount = 0 }) {
      checkAmount(amount);
      const now = advance();
      const hold = holds.get(id);
      if (!hold) throw new ModelError(`There is no live reservation "${id}".`, { code: "invalid-request" });
      for (const account of hold.accounts) if (account.rolling !== undefined) forget(account, now - account.rolling);
      const refused = amount > 0 ? refusal(hold.scopes, hold.accounts, amount) : undefined;
      if (refused) return refused;

      move(hold, "held", hold.amount + amount);
      hold.expires = now + lease;
      nextExpiry = Math.min(nextExpiry, hold.expires);
      return granted;
    },

    async settle(id, amount) {
      checkAmount(amount);
      advance();
      const hold = holds.get(id);
      if (!hold) return;
      move(hold, "spent", amount);
      holds.delete(id);
    },

    async release(id) {
      advance();
      const hold = holds.get(id);
      if (!hold) return;
      move(hold, "released", 0);
      holds.delete(id);
    },

    async spend(key, window) {
      const { spent, assumed, held } = accountOf({ key, window }, advance());
      return { key, window, spent, assumed, held };
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

/** Takes a reservation from one sum of its accounts to another. */
function move(hold: Hold, state: Hold["state"], amount: number): void {
  for (const account of unique(hold.accounts)) {
    add(account, hold, -hold.amount);
    add(account, { at: hold.at, state }, amount);
  }
  hold.state = state;
  hold.amount = amount;
}

/** What is held counts however old it is; what was spent counts as long as the window reaches back to its reservation. */
function add(account: Account, { at, state }: Pick<Hold, "at" | "state">, amount: number): void {
  if (state === "released" || (state !== "held" && at <= account.forgotten)) return;
  account[state] += amount;
}

/** Drops from a rolling window what was reserved up to then. */
function forget(account: Account, until: number): void {
  const { recent } = account;
  let gone = 0;
  while (gone < recent.length && recent[gone]!.at <= until) {
    const hold = recent[gone++]!;
    if (hold.state !== "held") add(account, hold, -hold.amount);
  }
  if (gone > 0) recent.splice(0, gone);
  account.forgotten = until;
}

/** The UTC day or month. */
function periodOf(window: BudgetWindow, now: number): string | undefined {
  if (window === "day") return new Date(now).toISOString().slice(0, 10);
  return window === "month" ? new Date(now).toISOString().slice(0, 7) : undefined;
}

/** A scope that is named twice counts once. */
function unique(accounts: readonly Account[]): readonly Account[] {
  return accounts.length === 1 ? accounts : [...new Set(accounts)];
}

function checkAmount(amount: number): void {
  if (Number.isSafeInteger(amount) && amount >= 0) return;
  throw new ModelError(`An \`amount\` must be a whole number of nano-dollars of at least 0; it is ${amount}.`, {
    code: "invalid-request",
  });
}
