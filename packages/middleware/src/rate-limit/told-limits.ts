import type { Amount } from "./rate-rules.ts";
import { costOf } from "./rate-rules.ts";
import type { TokenEstimate } from "./token-estimate.ts";

/** What a provider said of one of its limits. */
interface Told {
  readonly amount: Amount;
  /** What was left of it, less what was sent since. */
  level: number;
  /** When it said so. */
  at: number;
  /** What comes back each millisecond; `undefined` where all of it comes at once, at the end. */
  readonly rate: number | undefined;
  readonly limit: number;
  /** When all of it is back. */
  readonly ends: number;
}

const amountOf: Readonly<Record<string, Amount>> = {
  requests: "requests",
  tokens: "tokens",
  "input-tokens": "inputTokens",
  "output-tokens": "outputTokens",
};

/** `x-ratelimit-remaining-tokens`, with `-minute` or `-day` at some: OpenAI, Azure, Groq, Cerebras, xAI and others. */
const plain = /^x-ratelimit-(?<field>limit|remaining|reset)-(?<what>requests|tokens)(?<per>-(?:minute|hour|day))?$/;
/** `anthropic-ratelimit-input-tokens-remaining`. */
const anthropic = /^anthropic-ratelimit-(?<what>requests|(?:input-|output-)?tokens)-(?<field>limit|remaining|reset)$/;

/** Nobody is kept waiting for longer by what a provider said, in milliseconds. */
const longest = 3_600_000;

/** What the provider of one model said of its limits, and what that leaves for the next attempt. */
export class ToldLimits {
  #told: ReadonlyMap<string, Told> = new Map();

  /** Takes note of the headers of an answer. */
  hear(headers: Readonly<Record<string, string>>, now: number): void {
    const said = new Map<string, { amount: Amount; limit?: string; remaining?: string; reset?: string }>();
    for (const [name, value] of Object.entries(headers)) {
      const found = (plain.exec(name) ?? anthropic.exec(name))?.groups;
      if (!found) continue;
      const { what, per = "" } = found as { readonly what: string; readonly per?: string };
      const entry = said.get(what + per) ?? { amount: amountOf[what]! };
      entry[found["field"] as "limit" | "remaining" | "reset"] = value;
      said.set(what + per, entry);
    }
    if (said.size === 0) return;

    const told = new Map<string, Told>();
    for (const [key, { amount, ...texts }] of said) {
      const [limit, remaining] = [numberOf(texts.limit) ?? Infinity, numberOf(texts.remaining)];
      const reset = texts.reset === undefined ? undefined : durationOf(texts.reset);
      // Without a time there is no telling for how long it holds.
      if (remaining === undefined || reset === undefined || reset <= 0) continue;
      const span = Math.min(reset, longest);
      const rate = limit < Infinity && limit > remaining ? (limit - remaining) / reset : undefined;
      told.set(key, { amount, level: remaining, at: now, rate, limit, ends: now + span });
    }
    this.#told = told;
  }

  /** Nothing more is to be sent for so long: a 429 said so. */
  shut(retryAfter: number, now: number): void {
    const ends = now + Math.min(retryAfter, longest);
    const door: Told = { amount: "requests", level: 0, at: now, rate: undefined, limit: Infinity, ends };
    this.#told = new Map([...this.#told, ["door", door]]);
  }

  /** Milliseconds until there is room for an attempt, and of what there is none now. */
  wait(estimate: TokenEstimate, now: number): { readonly delay: number; readonly amount: Amount } | undefined {
    let longestWait: { readonly delay: number; readonly amount: Amount } | undefined;
    for (const told of this.#told.values()) {
      if (now >= told.ends) continue;
      // One that is larger than the whole limit goes when all of it is there: the estimate may be too high.
      const missing = Math.min(costOf(told.amount, estimate), told.limit) - levelAt(told, now);
      if (missing <= 0) continue;
      const delay = Math.ceil(Math.min(told.ends - now, told.rate === undefined ? Infinity : missing / told.rate));
      if (!longestWait || delay > longestWait.delay) longestWait = { delay, amount: told.amount };
    }
    return longestWait;
  }

  /** An attempt is made; what is given back says that it was not. */
  take(estimate: TokenEstimate, now: number): () => void {
    const all = [...this.#told.values()];
    for (const told of all) {
      told.level = levelAt(told, now) - costOf(told.amount, estimate);
      told.at = now;
    }
    return () => {
      for (const told of all) told.level += costOf(told.amount, estimate);
    };
  }
}

function levelAt({ level, at, rate = 0, limit }: Told, now: number): number {
  return Math.min(limit, level + rate * (now - at));
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `6m0s`, `120ms`, `7.66s`, seconds without a unit, or a date; in milliseconds from now. */
function durationOf(text: string): number | undefined {
  const seconds = numberOf(text);
  if (seconds !== undefined) return seconds * 1000;
  if (/^(\d+(\.\d+)?(ms|[smhd]))+$/.test(text)) {
    let sum = 0;
    for (const [, amount, , unit] of text.matchAll(/(\d+(\.\d+)?)(ms|[smhd])/g)) sum += Number(amount) * units[unit!]!;
    return sum;
  }
  const date = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : date - Date.now();
}
