import { memoryCache, memoryLedger } from "plugboard";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budget } from "./acts/budget.ts";
import { cache } from "./acts/cache.ts";
import { compare } from "./acts/compare.ts";
import { outage } from "./acts/outage.ts";
import { policy } from "./acts/policy.ts";
import { pageOn } from "./page.ts";
import { questions } from "./questions.ts";
import { show } from "./show.ts";
import { simulatedWorld } from "./simulated-world.ts";
import type { World } from "./world.ts";

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
  expect(text).not.toMatch(/NaN|undefined|\u001B/);
});

test("has the same answers in every run, right as often as is known", async () => {
  const { answers } = await compare({ world, page });
  const again = await simulatedWorld({ questions: few, speedUp: 2000 });
  try {
    const others = await compare({ world: again, page });
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
    const { failures } = await compare({ world: { ...world, right: () => 1 }, page });
    expect(failures).toContain("compare: GPT-4o, number theory: 12 right, not 6");
  });

  test("the policy, when what it picks saves nothing", async () => {
    const { answers } = await compare({ world, page });
    const [first, ...others] = world.participants;
    // As if the first model had been free.
    const free = new Map(answers).set(
      first!,
      answers.get(first!)!.map((asked) => ({ ...asked, cost: 1 })),
    );
    for (const other of others)
      free.set(
        other,
        answers.get(other)!.map((asked) => ({ ...asked, right: 1, cost: 0 })),
      );
    const { failures } = await policy({ world, page }, free);
    expect(failures.length).toBeGreaterThan(0);
  });

  test("the outage, when the caller is given the answer as it comes", async () => {
    const { failures } = await outage({ world, page }, { hold: "start" });
    expect(failures.join("\n")).toMatch(/the caller got \d+ characters and then an error/);
  });

  test("the outage, when nothing is cut, or a character is lost", async () => {
    const whole = await outage({ world: { ...world, cutPrimary: () => () => {} }, page });
    expect(whole.failures).toContain("outage: the first model was not cut");
    const said: NonNullable<World["said"]> = (...asked) => `${world.said!(...asked)}.`;
    const lost = await outage({ world: { ...world, said }, page });
    expect(lost.failures).toEqual([expect.stringContaining("character by character")]);
  });

  test("the cache, when its store forgets", async () => {
    const store = { ...memoryCache(), get: () => Promise.resolve(undefined) };
    const { failures } = await cache({ world, page }, { store });
    expect(failures).toContainEqual(expect.stringMatching(/the second call made 1 requests/));
  });

  test("the budget, when its ledger lets everybody through", async () => {
    const generous = { ...memoryLedger(), reserve: () => Promise.resolve({ granted: true } as const) };
    const { failures } = await budget({ world: { ...world, race: 2 }, page }, { ledger: generous });
    expect(failures.length).toBeGreaterThan(0);
  });

  test("the budget, when its ledger books a nano-dollar less", async () => {
    const ledger = memoryLedger();
    const short = { ...ledger, settle: (id: string, amount: number) => ledger.settle(id, amount - 1) };
    const { failures } = await budget({ world, page }, { ledger: short });
    expect(failures).toContainEqual(expect.stringMatching(/the ledger says .* the bills/));
  });
});
