import { expect, test, vi } from "vitest";
import { ModelError } from "@plugboard/core";
import type { ModelRequest, Notice, PriceLookup } from "@plugboard/core";
import { retry } from "../retry/retry.ts";
import { pieces, testModel } from "../test-model.ts";
import { cost } from "./cost.ts";

const price: PriceLookup = ({ input = 0, output = 0 }) => ({
  cost: { total: 3 * input + 11 * output, components: { input: 3 * input, output: 11 * output } },
});
const ask = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [{ role: "user", content: "hello" }],
  ...more,
});

test("says what an answer cost, whole and streamed", async () => {
  const { model } = testModel(() => pieces(["one", "two"]));
  const priced = model.with(cost(price));
  const wanted = {
    cost: { total: 30 + 22, components: { input: 30, output: 22 } },
    attempts: [{ cost: { total: 52 } }],
  };
  expect(await priced.generate(ask())).toMatchObject(wanted);
  expect(await (await priced.stream(ask())).result()).toMatchObject(wanted);
});

test("adds up the attempts of a call, on either side of retry", async () => {
  vi.useFakeTimers();
  const partial = {
    model: "m",
    finishReason: "unfinished",
    usage: { input: 10, output: 1 },
    warnings: [],
    content: [],
  } as const;
  for (const layers of [
    [cost(price), retry()],
    [retry(), cost(price)],
  ]) {
    const { model } = testModel((_, call) => {
      if (call === 1) throw new ModelError("Cut.", { code: "truncated", partial });
      return { usage: { input: 10, output: 5 } };
    });
    const result = model.with(...layers).generate(ask());
    await vi.runAllTimersAsync();
    expect((await result).cost?.total).toBe(30 + 11 + (30 + 55));
  }
  vi.useRealTimers();
});

test("leaves out what has no price, and says once what is missing", async () => {
  const { model } = testModel(() => "hi");
  const notices: Notice[] = [];
  const priced = model.with(cost(() => ({ missing: ["output", "reasoning"] })));
  const results = [];
  for (let call = 0; call < 3; call++)
    results.push(await priced.generate(ask({ notify: (notice) => notices.push(notice) })));
  for (const result of results) expect(result).not.toHaveProperty("cost");
  expect(notices.filter(({ type }) => type === "warning")).toEqual([
    {
      type: "warning",
      warning: {
        code: "unpriced",
        message: "test scripted has no price for: output, reasoning. Its cost is left out.",
      },
    },
  ]);
});

test("falls back on the name that the provider answered with", async () => {
  const { model } = testModel(() => ({ model: "scripted-2026", usage: { input: 1, output: 1 } }));
  const dated: PriceLookup = (usage, key) => (key.id === "scripted-2026" ? price(usage, key) : { missing: ["model"] });
  expect((await model.with(cost(dated)).generate(ask())).cost?.total).toBe(14);
});

test("survives a look-up that throws", async () => {
  const { model } = testModel(() => "hi");
  const notices: Notice[] = [];
  const broken = cost(() => {
    throw new Error("No table.");
  });
  const result = await model.with(broken).generate(ask({ notify: (notice) => notices.push(notice) }));
  expect(result).not.toHaveProperty("cost");
  expect(notices).toContainEqual({ type: "fault", error: expect.objectContaining({ message: "No table." }) });
});

test("keeps a price that a layer inside has put", async () => {
  const { model } = testModel(() => ({ usage: { input: 1, output: 1 } }));
  const result = await model
    .with(
      cost(() => ({ cost: { total: 1 } })),
      cost(price),
    )
    .generate(ask());
  expect(result.cost?.total).toBe(14);
});
