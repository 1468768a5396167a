import { budget, cache, fallback, retry } from "plugboard";
import type { Model, NanoDollars, PriceLookup } from "plugboard";
import { checks } from "../act.ts";
import type { Shown, Stage } from "../act.ts";
import { ask } from "../ask.ts";
import { exactDollars } from "../figures.ts";

export interface CacheShown extends Shown {
  readonly first: NanoDollars;
  readonly second: NanoDollars;
  /** Requests that the second call made. */
  readonly requests: number;
}

type Chain = (a: Model, b: Model, price: PriceLookup) => Model;

const usual: Chain = (a, b, price) => fallback([a, b]).with(cache(), budget({ limit: { usd: 1 }, price }), retry());

/** The second identical call is served from the cache, for nothing. */
export async function showCache({ world, page }: Stage, chain: Chain = usual): Promise<CacheShown> {
  const { failures, expect } = checks("cache");
  const model = chain(world.participants[0]!.model, world.standby.model, world.price);

  page.heading("4  The second identical call");
  const task = world.tasks[0]!;
  const first = await ask(world, model, task);
  const before = world.requests();
  const second = await ask(world, model, task);
  const requests = world.requests() - before;

  expect(!first.cached && first.cost > 0, "the first call was not paid for");
  expect(second.cached && second.cost === 0, `the second call cost ${exactDollars(second.cost)}`);
  expect(requests === 0, `the second call made ${requests} requests`);
  expect(second.right === first.right, "the second answer is another");
  page.line(
    `  First call: ${exactDollars(first.cost)}. The same again: ${exactDollars(second.cost)}, ${requests} requests.`,
  );
  return { first: first.cost, second: second.cost, requests, failures };
}
