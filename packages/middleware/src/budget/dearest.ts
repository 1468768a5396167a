import type { ModelKey, NanoDollars, PriceLookup, Usage } from "@plugboard/core";

/** Parts of the input, or of the output, that can cost more than the plain price; one of each line can be all of it. */
const dearer: readonly (readonly [whole: "input" | "output", parts: readonly (keyof Usage)[]])[] = [
  ["input", ["cacheWrite5m", "cacheWrite1h", "inputAudio"]],
  ["output", ["reasoning", "outputAudio"]],
];

/** How many answers are kept, and for how many milliseconds: prices may be renewed meanwhile. */
const memory = { count: 256, time: 1000 };
/** Counts of input above this many are rounded up to so many steps to each power of two, so that answers can be kept. */
const steps = 64;

/** Prices of whole attempts. Looking one up takes longer than all else that a budget does, so the last answers are kept for a moment. */
export class Dearest {
  readonly #price: PriceLookup;
  readonly #known = new Map<string, NanoDollars | undefined>();
  #since = 0;

  constructor(price: PriceLookup) {
    this.#price = price;
  }

  /**
   * What so many tokens can cost at the dearest: written to a cache, spoken, or spent on thinking, where that costs more. Long inputs
   * count for up to a sixty-fourth more than they are.
   */
  of(input: number, output: number, model: ModelKey): NanoDollars | undefined {
    const rounded = roundUp(input);
    const name = `${nameOf(model)} ${rounded} ${output}`;
    const now = Date.now();
    if (now - this.#since > memory.time || now < this.#since || this.#known.size >= memory.count) {
      this.#known.clear();
      this.#since = now;
    }
    const known = this.#known.get(name);
    if (known !== undefined || this.#known.has(name)) return known;
    const amount = this.#reckon(rounded, output, model);
    this.#known.set(name, amount);
    return amount;
  }

  /** A price that can be booked: a whole number of nano-dollars. */
  amountOf(usage: Usage, model: ModelKey): NanoDollars | undefined {
    const total = this.#price(usage, model).cost?.total;
    return total !== undefined && Number.isSafeInteger(total) && total >= 0 ? total : undefined;
  }

  /** What the price lacks. */
  missing(input: number, output: number, model: ModelKey): readonly string[] {
    return this.#price({ input, output }, model).missing ?? ["a whole number of nano-dollars"];
  }

  #reckon(input: number, output: number, model: ModelKey): NanoDollars | undefined {
    const plain = this.amountOf({ input, output }, model);
    let amount = plain;
    if (plain !== undefined) {
      for (const [whole, parts] of dearer) {
        const most = parts.map(
          (part) => this.amountOf({ input, output, [part]: whole === "input" ? input : output }, model) ?? 0,
        );
        amount! += Math.max(0, ...most.map((total) => total - plain));
      }
    }
    return amount;
  }
}

export function nameOf({ provider, id, catalogId }: ModelKey): string {
  return catalogId === undefined ? `${provider} ${id}` : `${provider} ${id} ${catalogId}`;
}

function roundUp(count: number): number {
  if (count <= 2 * steps || count === Infinity) return count;
  const step = 2 ** Math.floor(Math.log2(count / steps));
  return Math.ceil(count / step) * step;
}
