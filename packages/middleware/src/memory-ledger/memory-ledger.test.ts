import { expect, test } from "vitest";
import { testLedger } from "@plugboard/testing/test-store";
import { memoryLedger } from "./memory-ledger.ts";

testLedger("the memory ledger", ({ clock }) => memoryLedger({ clock }));

test.each([-1, 0.5, Number.NaN, Infinity, 2 ** 60])("refuses to book %d", async (amount) => {
  const ledger = memoryLedger();
  const scopes = [{ key: "all", limit: 10, window: "total" }] as const;
  const refused = { code: "invalid-request", message: expect.stringContaining("`amount`") };
  await expect(ledger.reserve({ id: "a", amount, scopes, lease: 1000 })).rejects.toMatchObject(refused);
  await ledger.reserve({ id: "a", amount: 5, scopes, lease: 1000 });
  await expect(ledger.settle("a", amount)).rejects.toMatchObject(refused);
  expect(await ledger.spend("all", "total")).toMatchObject({ spent: 0, held: 5 });
});

test("keeps leases when the clock is set back", async () => {
  let now = 1_000_000;
  const ledger = memoryLedger({ clock: () => now });
  const scopes = [{ key: "all", limit: 10, window: "total" }] as const;
  await ledger.reserve({ id: "a", amount: 5, scopes, lease: 1000 });
  now -= 3_600_000;
  expect(await ledger.spend("all", "total")).toMatchObject({ held: 5 });
  now += 3_601_000;
  expect(await ledger.spend("all", "total")).toMatchObject({ held: 0, assumed: 5 });
});
