import { afterEach, describe, expect, test, vi } from "vitest";
import { ModelError } from "@plugboard/core";
import type { CacheStore, ModelEvent, ModelRequest, ModelResult, Notice } from "@plugboard/core";
import { memoryCache } from "../memory-cache/memory-cache.ts";
import { memoryLeases } from "../memory-leases/memory-leases.ts";
import { pieces, testModel } from "../test-model.ts";
import { cache } from "./cache.ts";

afterEach(() => void vi.useRealTimers());

const ask = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [{ role: "user", content: "hello" }],
  ...more,
});

/** What must be the same of a hit. */
const essence = ({ content, finishReason, usage, model, id }: ModelResult): object => ({
  content,
  finishReason,
  usage,
  model,
  id,
});

test("answers the same question from memory, at no cost", async () => {
  const { model, requests } = testModel((_, call) => ({
    id: `answer ${call}`,
    content: [{ type: "text", text: "hi" }],
  }));
  const caching = model.with(cache());
  const [first, second] = [await caching.generate(ask()), await caching.generate(ask())];
  expect(requests).toHaveLength(1);
  expect(essence(second)).toEqual(essence(first));
  expect(first.cached).toBeUndefined();
  expect(second).toMatchObject({ cached: true, cost: { total: 0 }, attempts: [] });
});

test("gives a streamed answer whole and a whole answer streamed", async () => {
  const { model, requests } = testModel(() => pieces(["one ", "two"]));
  const caching = model.with(cache());
  const first = await (await caching.stream(ask())).result();
  const whole = await caching.generate(ask());
  const events: ModelEvent[] = [];
  for await (const event of await caching.stream(ask())) events.push(event);
  expect(requests).toHaveLength(1);
  expect(essence(whole)).toEqual(essence(first));
  expect(events.map(({ type }) => type)).toEqual(["start", "text-delta", "part", "finish"]);
  expect(events.at(-1)).toMatchObject({ cached: true, usage: first.usage });
});

test("keeps files, bytes and all", async () => {
  const file = { type: "file", mediaType: "image/png", data: new Uint8Array([0, 255, 7]) } as const;
  const { model } = testModel(() => ({ content: [file] }));
  const caching = model.with(cache());
  await caching.generate(ask());
  expect((await caching.generate(ask())).content).toEqual([file]);
});

test("forgets after the time to live", async () => {
  let now = 0;
  const { model, requests } = testModel(() => "hi");
  const caching = model.with(cache({ ttl: 1000, store: memoryCache({ clock: () => now }) }));
  await caching.generate(ask());
  now = 999;
  await caching.generate(ask());
  expect(requests).toHaveLength(1);
  now = 1000;
  await caching.generate(ask());
  expect(requests).toHaveLength(2);
});

test("keeps models apart that share a store, and tenants by scope", async () => {
  const store = memoryCache();
  const [one, other] = [testModel(() => "one"), testModel(() => "other", { fingerprint: "elsewhere" })];
  const layer = cache({ store, scope: ["tenant"] });
  const texts: string[] = [];
  for (const model of [one.model, other.model]) {
    for (const tenant of ["a", "b", "a"])
      texts.push(await (await model.with(layer).stream(ask({ tags: { tenant } }))).text());
  }
  expect(texts).toEqual(["one", "one", "one", "other", "other", "other"]);
  expect([one.requests.length, other.requests.length]).toEqual([2, 2]);
  await one.model.with(layer).generate(ask());
  await one.model.with(layer).generate(ask());
  expect(one.requests).toHaveLength(4);
});

