import { describe, expect, test } from "vitest";
import type { ModelRequest } from "@plugboard/core";
import { memoryLedger } from "../memory-ledger/memory-ledger.ts";
import { spend } from "../spend/spend.ts";
import { testModel } from "../test-model.ts";
import { budget } from "./budget.ts";
import { ask, count, price, standing, unlimited, worst } from "./test-budget.ts";

const answer = { usage: { input: 10, output: 5 } };
const each = 3 * 10 + 11 * 5;

describe("labels", () => {
  const tags = { user: "ada", feature: "chat", secret: "x" };

  test("are the tags that limits name, and who was asked", async () => {
    const ledger = memoryLedger();
    const { model } = testModel(() => answer);
    const limit = [unlimited, { ...unlimited, per: ["user", "model"] }, { ...unlimited, per: ["feature"] }];
    await model.with(budget({ limit, ledger, price, count })).generate(ask({ tags }));
    const rows = await spend(ledger, { by: ["user", "feature", "secret", "provider", "model"] });
    expect(rows).toEqual([
      {
        by: { user: "ada", feature: "chat", secret: "", provider: "test", model: "scripted" },
        attempts: 1,
        unpriced: 0,
        spent: each,
        assumed: 0,
        total: each,
      },
    ]);
  });

  test("are those that are asked for; a tag that a call has not is left out", async () => {
    const ledger = memoryLedger();
    const { model } = testModel(() => answer);
    const limited = model.with(budget({ limit: unlimited, ledger, price, count, labels: ["feature"] }));
    for (const more of [{ tags }, { tags: { user: "bob" } }, {}] as Partial<ModelRequest>[]) {
      await limited.generate(ask(more));
    }
    const today = new Date().toISOString().slice(0, 10);
    const rows = await ledger.report(today, today);
    expect(rows.map(({ labels, attempts }) => ({ labels, attempts }))).toEqual([
      { labels: { feature: "chat", provider: "test", model: "scripted" }, attempts: 1 },
      { labels: { provider: "test", model: "scripted" }, attempts: 2 },
    ]);
  });

  test("tell what was allowed without a price from what had one", async () => {
    const ledger = memoryLedger();
    const { model } = testModel(() => answer);
    const limited = model.with(budget({ limit: unlimited, ledger, price, count, unknownPrice: "allow" }));
    await limited.generate(ask());
    await limited.generate(ask({ tools: [{ type: "provider", id: "test.web_search" }] }));
    await limited.generate(ask());
    expect(await spend(ledger, { by: ["model"] })).toMatchObject([{ attempts: 3, unpriced: 1, spent: 3 * each }]);
  });

  test("keep the attempts of two models apart", async () => {
    const ledger = memoryLedger();
    const [a, b] = [testModel(() => answer, { id: "a" }), testModel(() => answer, { id: "b", provider: "other" })];
    const layer = budget({ limit: unlimited, ledger, price, count });
    for (const { model } of [a, b, a]) await model.with(layer).generate(ask());
    const rows = await spend(ledger, { by: ["provider", "model"] });
    expect(rows.map(({ by, attempts }) => [by["provider"], by["model"], attempts])).toEqual([
      ["test", "a", 2],
      ["other", "b", 1],
    ]);
  });
});

describe("limits", () => {
  test("can be of a model or a provider, in any combination with tags, and go by the model that is really asked", async () => {
    const ledger = memoryLedger();
    const [a, b] = [testModel(() => answer, { id: "a" }), testModel(() => answer, { id: "b" })];
    const layer = budget({
      limit: [
        { nanoDollars: worst, per: ["user", "model"] },
        { nanoDollars: 3 * worst, per: ["provider"] },
      ],
      ledger,
      price,
      count,
    });
    const [first, second] = [a.model.with(layer), b.model.with(layer)];
    // A tag of that name is not looked at.
    await first.generate(ask({ tags: { user: "ada", model: "b" } }));
    await expect(first.generate(ask({ tags: { user: "ada" } }))).rejects.toThrow("The budget for user=ada,model=a");
    await second.generate(ask({ tags: { user: "ada" } }));
    await first.generate(ask({ tags: { user: "bob" } }));
    expect((await standing(ledger, "user=ada,model=a")).spent).toBe(each);
    expect((await standing(ledger, "user=ada,model=b")).spent).toBe(each);
    expect((await standing(ledger, "provider=test")).spent).toBe(3 * each);
  });
});
