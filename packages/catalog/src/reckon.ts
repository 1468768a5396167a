import type { Cost, Quote, Usage } from "@plugboard/core";
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
  const missing: string[] = [...rates.charges];
  const exact: [component: string, picoDollars: bigint][] = [];
  let sum = 0n;

  function charge(component: string, count: number, rate: number | undefined): void {
    if (count === 0) return;
    if (rate === undefined) {
      missing.push(component);
      return;
    }
    const amount = BigInt(count) * BigInt(rate);
    exact.push([component, amount]);
    sum += amount;
  }

  for (const [kind, count] of partsOf(usage, tier)) {
    if (count !== undefined) charge(kind, count, tier[kind]);
    // A total that nobody told is no matter only where it would cost nothing.
    else if (tier[kind] !== 0) missing.push(kind);
  }
  for (const [name, count] of Object.entries(usage.serverTools ?? {})) {
    const rate = Object.hasOwn(rates.serverTools, name) ? rates.serverTools[name] : undefined;
    charge(`serverTools.${name}`, count, rate);
  }
  if (rates.request !== undefined) charge("request", 1, rates.request);
  if (missing.length > 0) return { missing: [...new Set(missing)] };

  const total = Number((sum + 999n) / 1000n);
  if (!Number.isSafeInteger(total)) {
    return { field: "usage", absurd: "`usage` is more than nine million dollars' worth, which no call is." };
  }
  const cost: Cost = { total };
  if (exact.length === 0) return { cost };
  const components = Object.fromEntries(exact.map(([name, amount]) => [name, Number((amount + 500n) / 1000n)]));
  return { cost: { ...cost, components } };
}

/** Each token once, under the kind by which it is charged. */
function partsOf(usage: Usage, tier: RateTier): (readonly [TokenKind, number | undefined])[] {
  const { input, output, cachedInput = 0, cacheWrite5m = 0, cacheWrite1h = 0, inputAudio = 0, outputAudio = 0 } = usage;
  // Thinking is output like any other, unless the model has a price of its own for it.
  const reasoning = tier.reasoning === undefined ? 0 : (usage.reasoning ?? 0);
  const fresh = less(input, cachedInput + cacheWrite5m + cacheWrite1h);
  // Nobody tells how much of the audio came from the cache. Taken as none, which is the dearest it can be; where that cannot be, as
  // there are too few other tokens, the price of the call is unknown.
  const cachedAudio = fresh !== undefined && inputAudio > fresh;
  return [
    ["input", cachedAudio ? 0 : less(fresh, inputAudio)],
    ["cachedInput", cachedInput],
    ["cacheWrite5m", cacheWrite5m],
    ["cacheWrite1h", cacheWrite1h],
    ["inputAudio", cachedAudio ? undefined : inputAudio],
    ["output", less(output, reasoning + outputAudio)],
    ["reasoning", reasoning],
    ["outputAudio", outputAudio],
  ];
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
  for (const [name, count] of Object.entries(usage.serverTools ?? {})) {
    const absurd = notACount(`serverTools.${name}`, count);
    if (absurd) return absurd;
  }
  for (const whole of ["input", "output"] as const) {
    const total = usage[whole];
    if (total === undefined) continue;
    for (const names of parts[whole]) {
      const sum = names.reduce((sum, name) => sum + (usage[name] ?? 0), 0);
      if (sum <= total) continue;
      const told = names.filter((name) => usage[name]).map((name) => `\`${name}\``);
      return { field: whole, absurd: `${told.join(" and ")} cannot be ${sum} of ${total} \`${whole}\` tokens.` };
    }
  }
  return undefined;
}

function notACount(field: string, count: unknown): Absurd | undefined {
  if (count === undefined || (Number.isSafeInteger(count) && (count as number) >= 0)) return undefined;
  const shown = typeof count === "number" ? String(count) : JSON.stringify(count);
  return { field, absurd: `\`${field}\` must be a whole number of at least 0; it is ${shown}.` };
}
