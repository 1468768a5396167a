import { afterEach, describe, expect, test, vi } from "vitest";
import { ModelReply, defineModel, textOf } from "@plugboard/core";
import type { Ledger, Model, ModelEvent, ModelRequest, Notice, TokenCounter } from "@plugboard/core";
import { memoryLedger } from "../memory-ledger/memory-ledger.ts";
import { testModel } from "../test-model.ts";
import { budget } from "./budget.ts";
import type { BudgetOptions } from "./budget.ts";
import { failing, price, standing, unlimited } from "./test-budget.ts";

afterEach(() => void vi.useRealTimers());

const open: ModelRequest = { messages: [{ role: "user", content: "hello" }] };
const input = 10;
/** The prompt is 10 tokens; what was said is as many as it has bytes. */
const bytes: TokenCounter = ({ messages: [message] }) => {
  const said = message?.role === "assistant" && typeof message.content !== "string" ? message.content : [];
  return { tokens: said.length === 0 ? input : Buffer.byteLength(textOf({ content: said })), bound: "upper" };
};
const sliced = (more: Partial<BudgetOptions> = {}): BudgetOptions => ({
  limit: unlimited,
  price,
  count: bytes,
  unknownMaximum: { slice: 20 },
  ...more,
});
const paid = (tokens: number): number => 3 * input + 11 * tokens;

/** A turn of the event loop: what is asked of a ledger meanwhile is answered. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Wire {
  readonly model: Model;
  readonly closed: () => number;
}

/** A wire that says one event a read, and whether it was closed. */
function wire(events: readonly (ModelEvent | readonly ModelEvent[])[], between: () => unknown = turn): Wire {
  let closed = 0;
  const model = defineModel({
    provider: "test",
    id: "wire",
    async call({ signal }) {
      let next = 0;
      signal!.addEventListener("abort", () => closed++);
      const all = [{ type: "start", model: "wire" } as const, ...events];
      return ModelReply.open({
        async pull() {
          if (next > 1) await between();
          return all[next++] && [all[next - 1]!].flat();
        },
      });
    },
  });
  return { model, closed: () => closed };
}
const say = (text: string, index = 0): ModelEvent => ({ type: "text-delta", index, text });
const words = (count: number, text = "12345"): ModelEvent[] => Array.from({ length: count }, () => say(text));
const end = (output: number): ModelEvent => ({ type: "finish", finishReason: "stop", usage: { input, output } });

test("of an answer that nothing bounds, only a slice is held at first", async () => {
  const ledger = memoryLedger();
  const model = wire([...words(1), end(5)]).model.with(budget(sliced({ ledger })));
  const reply = await model.stream(open);
  expect(await standing(ledger)).toEqual({ spent: 0, held: paid(20), assumed: 0 });
  await reply.result();
  expect(await standing(ledger)).toEqual({ spent: paid(5), held: 0, assumed: 0 });
});

test("another slice is held before the last is used up, and the answer is whole where there is room", async () => {
  const ledger = memoryLedger();
  const notices: Notice[] = [];
  let held = 0;
  const seen = vi.spyOn(ledger, "extend");
  const { model } = wire([...words(40), end(200)], async () => {
    await turn();
    held = Math.max(held, (await standing(ledger)).held);
  });
  const limited = model.with(budget(sliced({ ledger })));
  const result = await (await limited.stream({ ...open, notify: (notice) => notices.push(notice) })).result();
  expect(textOf(result)).toBe("12345".repeat(40));
  expect(result.finishReason).toBe("stop");
  expect(held).toBeGreaterThanOrEqual(paid(200));
  expect(held).toBeLessThanOrEqual(paid(220));
  expect(seen.mock.calls.length).toBeLessThanOrEqual(11);
  expect(notices.filter((notice) => notice.type === "budget" && notice.step === "extended")).toHaveLength(
    seen.mock.calls.length,
  );
  expect(await standing(ledger)).toEqual({ spent: paid(200), held: 0, assumed: 0 });
});

