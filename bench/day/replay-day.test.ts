import { sharedHas, sharedPath, skipCases } from "@plugboard/recordings";
import { memoryCache, memoryLedger } from "plugboard";
import type { Ledger } from "plugboard";
import { describe, expect, test } from "vitest";
import { dayOf } from "./day.ts";
import { replayDay } from "./replay-day.ts";
import type { DayReport, DayStores } from "./replay-day.ts";
import { seededRandom } from "./settings.ts";
import { madeUpTraces, readTraces } from "./traces.ts";

/** A day on which all that can happen does, and nothing that must not. */
function expectWell({ broken, ends, waits, peak, requests, prompts }: DayReport): void {
  expect(broken).toEqual([]);
  for (const end of ["asked", "hit", "budget"]) expect(ends[end], end).toBeGreaterThan(0);
  expect(waits.some((wait) => wait > 100)).toBe(true);
  expect(peak.requests).toBeGreaterThan(40);
  expect(requests).toBeGreaterThan(1000);
  expect(prompts.saved).toBeGreaterThan(0);
}

/** The stretches are so short here that nothing more would keep anyone waiting, or refuse them. */
const limits = { requests: 50, tokens: 300_000, wait: 60_000, budget: 500_000_000, tenantBudget: 200_000_000 };

const folder = ["data", "traces"] as const;
if (sharedHas(...folder)) {
  test("a day of real traffic breaks no limit", { timeout: 60_000 }, async () => {
    const share = 0.08;
    const day = dayOf(readTraces(sharedPath(...folder))!, seededRandom(1), share);
    const more = { ...limits, requests: 100, tokens: 900_000, budget: 2_000_000_000, tenantBudget: 800_000_000 };
    expectWell(await replayDay(day, more));
  });
} else skipCases(1, "day of the Azure and Mooncake traces", "no traces in the shared folder");

const share = 0.1;
const day = dayOf(madeUpTraces(seededRandom(2)), seededRandom(3), share);

test("a day of made-up traffic breaks no limit, and is the same each time", { timeout: 60_000 }, async () => {
  const report = await replayDay(day, limits);
  expectWell(report);
  expect(await replayDay(day, limits)).toEqual(report);
});

describe("it is seen", () => {
  const found = async (stores: Partial<DayStores>): Promise<string> =>
    (await replayDay(day, limits, stores)).broken.join(" ");

  test("when a limiter lets all go", async () => {
    const limitless = { take: async () => ({ granted: true, at: 0 }) as const, refund: async () => {} };
    expect(await found({ limits: limitless })).toMatch(/\d+ (requests|tokens) were sent in a minute/);
  });

  test("when a budget grants all, or forgets to book", async () => {
    const ledger = memoryLedger();
    const generous: Ledger = {
      ...ledger,
      reserve: async (reservation) => ledger.reserve({ ...reservation, scopes: [] }),
    };
    expect(await found({ ledger: generous })).toMatch(/nano-dollars were billed/);
    const forgetful: Ledger = { ...ledger, settle: async () => {} };
    expect(await found({ ledger: forgetful })).toMatch(/The ledger says .* nano-dollars are still held/);
  });

  test("when a cache gives one tenant's answer to another", async () => {
    const cache = memoryCache();
    let any: string | undefined;
    const leaky = { ...cache, get: async () => any, set: async (_: string, value: string) => void (any = value) };
    expect(await found({ cache: leaky })).toMatch(/was given the answer to another question/);
  });
});
