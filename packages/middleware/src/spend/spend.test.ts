import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as fc from "fast-check";
import type { Reservation } from "@plugboard/core";
import { memoryLedger } from "../memory-ledger/memory-ledger.ts";
import { spendAsCsv } from "./spend-as-csv.ts";
import { spend } from "./spend.ts";

const noon = Date.UTC(2026, 10, 14, 12);
const day = 24 * 3_600_000;
beforeEach(() => void vi.useFakeTimers({ now: noon }));
afterEach(() => void vi.useRealTimers());

let ids = 0;
async function book(
  ledger: ReturnType<typeof memoryLedger>,
  amount: number,
  labels: Reservation["labels"],
): Promise<void> {
  const id = `spend ${ids++}`;
  await ledger.reserve({ id, amount: amount + 5, scopes: [], lease: 60_000, ...(labels && { labels }) });
  await ledger.settle(id, amount);
}

/** Two days of October and one of November. */
async function booked(): Promise<ReturnType<typeof memoryLedger>> {
  const ledger = memoryLedger();
  vi.setSystemTime(noon - 20 * day); // 2026-10-25
  await book(ledger, 100, { feature: "chat", model: "a" });
  vi.setSystemTime(noon - 19 * day);
  await book(ledger, 10, { feature: "chat", model: "b" });
  vi.setSystemTime(noon);
  await book(ledger, 1, { feature: "search", model: "b" });
  await book(ledger, 2, { feature: "search", model: "b" });
  await book(ledger, 4, { model: "a" });
  return ledger;
}

const from = "2026-10-01";

describe("spend", () => {
  test("is one row for all of this month, where nothing else is asked for", async () => {
    expect(await spend(await booked())).toEqual([{ by: {}, attempts: 3, unpriced: 0, spent: 7, assumed: 0, total: 7 }]);
  });

  test("adds up by labels, the dearest first", async () => {
    const rows = await spend(await booked(), { by: ["feature", "model"], from });
    expect(rows.map(({ by, attempts, total }) => [by["feature"], by["model"], attempts, total])).toEqual([
      ["chat", "a", 1, 100],
      ["chat", "b", 1, 10],
      ["", "a", 1, 4],
      ["search", "b", 2, 3],
    ]);
  });

  test("adds up by month and by day, as they come", async () => {
    const ledger = await booked();
    const months = await spend(ledger, { by: ["month"], from });
    expect(months.map(({ by, total }) => [by["month"], total])).toEqual([
      ["2026-10", 110],
      ["2026-11", 7],
    ]);
    const days = await spend(ledger, { by: ["model", "day"], from: "2026-10-25", to: "2026-10-26" });
    expect(days.map(({ by, total }) => [by["day"], by["model"], total])).toEqual([
      ["2026-10-25", "a", 100],
      ["2026-10-26", "b", 10],
    ]);
  });

  test("tells what was assumed from what was settled, and counts what had no price", async () => {
    const ledger = memoryLedger();
    await ledger.reserve({ id: "dead", amount: 50, scopes: [], lease: 1000, labels: { model: "a" } });
    await book(ledger, 7, { model: "a" });
    await book(ledger, 0, { model: "a", unpriced: "true" });
    vi.setSystemTime(noon + 2000);
    expect(await spend(ledger, { by: ["model"] })).toEqual([
      { by: { model: "a" }, attempts: 3, unpriced: 1, spent: 7, assumed: 50, total: 57 },
    ]);
  });

  test("is the same however it is split", async () => {
    const label = fc.constantFrom("", "ada", "bob", "a,b", "__proto__");
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ amount: fc.nat(1e9), user: label, model: label }), { maxLength: 20 }),
        fc.subarray(["user", "model", "day", "month"]),
        async (attempts, by) => {
          const ledger = memoryLedger();
          for (const { amount, user, model } of attempts) await book(ledger, amount, { user, model });
          const rows = await spend(ledger, { by });
          const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
          expect(sum(rows.map(({ total }) => total))).toBe(sum(attempts.map(({ amount }) => amount)));
          expect(sum(rows.map(({ attempts }) => attempts))).toBe(attempts.length);
          expect(new Set(rows.map(({ by }) => JSON.stringify(by))).size).toBe(rows.length);
          expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("refuses a name twice, and a day that is none", async () => {
    await expect(spend(memoryLedger(), { by: ["user", "user"] })).rejects.toMatchObject({ code: "invalid-request" });
    await expect(spend(memoryLedger(), { from: "May" })).rejects.toMatchObject({ code: "invalid-request" });
  });
});

describe("as CSV", () => {
  const row = { attempts: 2, unpriced: 1, spent: 1_500_000_000, assumed: 1, total: 1_500_000_001 };

  test("has a header, a line a row, and dollars to the billionth", () => {
    const rows = [
      { ...row, by: { user: "ada", day: "2026-11-14" } },
      { ...row, by: { user: "bob", day: "2026-11-14" }, spent: 0, assumed: 0, total: 0 },
    ];
    expect(spendAsCsv(rows)).toBe(
      "user,day,attempts,unpriced,spent,assumed,total\r\n" +
        "ada,2026-11-14,2,1,1.5,0.000000001,1.500000001\r\n" +
        "bob,2026-11-14,2,1,0,0,0\r\n",
    );
  });

  test.each([
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\tx", "'\tx"],
    ["\r=1", `"'\r=1"`],
    ["＝1", "'＝1"],
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ["a,b", '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ["two\nlines", '"two\nlines"'],
    ["a=b", "a=b"],
  ])("writes %j as %j", (user, cell) => {
    expect(spendAsCsv([{ ...row, by: { user } }])).toBe(
      `user,attempts,unpriced,spent,assumed,total\r\n${cell},2,1,1.5,0.000000001,1.500000001\r\n`,
    );
  });

  test("is read back as it was, and starts no cell as a formula", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 4 }), (users) => {
        const read = cellsOf(spendAsCsv(users.map((user) => ({ ...row, by: { user } }))));
        expect(read).toHaveLength(users.length + 1);
        for (const [place, user] of users.entries()) {
          const cell = read[place + 1]![0]!;
          expect([user, `'${user}`]).toContain(cell);
          expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
        }
      }),
    );
  });
});

/** By RFC 4180, in the plainest way. */
function cellsOf(csv: string): string[][] {
  const records: string[][] = [];
  let [cells, cell, quoted] = [[] as string[], "", false];
  for (let place = 0; place < csv.length; place++) {
    const char = csv[place]!;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (csv[place + 1] === '"') cell += csv[place++]!;
      else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === ",") {
      cells.push(cell);
      cell = "";
    } else if (char === "\r" && csv[place + 1] === "\n") {
      records.push([...cells, cell]);
      [cells, cell] = [[], ""];
      place++;
    } else cell += char;
  }
  return records;
}
