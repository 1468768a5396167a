import { afterAll, beforeAll, expect, test } from "vitest";
import { describeRedis } from "@plugboard/recordings";
import { redisLedger } from "./redis-ledger/redis-ledger.ts";
import { redisLeases } from "./redis-leases/redis-leases.ts";
import { redisLimits } from "./redis-limits/redis-limits.ts";
import { connect, linkTo, newPlace } from "./test-client.ts";
import type { TestClient } from "./test-client.ts";

describeRedis("scripts", (server) => {
  let client: TestClient;
  beforeAll(async () => void (client = await connect(server().url)));
  afterAll(() => client.destroy());

  test("touch no key but those that are declared, and each lives in the slot of its store", async () => {
    const monitor = await connect(server().url);
    const lines: string[] = [];
    await monitor.monitor((line) => lines.push(line));
    await useEverything();
    await client.set("the end", "");
    await expect.poll(() => lines.some((line) => line.includes("the end"))).toBe(true);
    monitor.destroy();

    let declared: readonly string[] = [];
    const [slots, touched, undeclared] = [new Set<string>(), [] as string[], [] as string[]];
    for (const line of lines) {
      // `1700000000.123456 [0 127.0.0.1:40000] "EVALSHA" …`, and `… [0 lua] "HGET" …` for what the script does.
      const [, from, rest] = /^\S+ \[\d+ (\S+)\] (.*)$/.exec(line)!;
      const [command, ...words] = [...rest!.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1]!);
      if (/^eval(sha)?$/i.test(command!)) {
        declared = words.slice(2, 2 + Number(words[1]));
        slots.add([...new Set(declared.map((key) => /\{(.*?)\}/.exec(key)?.[1]))].join(" and "));
      } else if (from === "lua" && command !== "TIME") (declared.includes(words[0]!) ? touched : undeclared).push(line);
    }
    expect(undeclared).toEqual([]);
    expect(touched.length).toBeGreaterThan(500);
    const stores = [...slots].map((slot) => slot.replace(/^test \d+:/, ""));
    expect(stores).toEqual(["ledger:1", "limits:1", "leases:1"]);
  });

  /** All verbs, so that leases run out, windows move on, and days are forgotten. */
  async function useEverything(): Promise<void> {
    let time = Date.UTC(2026, 4, 14, 12);
    const clock = (): number => time;
    const ledger = redisLedger(linkTo(client), newPlace({ clock }), { keepDays: 2, graceful: 1000 });
    const windows = ["total", "day", "month", { rolling: 5000 }] as const;
    const scopes = windows.flatMap((window) => ["ada", "{bob}"].map((key) => ({ key, limit: 200, window })));
    for (let call = 0; call < 12; call++) {
      const id = `call ${call}`;
      await ledger.reserve({ id, amount: 50, scopes, lease: 1000, labels: { call: id } });
      if (call % 4 === 0) await ledger.settle(id, 5);
      if (call % 4 === 1) await ledger.release(id);
      if (call % 4 === 2) await ledger.extend(id, { lease: 1000, amount: 1 }).catch(() => {});
      await ledger.spend("ada", "day");
      time += call % 3 ? 700 : 86_400_000;
    }
    await ledger.report("2026-01-01", "2027-01-01");

    const limits = redisLimits(linkTo(client), newPlace({ clock }));
    const takes = ["requests", "{tokens}"].map((key) => ({ key, limit: 5, window: 1000, cost: 2 }));
    for (let call = 0; call < 6; call++) {
      const outcome = await limits.take(takes);
      if (outcome.granted) await limits.refund([{ ...takes[0]!, cost: 1 }], outcome.at);
      time += 400;
    }

    const leases = redisLeases(linkTo(client), newPlace({ clock }));
    const lease = await leases.acquire("{key}", 1000);
    await leases.renew(lease!, 1000);
    await leases.wait("{key}", 0);
    await leases.release(lease!);
  }
});
