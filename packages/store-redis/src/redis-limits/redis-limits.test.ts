import { afterAll, beforeAll, expect, test } from "vitest";
import { describeRedis } from "@plugboard/recordings";
import { connect, linkTo, newPlace } from "../test-client.ts";
import type { TestClient } from "../test-client.ts";
import { redisLimits } from "./redis-limits.ts";

describeRedis("limits in Redis", (server) => {
  let client: TestClient;
  beforeAll(async () => void (client = await connect(server().url)));
  afterAll(() => client.destroy());

  test("keep a log short, and never let more through than the limit", async () => {
    let time = 1_800_000_000_000;
    const place = newPlace({ clock: () => time });
    const limits = redisLimits(linkTo(client), place);
    const window = 60_000;
    const starts: number[] = [];
    for (let call = 0; call < 7000; call++) {
      time += 20;
      if (!(await limits.take([{ key: "all", limit: 2000, window, cost: 1 }])).granted) continue;
      starts.push(time);
      expect(starts.filter((start) => start > time - window).length).toBeLessThanOrEqual(2000);
    }
    expect(starts.length).toBeGreaterThan(4950);
    const log = `{${place.prefix}:limits:1}:log:${window}:all`;
    expect(await client.zCard(log)).toBeLessThanOrEqual(2100);
    expect(await client.hLen(log.replace(":log:", ":amounts:"))).toBeLessThanOrEqual(2101);
  });

  test("are forgotten by Redis a while after nothing of them counts", async () => {
    const place = newPlace();
    const limits = redisLimits(linkTo(client), place);
    await limits.take([
      { key: "short", limit: 10, window: 1000, cost: 1 },
      { key: "long", limit: 10, window: 1e300, cost: 1 },
    ]);
    for (const kind of ["log", "amounts"]) {
      const rest = await client.pTTL(`{${place.prefix}:limits:1}:${kind}:1000:short`);
      expect(rest).toBeGreaterThan(1000);
      expect(rest).toBeLessThanOrEqual(61_000);
      expect(await client.pTTL(`{${place.prefix}:limits:1}:${kind}:1e+300:long`)).toBeGreaterThan(1e12);
    }
  });

  test("leave nothing behind of what was refused or never taken", async () => {
    const place = newPlace();
    const limits = redisLimits(linkTo(client), place);
    await limits.take([{ key: "a", limit: 1, window: 1000, cost: 2 }]);
    await limits.take([{ key: "b", limit: 1, window: 1000, cost: 0 }]);
    await limits.refund([{ key: "c", limit: 1, window: 1000, cost: 1 }], 5);
    expect(await client.keys(`{${place.prefix}:*`)).toEqual([`{${place.prefix}:limits:1}:state`]);
  });

  test("go by the server's clock, and free what the window has left", async () => {
    const limits = redisLimits(linkTo(client), newPlace());
    const take = { key: "all", limit: 5, window: 60, cost: 5 };
    expect(await limits.take([take])).toEqual({ granted: true, at: expect.closeTo(Date.now(), -4) });
    expect(await limits.take([take])).toMatchObject({ granted: false, retryAfter: expect.closeTo(30, -2) });
    await expect.poll(() => limits.take([take])).toMatchObject({ granted: true });
  });

  test("count fractions, and leave no error of rounding", async () => {
    let time = 1_800_000_000_000;
    const limits = redisLimits(linkTo(client), newPlace({ clock: () => time }));
    for (let call = 0; call < 10; call++) {
      expect(await limits.take([{ key: "all", limit: 1, window: 1000, cost: 0.1 }])).toMatchObject({ granted: true });
      time += 10;
    }
    expect(await limits.take([{ key: "all", limit: 1, window: 1000, cost: 0.1 }])).toMatchObject({ granted: false });
    time += 1000;
    expect(await limits.take([{ key: "all", limit: 1, window: 1000, cost: 1 }])).toMatchObject({ granted: true });
  });
});
