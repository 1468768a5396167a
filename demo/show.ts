import { budget } from "./acts/budget.ts";
import { cache } from "./acts/cache.ts";
import { compare } from "./acts/compare.ts";
import { outage } from "./acts/outage.ts";
import { policy } from "./acts/policy.ts";
import { closingTable } from "./closing-table.ts";
import type { Page } from "./page.ts";
import type { World } from "./world.ts";

/** Runs the acts in one world, and ends with the table. Gives what did not come out as it must. */
export async function show(world: World, page: Page): Promise<readonly string[]> {
  const stage = { world, page };
  page.heading(`Plugboard: ${world.title}`);
  for (const note of world.notes) page.line(`  ${note}`);

  const compared = await compare(stage);
  const acts = {
    compare: compared,
    policy: await policy(stage, compared.answers),
    outage: await outage(stage),
    cache: await cache(stage),
    budget: await budget(stage),
  };
  closingTable(page, world, acts);
  return Object.values(acts).flatMap(({ failures }) => failures);
}