describe("when the next slice is refused", () => {
  const limit = { nanoDollars: paid(50) };

  test("the answer ends with what was said, the wire is closed, and what was used is booked", async () => {
    const ledger = memoryLedger();
    const notices: Notice[] = [];
    const { model, closed } = wire([...words(40), end(200)]);
    const limited = model.with(budget(sliced({ ledger, limit })));
    const result = await (await limited.stream({ ...open, notify: (notice) => notices.push(notice) })).result();
    expect(result.finishReason).toBe("budget");
    expect(textOf(result)).toMatch(/^(12345){8,10}$/);
    expect(closed()).toBe(1);
    const { spent, held } = await standing(ledger);
    expect(held).toBe(0);
    expect(spent).toBe(paid(textOf(result).length));
    expect(notices).toContainEqual(expect.objectContaining({ type: "budget", step: "cut" }));
    expect(result.attempts).toEqual([expect.objectContaining({ outcome: "cancelled" })]);
  });

  test("all is booked by the time that the answer is given", async () => {
    const ledger = memoryLedger();
    const slow: Ledger = {
      ...ledger,
      settle: (id, amount) => new Promise((resolve) => setTimeout(() => resolve(ledger.settle(id, amount)), 5)),
    };
    const { model } = wire([...words(40), end(200)]);
    const result = await (await model.with(budget(sliced({ ledger: slow, limit }))).stream(open)).result();
    expect(await standing(ledger)).toEqual({ spent: paid(textOf(result).length), held: 0, assumed: 0 });
  });

  test("an answer is left as it is whose end came with the last that was paid for", async () => {
    const { model } = wire([...words(7), [...words(5), end(60)]]);
    const result = await (await model.with(budget(sliced({ limit }))).stream(open)).result();
    expect(result).toMatchObject({ finishReason: "stop", usage: { output: 60 } });
  });

  test("money is asked for once at a time, however slow the ledger is", async () => {
    const ledger = memoryLedger();
    let [asking, most] = [0, 0];
    const slow: Ledger = {
      ...ledger,
      async extend(id, how) {
        most = Math.max(most, ++asking);
        await turn();
        await turn();
        await turn();
        asking--;
        return ledger.extend(id, how);
      },
    };
    await (
      await wire([...words(40), end(200)])
        .model.with(budget(sliced({ ledger: slow })))
        .stream(open)
    ).result();
    expect(most).toBe(1);
  });

  test("every part that is open is closed, and a tool call that is not whole is left out, and booked", async () => {
    const ledger = memoryLedger();
    const events: ModelEvent[] = [
      { type: "reasoning-delta", index: 0, text: "I think" },
      { type: "part", index: 0, part: { type: "reasoning", text: "I think" } },
      say("look: ", 1),
      { type: "tool-call-start", index: 2, id: "call", name: "find" },
      ...Array.from({ length: 40 }, (): ModelEvent => ({ type: "tool-call-delta", index: 2, text: "12345" })),
      end(250),
    ];
    const reply = await wire(events)
      .model.with(budget(sliced({ ledger, limit })))
      .stream(open);
    const seen: ModelEvent[] = [];
    for await (const event of reply) seen.push(event);
    expect(seen.filter(({ type }) => type === "part")).toEqual([
      { type: "part", index: 0, part: { type: "reasoning", text: "I think" } },
      { type: "part", index: 1, part: { type: "text", text: "look: " } },
    ]);
    expect(seen.at(-1)).toMatchObject({ type: "finish", finishReason: "budget" });
    const written = seen.flatMap((event) => (event.type === "tool-call-delta" ? [event.text] : [])).join("");
    expect((await standing(ledger)).spent).toBe(paid("I thinklook: callfind".length + written.length));
  });

  test("the answer ends though the provider is silent", async () => {
    const ledger = memoryLedger();
    const slow: Ledger = {
      ...ledger,
      extend: (id, how) => new Promise((resolve) => setTimeout(() => resolve(ledger.extend(id, how)), 5)),
    };
    let reads = 0;
    const stuck = defineModel({
      provider: "test",
      id: "stuck",
      call: async () => {
        const events: ModelEvent[] = [{ type: "start", model: "stuck" }, ...words(10)];
        return ModelReply.open({
          pull: () => (reads < events.length ? Promise.resolve([events[reads++]!]) : new Promise(() => {})),
        });
      },
    });
    const reply = await stuck.with(budget(sliced({ ledger: slow, limit: { nanoDollars: paid(20) } }))).stream(open);
    expect(await reply.result()).toMatchObject({ finishReason: "budget", content: [{ text: "12345".repeat(10) }] });
  });

  test("streams that race pass the limit by no more than a slice each", async () => {
    const ledger = memoryLedger();
    let billed = 0;
    const model = defineModel({
      provider: "test",
      id: "busy",
      async call({ signal }) {
        let said = 0;
        billed += paid(0);
        return ModelReply.open({
          async pull() {
            await Promise.resolve();
            if (signal!.aborted || said >= 500) return undefined;
            said += 5;
            billed += 11 * 5;
            return said === 5 ? [{ type: "start", model: "busy" }, say("12345")] : [say("12345")];
          },
        });
      },
    });
    const limit = paid(20) * 10;
    const limited = model.with(budget(sliced({ ledger, limit: { nanoDollars: limit } })));
    const results = await Promise.all(
      Array.from({ length: 10 }, async () => (await limited.stream(open)).result().catch((error: unknown) => error)),
    );
    expect(results.length).toBe(10);
    const { spent, held } = await standing(ledger);
    expect(held).toBe(0);
    expect(billed).toBeLessThanOrEqual(spent);
    expect(spent).toBeLessThanOrEqual(limit + 10 * 11 * 20);
  });
});

