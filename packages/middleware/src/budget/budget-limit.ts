import { ModelError } from "@plugboard/core";
import type { BudgetScope, BudgetWindow, CallOptions, NanoDollars } from "@plugboard/core";
import { tagKey } from "../tag-key.ts";

/** How much may be spent, by whom, and over which span. */
export interface BudgetLimit {
  /** In US dollars; `nanoDollars` says it to the billionth. */
  readonly usd?: number;
  readonly nanoDollars?: NanoDollars;
  /** Tags that have a limit each: with `["user"]`, every user has this much. @default one limit for all */
  readonly per?: readonly string[];
  /** @default "total" */
  readonly window?: BudgetWindow;
}

/** The scopes that a call counts against. */
export type ScopesOf = (tags: CallOptions["tags"]) => readonly BudgetScope[];

/**
 * Reads limits once, so that a call only fills in its tags.
 *
 * @throws {ModelError} `invalid-request`, with the field and the accepted values
 */
export function readLimits(
  limit: NanoDollars | BudgetLimit | readonly BudgetLimit[],
  name: string | undefined,
): ScopesOf {
  const list = Array.isArray(limit)
    ? (limit as readonly BudgetLimit[])
    : [typeof limit === "number" ? { nanoDollars: limit } : (limit as BudgetLimit)];
  if (list.length === 0) throw refused("limit", "one limit or more", "an empty list");
  const prefix = name === undefined ? "" : `${encodeURIComponent(name)}/`;
  const limits = list.map((one, place) => {
    const field = Array.isArray(limit) ? `limit[${place}]` : "limit";
    return { per: one.per ?? [], limit: amountOf(one, field), window: windowOf(one, field) };
  });
  const fixed =
    limits.every(({ per }) => per.length === 0) &&
    limits.map((one) => ({ key: `${prefix}all`, limit: one.limit, window: one.window }));
  if (fixed) return () => fixed;
  return (tags) => limits.map(({ per, limit, window }) => ({ key: prefix + tagKey(per, tags), limit, window }));
}

function amountOf({ usd, nanoDollars }: BudgetLimit, field: string): NanoDollars {
  const amount = nanoDollars ?? (usd === undefined ? undefined : Math.floor(Math.round(usd * 1e12) / 1000));
  if (amount !== undefined && Number.isSafeInteger(amount) && amount >= 0) return amount;
  const wanted = "a number of US dollars of at least 0, or a whole number of nano-dollars";
  throw refused(
    nanoDollars === undefined && usd !== undefined ? `${field}.usd` : field,
    wanted,
    String(nanoDollars ?? usd),
  );
}

function windowOf({ window = "total" }: BudgetLimit, field: string): BudgetWindow {
  const fits = typeof window === "string" ? ["total", "day", "month"].includes(window) : window.rolling > 0;
  if (fits) return window;
  throw refused(`${field}.window`, "total, day, month or { rolling: milliseconds }", JSON.stringify(window));
}

function refused(field: string, wanted: string, got: string): ModelError {
  return new ModelError(`\`${field}\` must be ${wanted}; it is ${got}.`, { code: "invalid-request" });
}
