/** Nano-dollars: integers, a billionth of a US dollar each. 2^53 of them are nine million dollars. */
export type NanoDollars = number;

/** What an attempt, or a whole call, was charged. All figures are whole nano-dollars. */
export interface Cost {
  /** Rounded up once, from the exact sum of the components. */
  readonly total: NanoDollars;
  /** What it is made of (`input`, `output`, `cachedInput`, …), where known; each rounded to the nearest. */
  readonly components?: Readonly<Record<string, NanoDollars>>;
}

/** Several costs as one. */
export function addCosts(costs: readonly Cost[]): Cost {
  let total = 0;
  const components: Record<string, number> = {};
  for (const cost of costs) {
    total += cost.total;
    for (const [name, value] of Object.entries(cost.components ?? {}))
      components[name] = (components[name] ?? 0) + value;
  }
  return Object.keys(components).length > 0 ? { total, components } : { total };
}