describe("an answer is kept", () => {
  const call = { type: "tool-call", id: "1", name: "look", input: {} } as const;
  test.each([
    [true, "stop", {}],
    [false, "length", {}],
    [false, "content-filter", {}],
    [false, "refusal", {}],
    [false, "budget", {}],
    [false, "other", {}],
    [false, "tool-calls", { content: [call] }],
    [false, "stop", { content: [call] }],
  ] as const)("%s: of one that ends with %s, %o", async (kept, finishReason, more) => {
    const { model, requests } = testModel(() => ({ finishReason, content: [{ type: "text", text: "hi" }], ...more }));
    const caching = model.with(cache());
    await caching.generate(ask());
    await caching.generate(ask());
    expect(requests).toHaveLength(kept ? 1 : 2);
  });

  test("with calls of tools when that is asked for", async () => {
    const { model, requests } = testModel(() => ({ finishReason: "tool-calls", content: [call] }));
    const caching = model.with(cache({ toolCalls: true }));
    await caching.generate(ask());
    expect((await caching.generate(ask())).content).toEqual([call]);
    expect(requests).toHaveLength(1);
  });

  test.each(["length", "content-filter", "refusal", "budget", "other"] as const)(
    "never of one that ends with %s, though calls of tools are kept",
    async (finishReason) => {
      const { model, requests } = testModel(() => ({ finishReason, content: [call] }));
      const caching = model.with(cache({ toolCalls: true }));
      await caching.generate(ask());
      await caching.generate(ask());
      expect(requests).toHaveLength(2);
    },
  );

  test("never of one that fails, is cut or is left", async () => {
    const { model, requests } = testModel((_, call) => {
      if (call === 1) throw new ModelError("Down.", { code: "server" });
      if (call === 2)
        return pieces(["one", "two"], () => Promise.reject(new ModelError("Cut.", { code: "truncated" })));
      return pieces(["one", "two"]);
    });
    const caching = model.with(cache());
    await expect(caching.generate(ask())).rejects.toThrow("Down.");
    await expect((await caching.stream(ask())).text()).rejects.toThrow("Cut.");
    const left = await caching.stream(ask());
    await left.next();
    await left.return();
    expect((await caching.generate(ask())).cached).toBeUndefined();
    expect(requests).toHaveLength(4);
  });
});

describe("a store", () => {
  const faults = async (store: CacheStore): Promise<[text: string, faults: number, requests: number]> => {
    const { model, requests } = testModel(() => "hi");
    let told = 0;
    const notify = (notice: Notice): void => void (notice.type === "fault" && told++);
    const result = await model.with(cache({ store })).generate(ask({ notify }));
    return [(result.content[0] as { text: string }).text, told, requests.length];
  };

  test("that fails is passed over, and told of", async () => {
    const down = (): Promise<never> => Promise.reject(new Error("Down."));
    expect(await faults({ get: down, set: down, delete: down })).toEqual(["hi", 2, 1]);
  });

  test("that throws before it promises, too", async () => {
    const down = (): never => {
      throw new Error("Down.");
    };
    expect(await faults({ get: down, set: down, delete: down })).toEqual(["hi", 2, 1]);
  });

  test("that hangs is waited for a twentieth of a second", async () => {
    vi.useFakeTimers({ now: 0 });
    const hang = (): Promise<never> => new Promise(() => {});
    const faults: number[] = [];
    const { model } = testModel(() => "hi");
    const notify = (notice: Notice): void => void (notice.type === "fault" && faults.push(Date.now()));
    const answered = model
      .with(cache({ store: { get: hang, set: hang, delete: hang } }))
      .generate(ask({ notify }))
      .then(() => Date.now());
    await vi.runAllTimersAsync();
    expect(await answered).toBe(100); // so long to look, and so long to keep the answer
    expect(faults).toEqual([50, 100]);
  });

  test("with an entry that cannot be read has none", async () => {
    expect(await faults({ get: async () => "{ not json", set: async () => {}, delete: async () => {} })).toEqual([
      "hi",
      0,
      1,
    ]);
  });
});

