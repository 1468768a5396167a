import { budget, cache, fallback, memoryCache, memoryLedger, retry } from "plugboard";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { showBudget } from "./acts/show-budget.ts";
import { showCache } from "./acts/show-cache.ts";
import { showComparison } from "./acts/show-comparison.ts";
import { showOutage } from "./acts/show-outage.ts";
import { showPolicy } from "./acts/show-policy.ts";
import { pageOn } from "./page.ts";
import { questions } from "./questions.ts";
import { show } from "./show.ts";
import { simulatedWorld } from "./simulated-world.ts";
import type { Asked } from "./ask.ts";
import type { Participant, World } from "./world.ts";

const few = questions.filter(({ id }) => id.endsWith(".1") || id.endsWith(".2"));
const printed: string[] = [];
const page = pageOn({ write: (text) => printed.push(text) });

let world: World;
beforeAll(async () => {
  world = await simulatedWorld({ questions: few, speedUp: 2000 });
});
afterAll(() => world.close());

test("shows all five, with every answer typed and every number from the run", async () => {
  expect(await show(world, page)).toEqual([]);
  const text = printed.join("");
  expect(text).toContain("108 of 108 answers were the typed object asked for.");
  expect(text).not.toMatch(/NaN|undefined/);
});

test("has the same answers in every run, right as often as is known", async () => {
  const { answers } = await showComparison({ world, page });
  const again = await simulatedWorld({ questions: few, speedUp: 2000 });
  try {
    const others = await showComparison({ world: again, page });
    const marks = (shown: typeof answers): unknown =>
      Array.from(shown.values(), (asked) => asked.map(({ task, right, cost }) => [task.id, right, cost]));
    expect(marks(others.answers)).toEqual(marks(answers));
  } finally {
    await again.close();
  }
  // Of 12 of each kind: 0.9535, 0.8578 and 0.5182 of them are 11.4, 10.3 and 6.2.
  const [first] = answers.values();
  const right = Map.groupBy(
    first!.filter(({ right }) => right === 1),
    ({ task }) => task.kind,
  );
  expect(Array.from(right.values(), (some) => some.length)).toEqual([11, 10, 6]);
});

describe("an act fails when what it shows is broken:", () => {
  test("the comparison, when a model is better than it is known to be", async () => {
    const { failures } = await showComparison({ world: { ...world, right: () => 1 }, page });
    expect(failures).toContain("compare: GPT-4o, number theory: 12 right, not 6");
  });

  test("the policy, when what it picks saves nothing", async () => {
    const { answers } = await showComparison({ world, page });
    // As if the first model had been free, and the others always right.
    const charged = (of: Participant, right: number, cost: number): Asked[] =>
      Array.from(answers.get(of)!, (asked) => ({ ...asked, right, cost }));
    const free = new Map(
      world.participants.map((of, place) => [of, charged(of, Number(place > 0), Number(place === 0))]),
    );
    const { failures } = await showPolicy({ world, page }, free);
    expect(failures).toContainEqual(expect.stringMatching(/^policy: floor 90.0 % saved -/));
  });

  test("the outage, when the caller is given the answer as it comes", async () => {
    const { failures } = await showOutage({ world, page }, { hold: "start" });
    expect(failures.join("\n")).toMatch(/the caller got \d+ characters and then an error/);
  });

  test("the outage, when nothing is cut, or a character is lost", async () => {
    const whole = await showOutage({ world: { ...world, cutPrimary: () => () => {} }, page });
    expect(whole.failures).toContain("outage: the first model was not cut");
    const said: NonNullable<World["said"]> = (...asked) => `${world.said!(...asked)}.`;
    const lost = await showOutage({ world: { ...world, said }, page });
    expect(lost.failures).toEqual([expect.stringContaining("character by character")]);
  });

  test("the cache, when its store forgets", async () => {
    const store = { ...memoryCache(), get: () => Promise.resolve(undefined) };
    const { failures } = await showCache({ world, page }, (a, b, price) =>
      fallback([a, b]).with(cache({ store }), budget({ limit: { usd: 1 }, price }), retry()),
    );
    expect(failures).toContainEqual(expect.stringMatching(/the second call made 1 requests/));
  });

  test("the budget, when its ledger lets everybody through", async () => {
    const generous = { ...memoryLedger(), reserve: () => Promise.resolve({ granted: true } as const) };
    const { failures } = await showBudget({ world: { ...world, race: 2 }, page }, { ledger: generous });
    expect(failures).toContainEqual(expect.stringMatching(/answers were served and 0 of 50 callers refused/));
  });

  test("the budget, when its ledger books a nano-dollar less", async () => {
    const ledger = memoryLedger();
    const short = { ...ledger, settle: (id: string, amount: number) => ledger.settle(id, amount - 1) };
    const { failures } = await showBudget({ world, page }, { ledger: short });
    expect(failures).toContainEqual(expect.stringMatching(/the ledger says .* the bills/));
  });
});
