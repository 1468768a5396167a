import { showBudget } from "./acts/show-budget.ts";
import { showCache } from "./acts/show-cache.ts";
import { showComparison } from "./acts/show-comparison.ts";
import { showOutage } from "./acts/show-outage.ts";
import { showPolicy } from "./acts/show-policy.ts";
import { closingTable } from "./closing-table.ts";
import type { Page } from "./page.ts";
import type { World } from "./world.ts";

/** Runs the acts in one world, and ends with the table. Gives what did not come out as it must. */
export async function show(world: World, page: Page): Promise<readonly string[]> {
  const stage = { world, page };
  page.heading(`Plugboard: ${world.title}`);
  for (const note of world.notes) page.line(`  ${note}`);

  const compare = await showComparison(stage);
  const acts = {
    compare,
    policy: await showPolicy(stage, compare.answers),
    outage: await showOutage(stage),
    cache: await showCache(stage),
    budget: await showBudget(stage),
  };
  closingTable(page, world, acts);
  return Object.values(acts).flatMap(({ failures }) => failures);
}
