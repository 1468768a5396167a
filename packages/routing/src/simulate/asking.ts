import type { RecordedItem } from "../quality/recorded-item.ts";
import type { Planned } from "./agreement-plan.ts";
import type { Expectation, Learned, Outlook } from "./policy.ts";

/** Who was asked, and whose answer was given. */
interface Asked {
  readonly asked: readonly number[];
  readonly given: number;
}

/** How a policy goes about one item, at any price. */
export interface Asking {
  readonly expectation: Expectation;
  /** @param price - what quality is worth less for each nano-dollar */
  readonly ask: (price: number) => Asked;
  /** One model, whatever its answer, by the plain rule where the policy has one. */
  readonly askOne: (price: number) => Asked;
}

/**
 * Asks by what it is worth: first the model whose answer, or what can be made of it, has the most quality less cost; then another, as long as
 * that promises more than the best answer at hand (a search by reservation values: Weitzman, Optimal search for the best alternative, 1979,
 * one step ahead).
 */
export function askingFor(
  { expect, look, plain = expect, agreement, mostAsked = Infinity }: Learned,
  item: RecordedItem,
): Asking {
  const expectation = expect(item);
  const simple = plain(item);
  const askOne = (price: number): Asked => alone(best(simple, price));
  if (agreement) {
    const planned = agreement.planned(item);
    const base = expectation.quality[agreement.best]!;
    return { expectation, ask: (price) => bestPlanned(planned, base, expectation, price), askOne };
  }
  if (!look) return { expectation, ask: (price) => alone(best(expectation, price)), askOne };
  const seen = new Map<string, Outlook>();
  const outlook = (asked: readonly number[]): Outlook => {
    const key = asked.join();
    let found = seen.get(key);
    if (!found) seen.set(key, (found = look(item, asked)));
    return found;
  };
  const search: Search = { cost: expectation.cost, outlook, mostAsked: Math.min(mostAsked, expectation.cost.length) };
  return { expectation, ask: (price) => searched(search, price), askOne };
}

/** The plan with the most quality less its price, or one model where that has no less. */
function bestPlanned(planned: readonly Planned[], base: number, expectation: Expectation, price: number): Asked {
  const model = best(expectation, price);
  let found: Asked = alone(model);
  let most = expectation.quality[model]! - price * expectation.cost[model]!;
  for (const plan of planned) {
    const value = base + plan.gain - price * plan.cost;
    if (value > most) [found, most] = [plan, value];
  }
  return found;
}

interface Search {
  readonly cost: readonly number[];
  readonly outlook: (asked: readonly number[]) => Outlook;
  readonly mostAsked: number;
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

function searched({ cost, outlook, mostAsked }: Search, price: number): Asked {
  let asked: readonly number[] = [];
  let state = outlook(asked);
  while (asked.length < mostAsked) {
    const isLast = asked.length + 1 === mostAsked;
    let [next, most] = [-1, -Infinity];
    for (const model of asked) most = Math.max(most, state.quality[model]!);
    for (let model = 0; model < cost.length; model++) {
      if (asked.includes(model)) continue;
      const value = worthOf(model, asked, state, cost, price, isLast);
      if (value > most || (value === most && next >= 0 && cost[model]! < cost[next]!)) [next, most] = [model, value];
    }
    if (next < 0) break;
    asked = [...asked, next].toSorted((left, right) => left - right);
    state = outlook(asked);
  }
  const given = asked.reduce((one, other) => (state.quality[other]! > state.quality[one]! ? other : one));
  return { asked, given };
}

/** What asking a model is worth: in each case the best answer then at hand, or another that is asked for after all, unless this is the last. */
function worthOf(
  model: number,
  asked: readonly number[],
  { turns }: Outlook,
  cost: readonly number[],
  price: number,
  isLast: boolean,
): number {
  const cases = turns[model]!;
  let sum = 0;
  for (const turn of cases) {
    let most = turn[model]!;
    for (let other = 0; other < cost.length; other++) {
      if (asked.includes(other)) most = Math.max(most, turn[other]!);
      else if (!isLast) most = Math.max(most, turn[other]! - price * cost[other]!);
    }
    sum += most;
  }
  return sum / cases.length - price * cost[model]!;
}
