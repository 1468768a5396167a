import { getEventListeners } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeRedis } from "@plugboard/recordings";
import { connect, linkTo, newPlace } from "../test-client.ts";
import type { TestClient } from "../test-client.ts";
import { redisLeases } from "./redis-leases.ts";

describeRedis("leases in Redis", (server) => {
  let client: TestClient;
  beforeAll(async () => void (client = await connect(server().url)));
  afterAll(() => client.destroy());

  test("run out by the server's clock, and are forgotten by Redis a while later", async () => {
    const place = newPlace();
    const leases = redisLeases(linkTo(client), place);
    const lease = await leases.acquire("key", 60);
    expect(await leases.acquire("key", 60)).toBeUndefined();
    expect(await leases.wait("key", 5000)).toBe("free");
    expect(await leases.renew(lease!, 60)).toBe(false);
    const rest = await client.pTTL(`{${place.prefix}:leases:1}:lease:key`);
    expect(rest).toBeGreaterThan(50_000);
    expect(rest).toBeLessThanOrEqual(60_060);
  });

  test("have a higher token even if Redis has lost everything", async () => {
    const leases = redisLeases(linkTo(client), newPlace());
    const first = await leases.acquire("key", 60_000);
    await client.flushAll();
    const second = await leases.acquire("key", 60_000);
    expect(second!.token).toBeGreaterThan(first!.token);
    expect(await leases.renew(first!, 60_000)).toBe(false);
    await leases.release(first!);
    expect(await leases.renew(second!, 60_000)).toBe(true);
  });

  test("wake who waits soon after they are given back by another", async () => {
    const place = newPlace();
    const [mine, theirs] = [redisLeases(linkTo(client), place), redisLeases(linkTo(client), place)];
    const lease = await mine.acquire("key", 60_000);
    const waiting = theirs.wait("key", 10_000);
    await mine.release(lease!);
    const began = performance.now();
    expect(await waiting).toBe("free");
    expect(performance.now() - began).toBeLessThan(500);
  });

  test("leave nothing on the signal of who waited", async () => {
    const leases = redisLeases(linkTo(client), newPlace());
    const lease = await leases.acquire("key", 60_000);
    const { signal } = new AbortController();
    expect(await leases.wait("key", 60, signal)).toBe("timeout");
    await leases.release(lease!);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});
