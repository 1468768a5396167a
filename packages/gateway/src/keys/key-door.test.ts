import { memoryLimits } from "plugboard";
import { expect, test, vi } from "vitest";
import type { Incoming } from "../handling/incoming.ts";
import { keyDoor } from "./key-door.ts";
import { newKey } from "./new-key.ts";

function knock(key: string, remote: string): Incoming {
  const header = (name: string): string | undefined => (name === "authorization" ? `Bearer ${key}` : undefined);
  const signal = new AbortController().signal;
  return { method: "POST", path: "/", query: "", header, body: async () => new Uint8Array(), remote, signal };
}

test("a hundred thousand wrong keys from many addresses open nothing, are counted, and leave the right one as it is", () => {
  const { key, hash } = newKey();
  const onWrong = vi.fn<() => void>();
  const door = keyDoor({ keys: [{ name: "a", hash }], limits: memoryLimits(), onWrong });
  const statuses = new Map<number, number>();
  for (let guess = 0; guess < 100_000; guess++) {
    try {
      door.open(knock(`pb-${guess}`, `10.0.${guess % 50}.1`));
    } catch (error) {
      const { status } = error as { readonly status: number };
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  }
  // Of each address twenty, and those that the time of this test lets through.
  expect(statuses.get(401)).toBeGreaterThanOrEqual(1000);
  expect(statuses.get(401)).toBeLessThan(3000);
  expect(statuses.get(429)).toBe(100_000 - statuses.get(401)!);
  expect(onWrong).toHaveBeenCalledTimes(100_000);
  expect(door.open(knock(key, "10.9.9.9")).name).toBe("a");
});

test("where the limits of a key cannot be read, nobody passes", async () => {
  const { hash } = newKey();
  const down = async (): Promise<never> => {
    throw new Error("The store is down.");
  };
  const key = { name: "a", hash, limits: { requests: 5, concurrent: 1 } };
  const door = keyDoor({ keys: [key], limits: { take: down, refund: down }, onWrong: () => {} });
  await expect(door.enter(key)).rejects.toMatchObject({ status: 503 });
  // Not 429: the place is free again.
  await expect(door.enter(key)).rejects.toMatchObject({ status: 503 });
});