describe("a store that is down", () => {
  const slow = 60;
  /** A store that can be taken down, and how often it was asked. */
  function failing(): { readonly store: CacheStore; isDown: boolean; asked: number } {
    const memory = memoryCache();
    const world = { store: memory, isDown: true, asked: 0 };
    async function ask<Value>(work: () => Promise<Value>): Promise<Value> {
      world.asked++;
      if (world.isDown) await new Promise((resolve) => setTimeout(resolve, slow));
      return work();
    }
    world.store = {
      get: (key) => ask(() => memory.get(key)),
      set: (key, value, ttl) => ask(() => memory.set(key, value, ttl)),
      delete: (key) => ask(() => memory.delete(key)),
    };
    return world;
  }

  test("costs calls nothing after the first ones, is said to be skipped, and is used again once it is back", async () => {
    vi.useFakeTimers({ now: 0 });
    const world = failing();
    const { model, requests } = testModel(() => "hi");
    const caching = model.with(cache({ store: world.store }));
    const told: string[] = [];
    const notify = ({ type, ...notice }: Notice): void => void told.push("step" in notice ? notice.step : type);
    async function timed(): Promise<number> {
      told.length = 0;
      const began = Date.now();
      const answered = caching.generate(ask({ notify })).then(() => Date.now() - began);
      await vi.advanceTimersByTimeAsync(200);
      return answered;
    }

    expect(await timed()).toBe(100); // it could neither look nor keep the answer
    expect(told.filter((type) => type === "fault")).toHaveLength(2);
    expect(await timed()).toBe(50);
    expect(await timed()).toBe(0);
    expect(told).toContain("skipped");
    expect(told).not.toContain("fault");
    expect(world.asked).toBe(3);

    world.isDown = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(await timed()).toBe(0);
    expect(told).toContain("hit"); // the first answer was kept in the end, too late for anyone to wait for it
    expect(requests).toHaveLength(3);
  });

  test("makes one call of identical ones all the same", async () => {
    const down = (): Promise<never> => Promise.reject(new Error("Down."));
    const { model, requests } = testModel(() => "hi");
    const caching = model.with(cache({ store: { get: down, set: down, delete: down } }));
    for (let time = 0; time < 3; time++) await caching.generate(ask());
    await Promise.all(Array.from({ length: 20 }, () => caching.generate(ask())));
    expect(requests).toHaveLength(4);
  });
});

test("streams a hit at the pace that is asked for", async () => {
  vi.useFakeTimers({ now: 0 });
  const text = "word ".repeat(100);
  const { model } = testModel(() => ({ content: [{ type: "text", text }], usage: { output: 100 } }));
  const caching = model.with(cache({ pace: 50 }));
  await caching.generate(ask());
  const streamed = caching.stream(ask()).then(async (reply) => [await reply.text(), Date.now()]);
  await vi.runAllTimersAsync();
  expect(await streamed).toEqual([text, expect.closeTo(2000, -2)]);
  const before = Date.now();
  await caching.generate(ask());
  expect(Date.now()).toBe(before);
});

test("tells what became of each call", async () => {
  const steps: string[] = [];
  const notify = (notice: Notice): void => void (notice.type === "cache" && steps.push(notice.step));
  const { model } = testModel(() => "hi");
  const caching = model.with(cache());
  await Promise.all([caching.generate(ask({ notify })), caching.generate(ask({ notify }))]);
  await caching.generate(ask({ notify }));
  expect(steps).toEqual(["shared", "miss", "stored", "hit"]);
});

test("makes one call of many at once, and one for each with singleFlight off", async () => {
  const { model, requests } = testModel(() => "hi");
  const caching = model.with(cache());
  const results = await Promise.all(Array.from({ length: 20 }, () => caching.generate(ask())));
  expect(requests).toHaveLength(1);
  expect(results.filter(({ attempts }) => attempts!.length > 0)).toHaveLength(1);
  const alone = model.with(cache({ singleFlight: false }));
  await Promise.all([alone.generate(ask()), alone.generate(ask())]);
  expect(requests).toHaveLength(3);
});

test.each([
  [{ ttl: Number.NaN }, "ttl"],
  [{ ttl: 0 }, "ttl"],
  [{ patience: -1 }, "patience"],
  [{ pace: 0 }, "pace"],
  [{ leases: memoryLeases() }, "leases"],
  [{ store: memoryCache(), leases: memoryLeases(), lease: 0 }, "lease"],
  [{ store: memoryCache(), leases: memoryLeases(), wait: -1 }, "wait"],
])("refuses %o by name", (options, name) => {
  expect(() => cache(options)).toThrow(
    expect.objectContaining({ code: "invalid-request", message: expect.stringContaining(`\`${name}\``) }),
  );
});

test.each([true, false])(
  "the end of an answer (streamed: %s) waits until it is kept: then its process may end",
  async (stream) => {
    const kept = Promise.withResolvers<void>();
    const store: CacheStore = { ...memoryCache(), set: () => kept.promise };
    const { model } = testModel(() => pieces(["one ", "two"]));
    const caching = model.with(cache({ store, patience: 60_000 }));
    let isOver = false;
    const over = (stream ? caching.stream(ask()).then((reply) => reply.result()) : caching.generate(ask())).then(
      () => (isOver = true),
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(isOver).toBe(false);
    kept.resolve();
    await over;
  },
);
