import { afterAll, beforeAll, expect, test } from "vitest";
import { describeRedis } from "@plugboard/recordings";
import { connect, linkTo, newPlace } from "../test-client.ts";
import type { TestClient } from "../test-client.ts";
import { redisCache } from "./redis-cache.ts";

describeRedis("a cache in Redis", (server) => {
  let client: TestClient;
  beforeAll(async () => void (client = await connect(server().url)));
  afterAll(() => client.destroy());

  test("gives a value until its time is over, and counts anew when it is set again", async () => {
    const cache = redisCache(linkTo(client), newPlace());
    await cache.set("key", "first", 60_000);
    await cache.set("key", "second", 60);
    expect(await cache.get("key")).toBe("second");
    await expect.poll(() => cache.get("key")).toBeUndefined();
  });

  test("keeps nothing for no time, and what has no end for as long as Redis can count", async () => {
    const place = newPlace();
    const cache = redisCache(linkTo(client), place);
    await cache.set("key", "value", 1000);
    await cache.set("key", "value", 0.5);
    expect(await cache.get("key")).toBeUndefined();
    await cache.set("key", "value", Infinity);
    expect(await cache.get("key")).toBe("value");
    expect(await client.pTTL(`${place.prefix}:cache:key`)).toBeGreaterThan(1e15);
    await expect(cache.set("key", "value", -1)).rejects.toMatchObject({ code: "invalid-request" });
  });

  test("gives texts whatever else the client is told to map replies to", async () => {
    const { RESP_TYPES } = await import("redis");
    const mapped = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    const cache = redisCache(linkTo(mapped), newPlace());
    await cache.set("key", "value", 1000);
    expect(await cache.get("key")).toBe("value");
  });
});
