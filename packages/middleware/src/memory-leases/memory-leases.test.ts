import { getEventListeners } from "node:events";
import { expect, test, vi } from "vitest";
import { testLeaseStore } from "@plugboard/testing/test-store";
import { memoryLeases } from "./memory-leases.ts";

testLeaseStore("the memory leases", ({ clock }) => memoryLeases({ clock }));

test("leave nothing on a signal, however a wait ends", async () => {
  const leases = memoryLeases();
  const { signal } = new AbortController();
  const lease = (await leases.acquire("key", 60_000))!;
  await leases.wait("key", 1, signal);
  const wait = leases.wait("key", 1000, signal);
  await leases.release(lease);
  await wait;
  await leases.wait("key", 1000, signal);
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

test.each([0, -1, Number.NaN])("refuse to be held for %d milliseconds", async (ttl) => {
  const leases = memoryLeases();
  const refused = { code: "invalid-request", message: expect.stringContaining("`ttl`") };
  await expect(leases.acquire("key", ttl)).rejects.toMatchObject(refused);
  const lease = (await leases.acquire("key", 1000))!;
  await expect(leases.renew(lease, ttl)).rejects.toMatchObject(refused);
});

test("forget those that have run out", async () => {
  let now = 0;
  const leases = memoryLeases({ clock: () => now });
  for (let key = 0; key < 100_000; key++) {
    await leases.acquire(`key ${key}`, 10);
    now++;
  }
  expect(await leases.acquire("key 1", 10)).toMatchObject({ token: 100_001 });
});

test("wake those who wait at once when they are given back, without a look at the clock", async () => {
  vi.useFakeTimers();
  try {
    const leases = memoryLeases();
    const lease = (await leases.acquire("key", 60_000))!;
    const wait = leases.wait("key", 50_000);
    await leases.release(lease);
    expect(await wait).toBe("free");
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
