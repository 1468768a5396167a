import { expect, test } from "vitest";
import { catalog } from "./catalog.ts";
import { reprice } from "./reprice.ts";
import type { LoggedCall } from "./reprice.ts";

const { quote } = catalog({
  overrides: {
    acme: {
      dear: { prices: { input: 2, output: 8 } },
      cheap: { prices: { input: 0.5, output: 1 } },
    },
  },
});

const log: readonly LoggedCall[] = [
  // 1,000 × 2,000 + 100 × 8,000 nano-dollars were paid; 1,000 × 500 + 100 × 1,000 it would be
  { provider: "acme", model: "dear", usage: { input: 1000, output: 100 }, cost: { total: 2_800_000 } },
  // what was paid is not known
  { provider: "acme", model: "dear", usage: { input: 10, output: 1 } },
  // what was used is not known
  { provider: "acme", model: "dear", cost: { total: 7 } },
];

test("says what a log would cost elsewhere, and what can be compared", async () => {
  await expect(reprice(log, { price: quote, as: () => ({ provider: "acme", id: "cheap" }) })).resolves.toEqual({
    calls: 3,
    recorded: { total: 2_800_007, unknown: 1 },
    repriced: { total: 606_000, unknown: 1 },
    comparable: { calls: 1, recorded: 2_800_000, repriced: 600_000 },
    missing: { "acme cheap": ["usage"] },
  });
});

test("reads a log that comes bit by bit, and prices what was called where nothing else is said", async () => {
  async function* lines(): AsyncGenerator<LoggedCall> {
    yield log[0]!;
    yield { provider: "acme", model: "other", answeredBy: "dear", usage: { input: 1, output: 0 } };
  }
  const { repriced } = await reprice(lines(), { price: quote });
  expect(repriced).toEqual({ total: 2_802_000, unknown: 0 });
});

test("what has no price is named by model, never 0", async () => {
  const { repriced, missing } = await reprice(log.slice(0, 1), {
    price: quote,
    as: () => ({ provider: "acme", id: "unknown" }),
  });
  expect(repriced).toEqual({ total: 0, unknown: 1 });
  expect(missing).toEqual({ "acme unknown": ["model"] });
});

test("a sum beyond what is counted exactly is refused", async () => {
  const large: LoggedCall = { provider: "acme", model: "dear", cost: { total: Number.MAX_SAFE_INTEGER } };
  await expect(reprice([large, large], { price: quote })).rejects.toMatchObject({ code: "invalid-request" });
});