test("tokens are counted before money is asked for, where there is a counter; a token is then several bytes", async () => {
  const ledger = memoryLedger();
  const asked = vi.spyOn(ledger, "extend");
  const words5: TokenCounter = async (prompt, model) => {
    const { tokens } = await bytes(prompt, model);
    return { tokens: prompt.messages[0]?.role === "assistant" ? Math.ceil(tokens / 5) : tokens, bound: "exact" };
  };
  const { model } = wire([...words(40), end(40)]);
  const limited = model.with(budget(sliced({ ledger, count: words5, limit: { nanoDollars: paid(60) } })));
  const result = await (await limited.stream(open)).result();
  expect(result.finishReason).toBe("stop");
  expect((await standing(ledger)).spent).toBe(paid(40));
  expect(asked.mock.calls.length).toBeLessThanOrEqual(2);
});

test("what the provider tells of its output counts, though nobody saw it", async () => {
  const ledger = memoryLedger();
  const told = (output: number): ModelEvent => ({ type: "usage", usage: { input, output } });
  const { model } = wire([say("a"), told(15), say("b"), told(45), say("c"), told(90), say("d"), say("e"), end(95)]);
  const limited = model.with(budget(sliced({ ledger, limit: { nanoDollars: paid(50) } })));
  const result = await (await limited.stream(open)).result();
  expect(result).toMatchObject({ finishReason: "budget", usage: { output: 45 } });
  expect((await standing(ledger)).spent).toBe(paid(45));
});

test("no more is held than the model's longest answer", async () => {
  const ledger = memoryLedger();
  let held = 0;
  const { model } = wire([...words(8), end(40)], async () => {
    await turn();
    held = Math.max(held, (await standing(ledger)).held);
  });
  const limited = model.with(budget(sliced({ ledger, limits: () => ({ output: 45 }) })));
  await (await limited.stream(open)).result();
  expect(held).toBe(paid(45));
});

test.each([
  ["is not streamed", {}, false],
  ["thinks", { reasoning: "high" }, true],
] as const)("an answer that %s is bounded instead, since what is billed cannot be seen", async (_, more, stream) => {
  const { model, requests } = testModel(() => "hi");
  const limited = model.with(budget(sliced({ maxOutputTokens: 50 })));
  const request: ModelRequest = { ...open, ...more };
  await (stream ? (await limited.stream(request)).result() : limited.generate(request));
  expect(requests[0]!.maxOutputTokens).toBe(50);
});

test("one that the caller bounds is reserved whole", async () => {
  const ledger = memoryLedger();
  const reply = await wire([...words(1), end(5)])
    .model.with(budget(sliced({ ledger })))
    .stream({ ...open, maxOutputTokens: 100 });
  expect((await standing(ledger)).held).toBe(paid(100));
  await reply.return();
});

describe("while the ledger is down", () => {
  test("no further slice is to be had, so the answer ends where the last is used up", async () => {
    const ledger = failing(memoryLedger(), "extend");
    const notices: Notice[] = [];
    const limited = wire([...words(40), end(200)]).model.with(budget(sliced({ ledger })));
    const result = await (await limited.stream({ ...open, notify: (notice) => notices.push(notice) })).result();
    expect(result.finishReason).toBe("budget");
    expect(textOf(result)).toHaveLength(20);
    expect(notices).toContainEqual(expect.objectContaining({ type: "fault" }));
  });

  test("the answer goes on where that is allowed", async () => {
    const ledger = failing(memoryLedger(), "extend");
    const notices: Notice[] = [];
    const limited = wire([...words(40), end(200)]).model.with(budget(sliced({ ledger, storeDown: "allow" })));
    const result = await (await limited.stream({ ...open, notify: (notice) => notices.push(notice) })).result();
    expect(result.finishReason).toBe("stop");
    expect(notices).toContainEqual(expect.objectContaining({ type: "budget", step: "unchecked" }));
    expect((await standing(ledger)).spent).toBe(paid(200));
  });
});

test("leaving after a tool call books it once", async () => {
  const ledger = memoryLedger();
  const part: ModelEvent = { type: "part", index: 0, part: { type: "tool-call", id: "call", name: "find", input: {} } };
  const { model } = wire([
    { type: "tool-call-start", index: 0, id: "call", name: "find" },
    { type: "tool-call-delta", index: 0, text: "{}" },
    part,
    say("more", 1),
    end(50),
  ]);
  const reply = await model.with(budget(sliced({ ledger }))).stream(open);
  for await (const event of reply) if (event.type === "text-delta") break;
  // The counter of this test counts texts alone.
  expect((await standing(ledger)).spent).toBe(paid("more".length));
});

test("leaving in the middle of a tool call books what was written of it", async () => {
  const ledger = memoryLedger();
  const { model } = wire([
    { type: "tool-call-start", index: 0, id: "call", name: "find" },
    { type: "tool-call-delta", index: 0, text: "12345" },
    { type: "tool-call-delta", index: 0, text: "never read" },
    end(50),
  ]);
  const reply = await model.with(budget(sliced({ ledger }))).stream(open);
  for await (const event of reply) if (event.type === "tool-call-delta") break;
  expect((await standing(ledger)).spent).toBe(paid("callfind12345".length));
});
