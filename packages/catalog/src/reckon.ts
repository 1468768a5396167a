import type { Quote, Usage } from "@plugboard/core";
import { tokenKinds } from "./model-prices.ts";
import type { Rates, RateTier, TokenKind } from "./model-prices.ts";

/** A quote, or what is said of the usage that cannot be. */
export type Reckoning = (Quote & { readonly absurd?: never }) | Absurd;

/** A count that is no count, and a sentence on why. */
interface Absurd {
  readonly absurd: string;
  readonly field: string;
  readonly cost?: never;
  readonly missing?: never;
}

/** What so much usage costs at these rates: every part exactly, and the sum rounded up once. */
export function reckon(usage: Usage, rates: Rates): Reckoning {
  const absurd = findAbsurd(usage);
  if (absurd) return absurd;

  const tier = rates.tiers.findLast(({ above }) => above === 0 || (usage.input ?? 0) > above)!;
  const bill = new Bill();
  for (const charge of rates.charges) bill.lack(charge);

  const parts = partsOf(usage, tier);
  for (const kind of tokenKinds) {
    const count = parts[kind];
    if (count !== undefined) bill.add(kind, count, tier[kind]);
    // A total that nobody told is no matter only where it would cost nothing.
    else if (tier[kind] !== 0) bill.lack(kind);
  }
  for (const name in usage.serverTools) {
    const rate = Object.hasOwn(rates.serverTools, name) ? rates.serverTools[name] : undefined;
    bill.add(`serverTools.${name}`, usage.serverTools[name]!, rate);
  }
  if (rates.request !== undefined) bill.add("request", 1, rates.request);
  return bill.sum();
}

/** Adds up pico-dollars exactly. */
class Bill {
  readonly #missing: string[] = [];
  readonly #components: Record<string, number> = {};
  /** As long as it is a safe integer, which is up to $9,007; then the sum is `#large`. */
  #small = 0;
  #large: bigint | undefined;

  lack(component: string): void {
    if (!this.#missing.includes(component)) this.#missing.push(component);
  }

  add(component: string, count: number, rate: number | undefined): void {
    if (count === 0) return;
    if (rate === undefined) return this.lack(component);
    const amount = count * rate;
    if (this.#large === undefined && amount + this.#small <= Number.MAX_SAFE_INTEGER) {
      this.#small += amount;
      this.#components[component] = Math.floor((amount + 500) / 1000);
    } else {
      const exact = BigInt(count) * BigInt(rate);
      this.#large = (this.#large ?? BigInt(this.#small)) + exact;
      this.#components[component] = Number((exact + 500n) / 1000n);
    }
  }

  sum(): Reckoning {
    if (this.#missing.length > 0) return { missing: this.#missing };
    const total = this.#large === undefined ? Math.ceil(this.#small / 1000) : Number((this.#large + 999n) / 1000n);
    if (!Number.isSafeInteger(total)) {
      return { field: "usage", absurd: "`usage` is more than nine million dollars' worth, which no call is." };
    }
    const components = this.#components;
    for (const _ in components) return { cost: { total, components } };
    return { cost: { total } };
  }
}

/** Each token once, under the kind by which it is charged. */
function partsOf(usage: Usage, tier: RateTier): { readonly [Kind in TokenKind]: number | undefined } {
  const { input, output, cachedInput = 0, cacheWrite5m = 0, cacheWrite1h = 0, inputAudio = 0, outputAudio = 0 } = usage;
  // Thinking is output like any other, unless the model has a price of its own for it.
  const reasoning = tier.reasoning === undefined ? 0 : (usage.reasoning ?? 0);
  const fresh = less(input, cachedInput + cacheWrite5m + cacheWrite1h);
  // Nobody tells how much of the audio came from the cache. Taken as none, which is the dearest it can be; where that cannot be, as
  // there are too few other tokens, the price of the call is unknown.
  const cachedAudio = fresh !== undefined && inputAudio > fresh;
  return {
    input: cachedAudio ? 0 : less(fresh, inputAudio),
    cachedInput,
    cacheWrite5m,
    cacheWrite1h,
    inputAudio: cachedAudio ? undefined : inputAudio,
    output: less(output, reasoning + outputAudio),
    reasoning,
    outputAudio,
  };
}

function less(total: number | undefined, parts: number): number | undefined {
  return total === undefined ? undefined : total - parts;
}

const parts = {
  input: [["cachedInput", "cacheWrite5m", "cacheWrite1h"], ["inputAudio"]],
  output: [["reasoning", "outputAudio"]],
} as const;

function findAbsurd(usage: Usage): Absurd | undefined {
  for (const kind of tokenKinds) {
    const absurd = notACount(kind, usage[kind]);
    if (absurd) return absurd;
  }
  for (const name in usage.serverTools) {
    const absurd = notACount(`serverTools.${name}`, usage.serverTools[name]);
    if (absurd) return absurd;
  }
  return (
    tooManyParts(usage, "input", parts.input[0]) ??
    tooManyParts(usage, "input", parts.input[1]) ??
    tooManyParts(usage, "output", parts.output[0])
  );
}

function tooManyParts(usage: Usage, whole: "input" | "output", names: readonly TokenKind[]): Absurd | undefined {
  const total = usage[whole];
  if (total === undefined) return undefined;
  let sum = 0;
  for (const name of names) sum += usage[name] ?? 0;
  if (sum <= total) return undefined;
  const told = names.filter((name) => usage[name]).map((name) => `\`${name}\``);
  return { field: whole, absurd: `${told.join(" and ")} cannot be ${sum} of ${total} \`${whole}\` tokens.` };
}

function notACount(field: string, count: unknown): Absurd | undefined {
  if (count === undefined || (Number.isSafeInteger(count) && (count as number) >= 0)) return undefined;
  const shown = typeof count === "number" ? String(count) : JSON.stringify(count);
  return { field, absurd: `\`${field}\` must be a whole number of at least 0; it is ${shown}.` };
}
