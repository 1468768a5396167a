import { afterAll, beforeAll, expect, test } from "vitest";
import { describeRedis } from "@plugboard/recordings";
import type { BudgetScope, Ledger } from "@plugboard/core";
import { connect, linkTo, newPlace } from "../test-client.ts";
import type { TestClient } from "../test-client.ts";
import { redisLedger } from "./redis-ledger.ts";

const [second, hour, day] = [1000, 3_600_000, 86_400_000];
const noon = Date.UTC(2026, 4, 14, 12);

describeRedis("a ledger in Redis", (server) => {
  let client: TestClient;
  beforeAll(async () => void (client = await connect(server().url)));
  afterAll(() => client.destroy());

  /** A ledger, the hands of its clock, and what stands in Redis. */
  function make(memory: { graceful?: number; keepDays?: number } = {}) {
    let time = noon;
    const place = newPlace({ clock: () => time });
    const key = (name: string): string => `{${place.prefix}:ledger:1}:${name}`;
    return {
      ledger: redisLedger(linkTo(client), place, { keepDays: 400, ...memory }),
      key,
      advance: (by: number) => (time += by),
      sums: async () => {
        const { latest: _, ...sums } = await client.hGetAll(key("sums"));
        return sums;
      },
      counts: async () => ({
        holds: await client.hLen(key("holds")),
        due: await client.zCard(key("due")),
        rows: await client.zCard(key("rows")),
        booked: await client.hLen(key("booked")),
      }),
    };
  }
  const reserve = (ledger: Ledger, id: string, amount: number, ...scopes: readonly BudgetScope[]) =>
    ledger.reserve({ id, amount, scopes, lease: second });
  const total = { key: "all", limit: Number.MAX_SAFE_INTEGER, window: "total" } as const;

  test("keeps no more than the sums of what is settled or released", async () => {
    const { ledger, sums, counts } = make();
    for (let call = 0; call < 20; call++) {
      await reserve(ledger, `call ${call}`, 10, total);
      await (call % 2 ? ledger.settle(`call ${call}`, 5) : ledger.release(`call ${call}`));
    }
    expect(await sums()).toEqual({ "account|total||all": "50 0 0 0" });
    expect(await counts()).toEqual({ holds: 0, due: 0, rows: 1, booked: 1 });
  });

  test("charges any number of leases that ran out, at most a hundred in one step", async () => {
    const { ledger, advance, counts } = make();
    for (let call = 0; call < 1050; call++) await reserve(ledger, `call ${call}`, 10, total);
    advance(second);
    await ledger.settle("call 1049", 1);
    expect((await ledger.report("2026-01-01", "2027-01-01"))[0]).toMatchObject({ attempts: 1050, assumed: 10_490 });
    expect(await ledger.spend("all", "total")).toMatchObject({ spent: 1, assumed: 10_490, held: 0 });
    expect(await counts()).toMatchObject({ holds: 1049, due: 1049 });
  });

  test("charges many leases of many scopes in one step", async () => {
    const { ledger, advance } = make();
    for (let call = 0; call < 100; call++) {
      const scopes = Array.from({ length: 50 }, (_, place) => ({
        key: `${call} ${place}`,
        limit: 10,
        window: { rolling: hour },
      }));
      await ledger.reserve({ id: `call ${call}`, amount: 10, scopes, lease: second });
    }
    advance(second);
    expect(await ledger.spend("99 49", { rolling: hour })).toMatchObject({ assumed: 10, held: 0 });
    advance(hour);
    expect(await ledger.spend("99 49", { rolling: hour })).toMatchObject({ assumed: 0, held: 0 });
  });

  test("is not stopped by what somebody has deleted by hand", async () => {
    const { ledger, advance, key } = make();
    const rolling = { key: "all", limit: 100, window: { rolling: hour } };
    await reserve(ledger, "a", 10, rolling);
    await client.del([key("holds"), key("sums")]);
    advance(2 * hour);
    expect(await reserve(ledger, "b", 100, rolling)).toEqual({ granted: true });
    await ledger.settle("b", 5);
    expect(await ledger.spend("all", rolling.window)).toMatchObject({ spent: 5, held: 0 });
  });

  test("refuses nobody for what a rolling window has left, however much that is", async () => {
    const { ledger, advance } = make();
    const rolling = { key: "all", limit: 250, window: { rolling: hour } };
    for (let call = 0; call < 250; call++) {
      await reserve(ledger, `call ${call}`, 1, rolling);
      await ledger.settle(`call ${call}`, 1);
      advance(1);
    }
    expect(await reserve(ledger, "one more", 1, rolling)).toMatchObject({ granted: false });
    advance(hour);
    expect(await reserve(ledger, "all", 250, rolling)).toEqual({ granted: true });
  });

  test("forgets a reservation that nobody settled, and then it stays charged in full", async () => {
    const { ledger, advance, counts } = make({ graceful: hour });
    await reserve(ledger, "a", 10, total);
    await reserve(ledger, "b", 10, total);
    advance(second);
    await ledger.spend("all", "total");
    advance(hour - 1);
    await ledger.settle("a", 4);
    advance(1);
    await ledger.settle("b", 4);
    expect(await ledger.spend("all", "total")).toMatchObject({ spent: 4, assumed: 10, held: 0 });
    expect(await counts()).toMatchObject({ holds: 0, due: 0 });
  });

  test("forgets days, months and rolling windows that are over", async () => {
    const { ledger, advance, sums, counts } = make();
    const scopes = (["day", "month", { rolling: hour }] as const).map((window) => ({ key: "all", limit: 100, window }));
    for (let call = 0; call < 5; call++) {
      await reserve(ledger, `call ${call}`, 10, ...scopes);
      await ledger.settle(`call ${call}`, 10);
      advance(second);
    }
    expect(Object.keys(await sums())).toHaveLength(3 + 5);
    advance(2 * day);
    await ledger.spend("all", "day");
    expect(await sums()).toEqual({ "account|month|2026-05|all": "50 0 0 0" });
    advance(31 * day);
    await ledger.spend("all", "day");
    expect(await sums()).toEqual({});
    expect(await counts()).toMatchObject({ due: 0 });
  });

  test("remembers a day that is over for as long as something of it is open", async () => {
    const { ledger, advance, sums } = make();
    const scope = { key: "all", limit: 100, window: "day" } as const;
    await reserve(ledger, "a", 60, scope);
    for (let turn = 0; turn < 5; turn++) {
      await ledger.extend("a", { lease: 2 * day });
      advance(day);
    }
    expect(await ledger.extend("a", { lease: day, amount: 50 })).toMatchObject({ granted: false, spend: { held: 60 } });
    expect(await ledger.extend("a", { lease: day, amount: 40 })).toEqual({ granted: true });
    await ledger.settle("a", 1);
    advance(2 * day);
    await ledger.spend("all", "day");
    expect(await sums()).toEqual({});
  });

  test("keeps a rolling window short, and never lets more through than its limit", async () => {
    const { ledger, advance, counts } = make();
    const rolling = { key: "all", limit: 3000, window: { rolling: hour } };
    const starts: number[] = [];
    let time = 0;
    for (let call = 0; call < 4500; call++) {
      time += 1000;
      advance(1000);
      if (!(await reserve(ledger, `call ${call}`, 1, rolling)).granted) continue;
      starts.push(time);
      await ledger.settle(`call ${call}`, 1);
      const within = starts.filter((start) => start > time - hour).length;
      expect(within).toBeLessThanOrEqual(3000);
    }
    expect(starts.length).toBeGreaterThan(3850);
    expect((await counts()).due).toBeLessThanOrEqual(2100);
  });

  test("forgets rows of the report after so many days", async () => {
    const { ledger, advance, counts } = make({ keepDays: 3 });
    for (let call = 0; call < 6; call++) {
      await reserve(ledger, `call ${call}`, 10, total);
      await ledger.settle(`call ${call}`, 10);
      advance(day);
    }
    const days = (await ledger.report("2026-01-01", "2027-01-01")).map((row) => row.day);
    expect(days).toEqual(["2026-05-16", "2026-05-17", "2026-05-18", "2026-05-19"]);
    expect(await counts()).toMatchObject({ rows: 4, booked: 4 });
  });

  test("reports more rows than one reply has", async () => {
    const { ledger, advance } = make();
    for (let call = 0; call < 2500; call++) {
      if (call === 1200) advance(day);
      const labels = { user: `user ${call}` };
      await ledger.reserve({ id: `call ${call}`, amount: 1, scopes: [], lease: second, labels });
      await ledger.settle(`call ${call}`, 1);
    }
    const rows = await ledger.report("2026-05-14", "2026-05-15");
    expect(new Set(rows.map(({ labels }) => labels["user"])).size).toBe(2500);
    expect(rows).toHaveLength(2500);
    expect(await ledger.report("2026-05-14", "2026-05-14")).toHaveLength(1200);
    expect(await ledger.report("2026-05-15", "2026-05-15")).toHaveLength(1300);
  });

  test("knows every day of the calendar", async () => {
    const days: string[] = [];
    const { ledger, advance } = make({ keepDays: 20_000 });
    const wanted: string[] = [];
    for (let time = noon; wanted.length < 1500; time += day) {
      wanted.push(new Date(time).toISOString().slice(0, 10));
      await ledger.reserve({ id: wanted.at(-1)!, amount: 1, scopes: [], lease: second });
      await ledger.settle(wanted.at(-1)!, 1);
      advance(day);
    }
    for (const row of await ledger.report("2026-01-01", "2099-01-01")) days.push(row.day);
    expect(days).toEqual(wanted);
  });

  test("takes a limit without end, and goes by the server's clock", async () => {
    const ledger = redisLedger(linkTo(client), newPlace(), { keepDays: 400 });
    expect(await reserve(ledger, "a", 10, { key: "all", limit: Infinity, window: "day" })).toEqual({ granted: true });
    const refused = await reserve(ledger, "b", 1, { key: "all", limit: 10, window: "day" });
    expect(refused).toMatchObject({ granted: false, scope: { limit: 10 }, spend: { held: 10 } });
    await ledger.reserve({ id: "c", amount: 5, scopes: [total], lease: 40 });
    expect(await ledger.spend("all", "total")).toMatchObject({ held: 5, assumed: 0 });
    await expect.poll(() => ledger.spend("all", "total")).toMatchObject({ held: 0, assumed: 5 });
    await ledger.settle("c", 5);
    const [row] = await ledger.report("2000-01-01", "2100-01-01");
    expect(Math.abs(Date.parse(row!.day) - Date.now())).toBeLessThan(2 * day);
  });
});
