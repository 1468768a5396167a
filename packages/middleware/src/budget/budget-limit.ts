import { ModelError } from "@plugboard/core";
import type { AttemptPlan, BudgetScope, BudgetWindow, NanoDollars } from "@plugboard/core";
import { tagKey } from "../tag-key.ts";

/** An amount of money: whole nano-dollars, or US dollars. */
export type BudgetAmount = NanoDollars | { readonly usd: number };

/** How much may be spent, by whom, and over which span. */
export interface BudgetLimit {
  /** In US dollars; `nanoDollars` says it to the billionth. */
  readonly usd?: number;
  readonly nanoDollars?: NanoDollars;
  /**
   * What has a limit each, in any combination: tags, and `model` and `provider`, which are those of the attempt. With `["user", "model"]`
   * every user has this much of every model. @default one limit for all
   */
  readonly per?: readonly string[];
  /** @default "total" */
  readonly window?: BudgetWindow;
}

/** The scopes that an attempt counts against. */
export type ScopesOf = (plan: AttemptPlan) => readonly BudgetScope[];

/** Limits that have been read. */
export interface Limits {
  readonly scopesOf: ScopesOf;
  /** The tags that they name. */
  readonly tags: readonly string[];
}

/** What an attempt is made of besides its tags; a tag of the same name is not looked at. */
const ofAttempt: ReadonlySet<string> = new Set(["model", "provider"]);

/**
 * Reads limits once, so that an attempt only fills in its tags.
 *
 * @throws {ModelError} `invalid-request`, with the field and the accepted values
 */
export function readLimits(
  limit: NanoDollars | BudgetLimit | readonly BudgetLimit[],
  name: string | undefined,
): Limits {
  const list = Array.isArray(limit)
    ? (limit as readonly BudgetLimit[])
    : [typeof limit === "number" ? { nanoDollars: limit } : (limit as BudgetLimit)];
  if (list.length === 0) throw refused("limit", "one limit or more", "an empty list");
  const prefix = name === undefined ? "" : `${encodeURIComponent(name)}/`;
  const limits = list.map((one, place) => {
    const field = Array.isArray(limit) ? `limit[${place}]` : "limit";
    return { per: one.per ?? [], limit: amountOf(one, field), window: windowOf(one, field) };
  });
  const named = new Set(limits.flatMap(({ per }) => per));
  const tags = [...named].filter((tag) => !ofAttempt.has(tag));
  if (named.size === 0) {
    const fixed = limits.map((one) => ({ key: `${prefix}all`, limit: one.limit, window: one.window }));
    return { scopesOf: () => fixed, tags };
  }
  const wantsAttempt = tags.length < named.size;
  return {
    tags,
    scopesOf({ provider, id, request }) {
      const values = wantsAttempt ? { ...request.tags, provider, model: id } : request.tags;
      return limits.map(({ per, limit, window }) => ({ key: prefix + tagKey(per, values), limit, window }));
    },
  };
}

/**
 * An amount in whole nano-dollars.
 *
 * @throws {ModelError} `invalid-request`, with the field and the accepted values
 */
export function readAmount(amount: BudgetAmount, field: string): NanoDollars {
  return amountOf(typeof amount === "number" ? { nanoDollars: amount } : amount, field);
}

function amountOf({ usd, nanoDollars }: Pick<BudgetLimit, "usd" | "nanoDollars">, field: string): NanoDollars {
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
