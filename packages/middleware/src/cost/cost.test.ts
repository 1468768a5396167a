import { describe, expect, test, vi } from "vitest";
import { ModelError, ModelReply } from "@plugboard/core";
import type { Draft, ModelRequest, Notice, PriceLookup, TokenCounter, Usage } from "@plugboard/core";
import { budget } from "../budget/budget.ts";
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

describe("with a counter", () => {
  /** A token a word, and three around each message: later, as a counter that loads its table. */
  const count: TokenCounter = async ({ messages }) => {
    await Promise.resolve();
    const words = messages.map(({ content }) =>
      typeof content === "string" ? content : content.map((part) => ("text" in part ? part.text : "")).join(" "),
    );
    return {
      tokens: words.join(" ").split(" ").filter(Boolean).length + 3 * messages.length,
      bound: "exact",
    };
  };
  const question = ask({ messages: [{ role: "user", content: "how are you today" }] });

  /** Says so much and breaks off. */
  async function* cut(usage?: Usage): AsyncGenerator<Draft> {
    yield { type: "reasoning-delta", index: 0, text: "let me" };
    yield { type: "part", index: 0, part: { type: "reasoning", text: "let me" } };
    yield { type: "text-delta", index: 1, text: "I am quite" };
    if (usage) yield { type: "usage", usage };
    throw new ModelError("Cut.", { code: "network" });
  }

  test("an attempt that broke off is priced by its prompt and what had arrived, and says that it is an estimate", async () => {
    const { model } = testModel(() => cut());
    const error = await model.with(cost(price, { count })).generate(question).catch(asIs);
    // 4 words and 3 around them; 5 words were said, thoughts included.
    expect(error).toMatchObject({
      code: "network",
      attempts: [{ outcome: "failed", usage: { input: 7, output: 5, estimated: true }, cost: { total: 21 + 55 } }],
      cost: { total: 76 },
    });
  });

  test("the estimate is there when the next attempt has answered, whole and streamed", async () => {
    const { model } = testModel((_, call) => (call % 2 === 1 ? cut() : { usage: { input: 10, output: 5 } }));
    const priced = model.with(cost(price, { count }), retry({ delay: 0 }));
    expect((await priced.generate(question)).cost?.total).toBe(76 + 85);
    const { model: held } = testModel(async (request, call) => {
      if (call === 2) return { usage: { input: 10, output: 5 } };
      const reply = await ModelReply.from(cut(), { model: "m" });
      return reply.result();
    });
    const reply = await held.with(cost(price, { count }), retry({ delay: 0 })).stream(question);
    expect((await reply.result()).cost?.total).toBe(76 + 85);
  });

  test("what the provider did tell stands, but for an output that is less than what arrived", async () => {
    const { model } = testModel(() => cut({ input: 100, output: 1, cachedInput: 20 }));
    const error = await model.with(cost(price, { count })).generate(question).catch(asIs);
    expect(error).toMatchObject({
      attempts: [{ usage: { input: 100, output: 5, cachedInput: 20, estimated: true }, cost: { total: 300 + 55 } }],
    });
    const { model: exact } = testModel(() => cut({ input: 100, output: 9 }));
    const told = await exact.with(cost(price, { count })).generate(question).catch(asIs);
    expect(told).toMatchObject({ attempts: [{ usage: { input: 100, output: 9 }, cost: { total: 300 + 99 } }] });
  });

  test("nothing is made up for a request that was refused, nor for an answer that came to its end", async () => {
    const { model } = testModel((_, call) => {
      if (call === 1) throw new ModelError("No.", { code: "rate-limit", status: 429 });
      return { usage: {} };
    });
    const priced = model.with(cost(price, { count }));
    const refused = await priced.generate(question).catch(asIs);
    expect(refused).toMatchObject({ attempts: [{ unbilled: true }], cost: { total: 0 } });
    const silent = await priced.generate(question);
    expect(silent).not.toHaveProperty("cost");
  });

  test("a budget further out still books its own, safer count", async () => {
    const booked: Notice[] = [];
    const { model } = testModel(() => cut());
    const priced = model.with(budget({ limit: 1_000_000, price, count: countAtMost }), cost(price, { count }));
    await priced.generate({ ...question, maxOutputTokens: 100, notify: (notice) => booked.push(notice) }).catch(String);
    expect(booked).toContainEqual(
      expect.objectContaining({ type: "budget", step: "settled", amount: 3 * 1000 + 11 * 100 }),
    );
  });

  test("a counter that fails leaves the cost out and is told as a fault", async () => {
    const notices: Notice[] = [];
    const { model } = testModel(() => cut());
    const broken: TokenCounter = () => Promise.reject(new Error("No table."));
    const error = await model
      .with(cost(price, { count: broken }))
      .generate({ ...question, notify: (notice) => notices.push(notice) })
      .catch(asIs);
    expect(error).toMatchObject({ code: "network", cost: undefined });
    expect(notices).toContainEqual({ type: "fault", error: expect.objectContaining({ message: "No table." }) });
  });

  test("of an answer that breaks off under its reader, the attempt's cost follows", async () => {
    const { model } = testModel(() => cut());
    const reply = await model.with(cost(price, { count })).stream(question);
    const error = await reply.result().catch(asIs);
    await expect.poll(() => (error as ModelError).attempts?.[0]?.cost?.total).toBe(76);
  });
});

const countAtMost: TokenCounter = () => ({ tokens: 1000, bound: "upper" });

const asIs = (error: unknown): unknown => error;
