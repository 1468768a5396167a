import { expect, test } from "vitest";
import { redisAbsence, skipCases } from "@plugboard/recordings";
import { race } from "./race.ts";
import type { Course } from "./race.ts";

/** A short one: the whole is `pnpm race`. */
const course: Course = { seed: 1, processes: 3, workers: 20, limit: 200_000_000, lease: 600, pace: 4, patience: 5 };

function raceOf(store: string): ReturnType<typeof race> {
  return race(new URL(`stores/${store}.ts`, import.meta.url).href, course);
}

const absence = redisAbsence();
if (absence !== undefined) skipCases(1, "race on Redis", absence);
const stores = absence === undefined ? ["sqlite", "redis"] : ["sqlite"];

test.each(stores)(
  "three processes never spend more than the limit (%s), and calls are booked as billed",
  async (store) => {
    const { billed, spend, charged, endings, broken } = await raceOf(store);
    expect(broken).toEqual([]);
    expect(billed).toBeGreaterThan(course.limit / 2);
    expect(spend.spent + spend.assumed).toBeLessThanOrEqual(course.limit);
    expect(spend.assumed).toBeGreaterThan(0);
    expect(charged).toBeGreaterThan(0);
    // It was no walk in the park: callers left, the provider failed, and money ran out.
    const { server = 0, network = 0, truncated = 0 } = endings;
    expect(endings).toMatchObject({
      streamed: expect.any(Number),
      aborted: expect.any(Number),
      budget: expect.any(Number),
    });
    expect(server + network + truncated).toBeGreaterThan(0);
  },
);

test("a ledger that looks before and adds afterwards is found out", async () => {
  const { broken } = await raceOf("careless");
  expect(broken).toContainEqual(expect.stringMatching(/^billed \d+, which is \d+ % of the limit$/));
});
