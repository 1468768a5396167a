import { ModelError } from "@plugboard/core";
import type { Attempt, ModelKey, NanoDollars, PriceLookup } from "@plugboard/core";

/** One call of a log: an `Attempt` is one. */
export type LoggedCall = Pick<Attempt, "provider" | "model" | "usage" | "cost" | "answeredBy">;

/** How a log is priced anew. */
export interface RepriceOptions {
  /** Other prices, such as the `quote` of another catalogue. */
  readonly price: PriceLookup;
  /** Which model is priced instead: another offer of the same weights, another model. @default the one that was called */
  readonly as?: (call: LoggedCall) => ModelKey;
}

/** What a log cost, and what it would. */
export interface Repriced {
  readonly calls: number;
  /** The sum of what was recorded, and how many calls had no cost recorded. */
  readonly recorded: Share;
  /** The sum at the other prices, and how many calls have none there. */
  readonly repriced: Share;
  /** Both sums over the calls that have both: what can be compared. */
  readonly comparable: { readonly calls: number; readonly recorded: NanoDollars; readonly repriced: NanoDollars };
  /** What is missing at the other prices, by model: `{ "groq llama-9": ["model"] }`. */
  readonly missing: Readonly<Record<string, readonly string[]>>;
}

/** A sum, and what is not in it. */
export interface Share {
  readonly total: NanoDollars;
  /** Calls whose cost is not known; they are not in the total. */
  readonly unknown: number;
}

/**
 * What a recorded log would cost at other prices, or at another offer. Each call is reckoned alone and rounded up once, as it would be
 * billed; the tokens stay those that were used, though another model's tokenizer would count others.
 *
 * @throws {ModelError} `invalid-request` for sums beyond nine million dollars
 * @example
 * const { comparable } = await reprice(log, { price: quote, as: () => ({ provider: "groq", id: "llama-3.3-70b-versatile" }) });
 * console.log((comparable.recorded - comparable.repriced) / 1e9, "dollars less");
 */
export async function reprice(
  log: Iterable<LoggedCall> | AsyncIterable<LoggedCall>,
  { price, as = calledModel }: RepriceOptions,
): Promise<Repriced> {
  const recorded = { total: 0, unknown: 0 };
  const repriced = { total: 0, unknown: 0 };
  const comparable = { calls: 0, recorded: 0, repriced: 0 };
  const missing = new Map<string, Set<string>>();
  let calls = 0;

  for await (const call of log) {
    calls++;
    const was = call.cost?.total;
    const model = as(call);
    const quote = call.usage ? price(call.usage, model) : { missing: ["usage"] };
    const is = quote.cost?.total;
    add(recorded, was);
    add(repriced, is);
    if (was !== undefined && is !== undefined) {
      comparable.calls++;
      comparable.recorded += was;
      comparable.repriced += is;
    }
    if (quote.missing) {
      const name = `${model.provider} ${model.id}`;
      const names = missing.get(name) ?? new Set();
      for (const what of quote.missing) names.add(what);
      missing.set(name, names);
    }
  }
  const lists = Object.fromEntries(Array.from(missing, ([name, what]) => [name, [...what]]));
  return { calls, recorded, repriced, comparable, missing: lists };
}

function calledModel({ provider, model, answeredBy }: LoggedCall): ModelKey {
  return { provider, id: model, ...(answeredBy !== undefined && { answeredBy }) };
}

function add(share: { total: number; unknown: number }, amount: number | undefined): void {
  if (amount === undefined) share.unknown++;
  else share.total += amount;
  if (Number.isSafeInteger(share.total)) return;
  throw new ModelError("The log adds up to more than nine million dollars, which is more than is counted exactly.", {
    code: "invalid-request",
  });
}
