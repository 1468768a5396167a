import { ModelError } from "@plugboard/core";
import { scaled } from "./decimal.ts";
import { columns } from "./table.ts";

/** What tokens cost, in US dollars per 1,000,000 of them, as price pages say it. What has no price here is unknown, not free. */
export interface TokenPrices {
  /** Input that nothing below says more about. */
  readonly input?: number;
  /** Output that nothing below says more about; reasoning too, unless it has a price of its own. */
  readonly output?: number;
  /** Input read from the provider's prompt cache. */
  readonly cachedInput?: number;
  /** Input written to the provider's prompt cache, kept for five minutes. */
  readonly cacheWrite5m?: number;
  /** Input written to the provider's prompt cache, kept for an hour. */
  readonly cacheWrite1h?: number;
  /** Output spent on thinking. @default the price of output */
  readonly reasoning?: number;
  readonly inputAudio?: number;
  readonly outputAudio?: number;
}

/** What a model charges. */
export interface ModelPrices extends TokenPrices {
  /** Other prices for long prompts. The longest that fits holds, for all tokens of the call. */
  readonly tiers?: readonly PriceTier[];
  /** US dollars for every request, besides its tokens. */
  readonly request?: number;
  /** US dollars for each use of a tool that the provider runs, by its name in `usage.serverTools`: `{ web_search: 0.01 }`. */
  readonly serverTools?: Readonly<Record<string, number>>;
}

/** Prices that hold once the prompt has more than so many tokens. */
export interface PriceTier extends TokenPrices {
  readonly above: number;
}

/** The kinds of token that can have a price of their own. */
export type TokenKind = keyof TokenPrices;

export const tokenKinds: readonly TokenKind[] = [...columns, "cacheWrite1h"];

/** Prices as they are reckoned with: whole pico-dollars, a token or a use. */
export interface Rates {
  /** Sorted; the first holds from 0 on, each up to the next. */
  readonly tiers: readonly RateTier[];
  readonly request: number | undefined;
  readonly serverTools: Readonly<Record<string, number>>;
  /** Charges that are known to be made and whose amount is not. */
  readonly charges: readonly string[];
}

export type RateTier = { readonly above: number } & Readonly<Partial<Record<TokenKind, number>>>;

/**
 * The prices of an application's own table, ready to reckon with.
 *
 * @throws {ModelError} `invalid-request` for a price that is negative, no number, or finer than a pico-dollar
 */
export function ratesOf(prices: ModelPrices, model: string): Rates {
  const { tiers = [], request, serverTools = {} } = prices;
  const above = tiers.map((tier) => tier.above);
  if (!above.every((size) => Number.isSafeInteger(size) && size > 0) || new Set(above).size < above.length) {
    throw refused(model, "tiers", "be at different lengths, each a whole number of tokens above 0", above);
  }
  const base = tokenRates(prices, 0, model);
  const long = tiers.map((tier) => both(base, tokenRates(tier, tier.above, model), tier.above));
  const uses = Object.entries(serverTools).map(([name, price]) => [
    name,
    rateOf(price, 12, model, `serverTools.${name}`),
  ]);
  return {
    tiers: [base, ...long.toSorted((a, b) => a.above - b.above)],
    request: request === undefined ? undefined : rateOf(request, 12, model, "request"),
    serverTools: Object.fromEntries(uses) as Record<string, number>,
    charges: [],
  };
}

/** One table over another: what the upper one says of a kind of token holds at every length, what it does not say stays. */
export function overlay(upper: Rates, lower: Rates): Rates {
  const starts = [...new Set([...lower.tiers, ...upper.tiers].map(({ above }) => above))].toSorted((a, b) => a - b);
  const at = ({ tiers }: Rates, start: number): RateTier => tiers.findLast(({ above }) => above <= start)!;
  const [flat] = upper.tiers;
  const complete = flat?.input !== undefined && flat.output !== undefined;
  return {
    tiers: starts.map((above) => both(at(lower, above), at(upper, above), above)),
    request: upper.request ?? lower.request,
    serverTools: { ...lower.serverTools, ...upper.serverTools },
    // Who states input and output has said what a call costs.
    charges: complete ? [] : lower.charges.filter((name) => name !== "request" || upper.request === undefined),
  };
}

/** The same rates with a share taken off, what is left rounded up to whole pico-dollars. */
export function discounted(rates: Rates, share: number): Rates {
  if (share === 0) return rates;
  // In millionths, so that 0.1 off is exact.
  const left = BigInt(Math.round((1 - share) * 1e6));
  const off = (rate: number): number => Number((BigInt(rate) * left + 999_999n) / 1_000_000n);
  return {
    ...rates,
    tiers: rates.tiers.map(({ above, ...kinds }) => ({ above, ...mapped(kinds, off) })),
    request: rates.request === undefined ? undefined : off(rates.request),
    serverTools: mapped(rates.serverTools, off),
  };
}

function mapped(amounts: Readonly<Record<string, number>>, change: (amount: number) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, change(amount)]));
}

/** The same prices for people: the other direction of {@link ratesOf}. */
export function pricesOf({ tiers, request, serverTools }: Rates): ModelPrices {
  const [base, ...long] = tiers;
  return {
    ...dollars(base!),
    ...(long.length > 0 && { tiers: long.map(tierForPeople) }),
    ...(request !== undefined && { request: request / 1e12 }),
    ...(Object.keys(serverTools).length > 0 && {
      serverTools: Object.fromEntries(Object.entries(serverTools).map(([name, rate]) => [name, rate / 1e12])),
    }),
  };
}

/** What the upper of two rows of prices says, and what only the lower one says. */
function both(lower: RateTier, upper: RateTier, above: number): RateTier {
  return { ...lower, ...upper, above };
}

function tierForPeople(tier: RateTier): PriceTier {
  return { above: tier.above, ...dollars(tier) };
}

function dollars(tier: RateTier): TokenPrices {
  return Object.fromEntries(
    tokenKinds.flatMap((kind) => (tier[kind] === undefined ? [] : [[kind, tier[kind] / 1e6] as const])),
  );
}

function tokenRates(prices: TokenPrices, above: number, model: string): RateTier {
  const tier: { above: number } & { [Kind in TokenKind]?: number } = { above };
  for (const kind of tokenKinds) {
    const price = prices[kind];
    if (price !== undefined) tier[kind] = rateOf(price, 6, model, kind);
  }
  return tier;
}

function rateOf(price: number, power: number, model: string, field: string): number {
  const rate = scaled(price, power);
  if (rate === undefined) throw refused(model, field, `be US dollars from 0 on with at most ${power} decimals`, price);
  return rate;
}

function refused(model: string, field: string, wanted: string, got: unknown): ModelError {
  const shown = typeof got === "number" ? String(got) : JSON.stringify(got);
  return new ModelError(`The price \`${field}\` of ${model} must ${wanted}; it is ${shown}.`, {
    code: "invalid-request",
  });
}
