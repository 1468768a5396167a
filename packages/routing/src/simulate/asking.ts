import type { RecordedItem } from "../quality/recorded-item.ts";
import type { Expectation, Learned, Outlook } from "./policy.ts";

/** Who was asked, and whose answer was given. */
export interface Asked {
  readonly asked: readonly number[];
  readonly given: number;
}

/** How a policy goes about one item, at any price. */
export interface Asking {
  readonly expectation: Expectation;
  /** @param price - what quality is worth less for each nano-dollar */
  readonly ask: (price: number) => Asked;
}

/**
 * Asks by what it is worth: first the model whose answer, or what can be made of it, has the most quality less cost; then another, as long as
 * that promises more than the best answer at hand (a search by reservation values: Weitzman, Optimal search for the best alternative, 1979,
 * one step ahead).
 */
export function askingFor({ expect, look }: Learned, item: RecordedItem): Asking {
  const expectation = expect(item);
  if (!look) return { expectation, ask: (price) => alone(best(expectation, price)) };
  const seen = new Map<string, Outlook | undefined>();
  const outlook = (asked: readonly number[]): Outlook | undefined => {
    const key = asked.join();
    if (!seen.has(key)) seen.set(key, look(item, asked));
    return seen.get(key);
  };
  return { expectation, ask: (price) => search(expectation.cost, outlook, price) };
}

function alone(model: number): Asked {
  return { asked: [model], given: model };
}

/** The model with the most quality less its price. Of equals, the cheaper. */
function best({ quality, cost }: Expectation, price: number): number {
  let [found, most] = [0, -Infinity];
  for (let model = 0; model < quality.length; model++) {
    const value = quality[model]! - price * cost[model]!;
    if (value > most || (value === most && cost[model]! < cost[found]!)) [found, most] = [model, value];
  }
  return found;
}

function search(
  cost: readonly number[],
  outlook: (asked: readonly number[]) => Outlook | undefined,
  price: number,
): Asked {
  let asked: readonly number[] = [];
  let state = outlook(asked)!;
  for (;;) {
    const atHand = asked.length === 0 ? -Infinity : Math.max(...asked.map((model) => state.quality[model]!));
    let [next, most] = [-1, atHand];
    for (let model = 0; model < cost.length; model++) {
      if (asked.includes(model)) continue;
      const value = worthOf(model, asked, state, cost, price);
      if (value > most || (value === most && next >= 0 && cost[model]! < cost[next]!)) [next, most] = [model, value];
    }
    if (next < 0) break;
    asked = [...asked, next].toSorted((left, right) => left - right);
    const after = outlook(asked);
    // Nothing is known of answers to be judged together: the one that was paid for last is given.
    if (!after) return { asked, given: next };
    state = after;
  }
  const given = asked.reduce((one, other) => (state.quality[other]! > state.quality[one]! ? other : one));
  return { asked, given };
}

/** What asking a model is worth: in each case the best answer then at hand, or another that is asked for after all. */
function worthOf(
  model: number,
  asked: readonly number[],
  { quality, turns }: Outlook,
  cost: readonly number[],
  price: number,
): number {
  const cases = turns[model]!;
  if (cases.length === 0) return quality[model]! - price * cost[model]!;
  let sum = 0;
  for (const turn of cases) {
    let most = -Infinity;
    for (let other = 0; other < cost.length; other++) {
      const isThere = other === model || asked.includes(other);
      most = Math.max(most, isThere ? turn[other]! : turn[other]! - price * cost[other]!);
    }
    sum += most;
  }
  return sum / cases.length - price * cost[model]!;
}
