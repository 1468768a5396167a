import { ModelError, defineModel } from "@plugboard/core";
import type { Model } from "@plugboard/core";
import { budget } from "@plugboard/middleware";
import { scriptedAs } from "@plugboard/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { shadow } from "./shadow.ts";
import type { ShadowModelOptions } from "./shadow.ts";
import type { ShadowPair } from "./shadow-runner.ts";

const old = () => scriptedAs({ provider: "p", id: "old" }, "old");
const all: ShadowModelOptions = { share: 1 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Waits on the clock that does not wait by itself. */
async function drained({ shadow }: { readonly shadow: { drained(): Promise<void> } }): Promise<void> {
  const done = shadow.drained();
  await vi.advanceTimersByTimeAsync(120_000);
  await done;
}

test("the caller has the baseline's answer before the candidate is asked; both are recorded as a pair", async () => {
  const pairs: ShadowPair[] = [];
  const young = scriptedAs({ provider: "p", id: "young" }, "young");
  const model = shadow(old(), young, { ...all, record: (pair) => void pairs.push(pair) });
  const reply = await model.stream({ messages: [{ role: "user", content: "Hi" }], tags: { user: "ada" } });
  expect(await reply.text()).toBe("old");
  expect(young.requests).toHaveLength(0);
  await drained(model);
  expect(pairs).toHaveLength(1);
  const { baseline, candidate } = pairs[0]!;
  expect(baseline).toMatchObject({ model: "p/old", output: "old", prompt: "Hi", cluster: "ada" });
  expect(candidate).toMatchObject({ model: "p/young", output: "young", item: baseline.item, cluster: "ada" });
  expect(candidate.firstContent).toBeTypeOf("number");
});

test.each<[string, Model]>([
  ["fails", scriptedAs({ id: "bad" }, { error: "server" })],
  [
    "throws at once",
    defineModel({
      provider: "p",
      id: "bad",
      call: () => {
        throw new TypeError("oops");
      },
    }),
  ],
  ["hangs, and heeds no signal", defineModel({ provider: "p", id: "bad", call: () => new Promise(() => {}) })],
])("a candidate that %s is nothing to the caller", async (_, candidate) => {
  const model = shadow(old(), candidate, { ...all, deadline: 1000 });
  const { attempts } = await model.generate("Hi");
  expect(attempts!.map(({ model: id }) => id)).toEqual(["old"]);
  await drained(model);
  expect(model.shadow.state).toMatchObject({ offered: 1, inFlight: 0 });
});

test("the candidate's deadline is its own, and it hears nothing of the caller's signal, limits and listeners", async () => {
  const young = scriptedAs({ id: "young" }, "young");
  const model = shadow(old(), young, { ...all, deadline: 5000 });
  const admit = vi.fn<() => Promise<void>>(async () => {});
  const controller = new AbortController();
  const notices: string[] = [];
  const began = Date.now();
  await model.generate({
    messages: [{ role: "user", content: "Hi" }],
    signal: controller.signal,
    deadline: began + 100,
    admit,
    notify: ({ type }) => void notices.push(type),
  });
  const told = notices.length;
  const admitted = admit.mock.calls.length;
  controller.abort();
  await drained(model);
  expect(young.requests[0]!.deadline).toBe(began + 5000);
  expect(model.shadow.state.pairs).toBe(1);
  expect(notices).toHaveLength(told);
  expect(admit).toHaveBeenCalledTimes(admitted);
});

test("what is too much at once is skipped, and counted", async () => {
  const slow = scriptedAs({ id: "slow" }, [{ wait: 1000 }, "done"]);
  const model = shadow(old(), slow, { ...all, concurrency: 2 });
  for (let call = 0; call < 5; call++) await model.generate("Hi");
  await vi.advanceTimersByTimeAsync(10);
  expect(slow.open).toBe(2);
  await drained(model);
  expect(model.shadow.state).toMatchObject({ offered: 5, pairs: 2, skipped: { busy: 3, budget: 0 } });
});

test("a candidate whose own budget is spent is skipped, and not blamed", async () => {
  const bounded = scriptedAs({ provider: "p", id: "young" }, "young").with(
    budget({ limit: { usd: 0.001 }, price: () => ({ cost: { total: 1_000_000_000 } }) }),
  );
  const model = shadow(old(), bounded, { ...all, gates: { errors: { measure: "errors", margin: 0.1 } } });
  await model.generate("Hi");
  await drained(model);
  expect(model.shadow.state).toMatchObject({ pairs: 0, skipped: { busy: 0, budget: 1 } });
});

test("only the share that is asked for is shadowed, the same users each time", async () => {
  const young = scriptedAs({ id: "young" }, "young");
  const model = shadow(old(), young, { share: 0.3, concurrency: 1000 });
  const ask = async () => {
    const before = young.requests.length;
    for (let user = 0; user < 200; user++)
      await model.generate({ messages: [{ role: "user", content: "Hi" }], tags: { user: `user ${user}` } });
    await drained(model);
    return young.requests.slice(before).map(({ tags }) => tags!["user"]);
  };
  const first = await ask();
  expect(first.length).toBeGreaterThan(30);
  expect(first.length).toBeLessThan(90);
  expect(await ask()).toEqual(first);
});

test("pairs are judged by the gates, and a scorer or a record that fails is told", async () => {
  const faults: unknown[] = [];
  const model = shadow(old(), scriptedAs({ id: "bad" }, { error: "server" }), {
    ...all,
    concurrency: 1000,
    gates: { errors: { measure: "errors", margin: 0.02 }, cost: { measure: "cost", margin: "10%" } },
    record: () => Promise.reject(new ModelError("full", { code: "unknown" })),
    onFault: (error) => faults.push(error),
  });
  for (let call = 0; call < 60; call++) await model.generate("Hi");
  await drained(model);
  const [errors, spent] = model.shadow.state.gates;
  expect(errors).toMatchObject({ name: "errors", verdict: "fail", calls: { baseline: 60, candidate: 60 } });
  expect(errors!.difference!.estimate).toBe(1);
  expect(spent).toMatchObject({ verdict: "undecided", calls: { baseline: 0 } });
  expect(faults).toHaveLength(60);
});

test("calls that failed or were let go are not shadowed", async () => {
  const young = scriptedAs({ id: "young" }, "young");
  const failing = shadow(scriptedAs({ id: "old" }, { error: "server" }), young, all);
  await expect(failing.generate("Hi")).rejects.toMatchObject({ code: "server" });
  const left = shadow(scriptedAs({ id: "old" }, ["a", { hang: true }]), young, all);
  const reply = await left.stream("Hi");
  await reply.return();
  await drained(left);
  expect(young.requests).toHaveLength(0);
});

test.each([
  [{ share: 2 }, /`share`/],
  [{ share: 1, deadline: 0 }, /`deadline`/],
  [{ share: 1, concurrency: 0 }, /`concurrency`/],
])("refuses %j", (options, message) => {
  expect(() => shadow(old(), old(), options)).toThrow(message);
});
