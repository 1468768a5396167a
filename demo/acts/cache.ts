import { budget, cache as cached, fallback, retry } from "plugboard";
import type { CacheStore, NanoDollars } from "plugboard";
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

/** The second identical call is served from the cache, for nothing. */
export async function cache(
  { world, page }: Stage,
  { store }: { readonly store?: CacheStore } = {},
): Promise<CacheShown> {
  const { failures, expect } = checks("cache");
  const [a, b] = [world.participants[0]!.model, world.standby.model];
  const { price } = world;
  const model = store
    ? fallback([a, b]).with(cached({ store }), budget({ limit: { usd: 1 }, price }), retry())
    : fallback([a, b]).with(cached(), budget({ limit: { usd: 1 }, price }), retry());

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
