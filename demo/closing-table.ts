import type { BudgetShown } from "./acts/show-budget.ts";
import type { CacheShown } from "./acts/show-cache.ts";
import type { Comparison } from "./acts/show-comparison.ts";
import type { OutageShown } from "./acts/show-outage.ts";
import type { PolicyShown } from "./acts/show-policy.ts";
import type { Asked } from "./ask.ts";
import { dollars, exactDollars, mean, median, percent, seconds } from "./figures.ts";
import type { Page } from "./page.ts";
import type { World } from "./world.ts";

/** What the acts have shown. */
export interface Acts {
  readonly compare: Comparison;
  readonly policy: PolicyShown;
  readonly outage: OutageShown;
  readonly cache: CacheShown;
  readonly budget: BudgetShown;
}

/** The table at the end: every number is computed from the run. */
export function closingTable(page: Page, { origins }: World, { compare, policy, outage, cache, budget }: Acts): void {
  page.heading("What this run has shown");
  page.table(
    [
      { title: "who answers" },
      { title: "questions", origin: "counted", align: "right" },
      { title: "right", origin: origins.right, align: "right" },
      { title: "cost of 1000", origin: origins.cost, align: "right" },
      { title: "saved", origin: origins.cost, align: "right" },
      { title: "median latency", origin: origins.time, align: "right" },
    ],
    [
      ...Array.from(compare.answers, ([{ name, about }, asked]) => row(`${name}, ${about}`, asked, "")),
      ...policy.judged.map(({ name, answers, saved }) => row(`judging half: ${name}`, answers, percent(saved))),
    ],
  );
  const [cut, clean] = outage.attempts;
  page.line();
  page.table(
    [{ title: "what must hold" }, { title: "figure", align: "right" }, { title: "from" }],
    [
      ["cut: characters that the caller read", String(outage.characters), "counted"],
      [`cut: what ${cut?.model ?? "the first"} had cost by then`, exactDollars(cut?.cost?.total ?? NaN), "estimated"],
      [`cut: what ${clean?.model ?? "the next"} cost`, exactDollars(clean?.cost?.total ?? NaN), origins.cost],
      ["cache: first call", exactDollars(cache.first), origins.cost],
      ["cache: the same again", exactDollars(cache.second), "counted"],
      ["cache: requests for it", String(cache.requests), "counted"],
      ["budget: limit", exactDollars(budget.limit), "set"],
      ["budget: spent", exactDollars(budget.spent), origins.cost],
      ["budget: spent beyond the limit", exactDollars(Math.max(0, budget.spent - budget.limit)), "counted"],
      ["budget: ledger less bills", exactDollars(budget.spent - budget.billed), "counted"],
      ["budget: still held", exactDollars(budget.held), "counted"],
      ["budget: answers served / callers refused", `${budget.served} / ${budget.refused}`, "counted"],
    ],
  );
}

function row(name: string, asked: readonly Asked[], saved: string): string[] {
  return [
    name,
    String(asked.length),
    percent(mean(asked.map(({ right }) => right))),
    dollars(1000 * mean(asked.map(({ cost }) => cost)), 3),
    saved,
    seconds(median(asked.map(({ latency }) => latency))),
  ];
}
