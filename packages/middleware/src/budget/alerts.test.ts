import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Ledger, Notice } from "@plugboard/core";
import { memoryLedger } from "../memory-ledger/memory-ledger.ts";
import { testModel } from "../test-model.ts";
import { budget } from "./budget.ts";
import { ask, count, failing, price, unlimited, worst } from "./test-budget.ts";

/** What a call of these costs. */
const each = 3 * 10 + 11 * 5;
const answer = { usage: { input: 10, output: 5 } };
type Alert = Extract<Notice, { type: "budget-alert" }>;

describe("alerts", () => {
  beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 10, 14, 12) }));
  afterEach(() => void vi.useRealTimers());

  function heard(): { readonly alerts: Alert[]; readonly notify: (notice: Notice) => void } {
    const alerts: Alert[] = [];
    return { alerts, notify: (notice) => notice.type === "budget-alert" && alerts.push(notice) };
  }

  test("come once for each share of a limit that is spent, with the scope and what is spent", async () => {
    const { alerts, notify } = heard();
    const { model } = testModel(() => answer);
    const limit = { nanoDollars: 10 * each + 2000, window: "day" } as const;
    const limited = model.with(budget({ limit, price, count, alerts: [1, 0.1, 0.2] }));
    for (let call = 0; call < 10; call++) await limited.generate(ask({ maxOutputTokens: 20, notify }));
    expect(alerts.map(({ threshold, spent }) => [threshold, spent])).toEqual([
      [0.1, 4 * each],
      [0.2, 7 * each],
    ]);
    expect(alerts[0]).toMatchObject({ limit: limit.nanoDollars, scope: { key: "all", window: "day" } });
  });

  test("come for each user by themselves, and anew on another day", async () => {
    const { alerts, notify } = heard();
    const { model } = testModel(() => answer);
    const limit = { nanoDollars: 2000, per: ["user"], window: "day" } as const;
    const limited = model.with(budget({ limit, price, count, alerts: [0.01] }));
    for (const user of ["ada", "ada", "bob"]) await limited.generate(ask({ tags: { user }, notify }));
    vi.setSystemTime(Date.now() + 24 * 3_600_000);
    await limited.generate(ask({ tags: { user: "ada" }, notify }));
    expect(alerts.map(({ scope }) => scope.key)).toEqual(["user=ada", "user=bob", "user=ada"]);
  });

  test("cost no look into the ledger once all have been told, and one at a time before", async () => {
    const ledger = memoryLedger();
    const look = vi.spyOn(ledger, "spend");
    const { model } = testModel(() => answer);
    const limited = model.with(budget({ limit: 20_000, ledger, price, count, alerts: [0.01] }));
    await limited.generate(ask({ notify: () => {} }));
    await limited.generate(ask({ notify: () => {} }));
    for (let call = 0; call < 5; call++) await limited.generate(ask({ notify: () => {} }));
    expect(look.mock.calls.length).toBeLessThanOrEqual(3);

    const quiet = model.with(budget({ limit: unlimited, ledger, price, count }));
    look.mockClear();
    await quiet.generate(ask({ notify: () => {} }));
    expect(look).not.toHaveBeenCalled();
  });

  test("miss nothing that is booked while the ledger is being looked at", async () => {
    const { alerts, notify } = heard();
    const ledger = memoryLedger();
    const slow: Ledger = {
      ...ledger,
      spend: (...scope) => new Promise((resolve) => setTimeout(resolve, 10, ledger.spend(...scope))),
    };
    const { model } = testModel(() => answer);
    const limited = model.with(
      budget({ limit: 2 * worst, ledger: slow, price, count, alerts: [(2 * each) / (2 * worst)] }),
    );
    const calls = [limited.generate(ask({ notify }))];
    await vi.advanceTimersByTimeAsync(5);
    calls.push(limited.generate(ask({ notify })));
    await vi.advanceTimersByTimeAsync(100);
    await Promise.all(calls);
    expect(alerts.map(({ spent }) => spent)).toEqual([2 * each]);
  });

  test("cost no call, when the ledger does not say", async () => {
    const notices: Notice[] = [];
    const { model } = testModel(() => answer);
    const ledger = failing(memoryLedger(), "spend");
    const limited = model.with(budget({ limit: 20_000, ledger, price, count, alerts: [0.01] }));
    await limited.generate(ask({ notify: (notice) => notices.push(notice) }));
    expect(notices.filter(({ type }) => type === "fault")).toHaveLength(1);
  });

  test.each([0, -0.5, 1.5, Number.NaN])("refuse a share of %d", (share) => {
    expect(() => budget({ limit: 5, price, alerts: [share] })).toThrow("`alerts[0]`");
  });
});
