import { sharedHas, sharedPath, skipCases } from "@plugboard/recordings";
import { memoryCache, memoryLedger } from "plugboard";
import type { Ledger } from "plugboard";
import { describe, expect, test } from "vitest";
import { dayOf } from "./day.ts";
import { replayDay } from "./replay-day.ts";
import type { DayReport, DayStores } from "./replay-day.ts";
import { seededRandom } from "./settings.ts";
import { madeUpTraces, readTraces } from "./traces.ts";

/** The stretches are so short here that nothing more would keep anyone waiting, or refuse them. */
const limits = { requests: 50, tokens: 300_000, wait: 60_000, budget: 500_000_000, tenantBudget: 200_000_000 };
const share = 0.1;
const day = dayOf(madeUpTraces(seededRandom(2)), seededRandom(3), share);

/** What happened at all: a limit that nothing runs into says nothing. */
function happened({ ends, waits, peak, prompts }: DayReport): string[] {
  const lowest = Math.min(peak.requests / limits.requests, 1);
  return [
    ...["asked", "hit", "budget"].filter((end) => (ends[end] ?? 0) > 0),
    ...(waits.some((wait) => wait > 100) ? ["wait"] : []),
    ...(lowest > 0.8 ? ["rush"] : []),
    ...(prompts.saved > 0 ? ["saving"] : []),
  ];
}
const everything = ["asked", "hit", "budget", "wait", "rush", "saving"];

const folder = ["data", "traces"] as const;
const real = sharedHas(...folder) ? [readTraces(sharedPath(...folder))!] : [];
if (real.length === 0) skipCases(1, "day of the Azure and Mooncake traces", "no traces in the shared folder");

test.each(real)("a day of real traffic breaks no limit", { timeout: 60_000 }, async (...traces) => {
  const more = { ...limits, requests: 100, tokens: 900_000, budget: 2_000_000_000, tenantBudget: 800_000_000 };
  const report = await replayDay(dayOf(traces, seededRandom(1), share), more);
  expect(report.broken).toEqual([]);
  expect(happened(report)).toEqual(everything);
});

test("a day of made-up traffic breaks no limit, and is the same each time", { timeout: 60_000 }, async () => {
  const report = await replayDay(day, limits);
  expect(report.broken).toEqual([]);
  expect(happened(report)).toEqual(everything);
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
