import { ModelError, budget, fallback, memoryLedger, observe, retry } from "plugboard";
import type { Ledger, Model, NanoDollars } from "plugboard";
import { checks } from "../act.ts";
import type { Shown, Stage } from "../act.ts";
import { ask } from "../ask.ts";
import { exactDollars } from "../figures.ts";
import type { Task } from "../world.ts";

export interface BudgetShown extends Shown {
  readonly limit: NanoDollars;
  readonly spent: NanoDollars;
  readonly held: NanoDollars;
  /** The sum of what the answers said they cost. */
  readonly billed: NanoDollars;
  readonly served: number;
  readonly refused: number;
}

const callers = 50;

/** Fifty callers ask again and again, all at once, until the budget refuses them. */
export async function showBudget(
  { world, page }: Stage,
  { ledger = memoryLedger() }: { readonly ledger?: Ledger } = {},
): Promise<BudgetShown> {
  const { tasks, price } = world;
  const { failures, expect } = checks("budget");
  const chain = fallback([world.participants[0]!.model, world.standby.model]);
  const within = (limit: NanoDollars, ledger?: Ledger): Model =>
    chain.with(budget({ limit, price, limits: () => undefined, ...(ledger && { ledger }) }), retry());

  page.heading(`5  A budget, and ${callers} callers that race for it`);
  let reserve = 0;
  const watch = observe();
  watch.events.on("budget", ({ step, amount }) => (step === "reserved" ? (reserve = amount) : undefined));
  const sample = await ask(world, within(100_000_000_000).with(watch), tasks[0]!);
  const limit = reserve + world.race * sample.cost + 1;

  const model = within(limit, ledger);
  const meterBefore = await world.metered?.();
  let billed = 0;
  let served = 0;
  let refused = 0;
  let next = 0;
  async function caller(): Promise<void> {
    while (next < 20 * world.race + callers) {
      const task = tasks[next++ % tasks.length]!;
      try {
        const { cost } = await ask(world, model, task);
        billed += cost;
        served++;
        page.progress(`  ${served} answers, ${exactDollars(billed)} of ${exactDollars(limit)}`);
      } catch (error) {
        if (!(error instanceof ModelError) || error.code !== "budget") throw error;
        refused++;
        return;
      }
    }
  }
  await Promise.all(Array.from({ length: callers }, caller));
  const { spent, assumed, held } = await ledger.spend("all", "total");
  const meter = meterBefore === undefined ? undefined : (await world.metered!()) - meterBefore;

  expect(spent + assumed + held <= limit, `${exactDollars(spent - limit)} too much is spent`);
  expect(held === 0 && assumed === 0, `${exactDollars(held + assumed)} is still held`);
  expect(spent === billed, `the ledger says ${exactDollars(spent)}, the bills ${exactDollars(billed)}`);
  expect(meter === undefined || meter === billed, `the providers metered ${exactDollars(meter ?? 0)}`);
  expect(
    served > 0 && refused === callers,
    `${served} answers were served and ${refused} of ${callers} callers refused`,
  );

  page.line(`  Limit ${exactDollars(limit)}: ${served} answers served, ${refused} callers refused in the end.`);
  page.line(
    `  Spent ${exactDollars(spent)} by the ledger, ${exactDollars(billed)} by the bills${meter === undefined ? "" : `, ${exactDollars(meter)} by the providers' meters`}; ${exactDollars(held)} held.`,
  );

  // One nano-dollar decides: a limit of what is spent and what the next call can need pays for it, and one less does not.
  const short = await isServed(within(spent + reserve - 1, ledger), tasks[0]!);
  const { spent: unchanged } = await ledger.spend("all", "total");
  const enough = await isServed(within(spent + reserve, ledger), tasks[0]!);
  expect(!short && unchanged === spent, "a call was served with a nano-dollar too little");
  expect(enough, "a call was refused with just enough");
  page.line(
    `  The next call can need ${exactDollars(reserve)}: ${outcome(short)} with a nano-dollar less than that left, ${outcome(enough)} with just that.`,
  );
  return { limit, spent, held, billed, served, refused, failures };

  async function isServed(model: Model, task: Task): Promise<boolean> {
    try {
      await ask(world, model, task);
      return true;
    } catch (error) {
      if (error instanceof ModelError && error.code === "budget") return false;
      throw error;
    }
  }
}

function outcome(served: boolean): string {
  return served ? "served" : "refused";
}
