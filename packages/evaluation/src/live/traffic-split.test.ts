import type { CacheStore, Measurement } from "@plugboard/core";
import { seededRandom } from "@plugboard/statistics";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { SplitChange, SplitState } from "./split-state.ts";
import { trafficSplit } from "./traffic-split.ts";
import type { TrafficSplit, TrafficSplitOptions } from "./traffic-split.ts";

const gates = { errors: { measure: "errors", margin: 0.02 } } as const;
const right: Measurement = { item: "0", model: "m", scores: {} };
const wrong: Measurement = { ...right, error: { code: "server", message: "No." } };

function split(options: Partial<TrafficSplitOptions> = {}): TrafficSplit {
  return trafficSplit({ name: "to-small", steps: [0.1, 0.5], gates, ...options });
}

/** Users come one after another, and the candidate fails as often as is said. */
function run(one: TrafficSplit, calls: number, rate: number, before = 0, seed = 1): void {
  const random = seededRandom(seed);
  for (let call = 0; call < calls && one.isRunning; call++) {
    const user = `user ${call % 5000}`;
    const arm = one.arm(user);
    one.told(arm, user, random() < (arm === "candidate" ? rate : before) ? wrong : right);
  }
}

describe("a user", () => {
  test("stays in one arm, and a step up moves users to the candidate and none back", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { minLength: 1, maxLength: 50 }),
        fc.string({ minLength: 1 }),
        (users, name) => {
          const one = split({ name, steps: [0.1, 0.3, 0.8] });
          let moved = new Set<string>();
          for (let step = 0; step < 4; step++) {
            const now = new Set(users.filter((user) => one.arm(user) === "candidate"));
            expect(users.filter((user) => one.arm(user) === "candidate")).toEqual(
              users.filter((user) => now.has(user)),
            );
            for (const user of moved) expect(now).toContain(user);
            moved = now;
            one.advance();
          }
          expect(moved.size).toBe(new Set(users).size);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("is with the candidate as often as the step says, and nobody is after a roll-back", () => {
    const one = split({ steps: [0.1] });
    const users = Array.from({ length: 10_000 }, (_, user) => `user ${user}`);
    expect(users.filter((user) => one.arm(user) === "candidate").length / 10_000).toBeCloseTo(0.1, 1);
    one.rollBack("Enough.");
    expect(users.some((user) => one.arm(user) === "candidate")).toBe(false);
  });

  test("that is not known is drawn call by call", () => {
    const draws = [0.05, 0.2];
    const one = split({ random: () => draws.shift()! });
    expect([one.arm(undefined), one.arm(undefined)]).toEqual(["candidate", "baseline"]);
  });
});

test("a candidate that holds all gates goes up step by step, until all traffic is its own", () => {
  const changes: SplitChange[] = [];
  const one = split({ onChange: (change) => changes.push(change) });
  run(one, 40_000, 0.001, 0.001);
  expect(changes.map(({ status, share }) => [status, share])).toEqual([
    ["running", 0.5],
    ["complete", 1],
  ]);
  expect(changes[0]!.gates[0]).toMatchObject({ name: "errors", verdict: "pass" });
  expect(changes[0]!.gates[0]!.difference!.upper).toBeLessThan(0.02);
  expect(one.arm("anybody")).toBe("candidate");
});

test("a candidate that fails is taken back, with the gate it missed, and stays so", () => {
  const one = split();
  run(one, 40_000, 0.2);
  expect(one.state).toMatchObject({ status: "rolled-back", share: 0, step: 0 });
  expect(one.state.history).toHaveLength(1);
  expect(one.state.history[0]!.why).toBe("Gate errors is shown to be missed.");
  expect(one.state.calls.candidate).toBeLessThan(200);
  one.advance();
  expect(one.state.status).toBe("rolled-back");
});

test("a candidate that is a little worse than the margin does not go up, whatever it takes", () => {
  const risen = Array.from({ length: 20 }, (_, seed) => {
    const one = split({ steps: [0.5] });
    run(one, 4000, 0.05, 0.02, seed + 1);
    return one.state.status === "complete";
  });
  expect(risen.filter(Boolean).length).toBeLessThanOrEqual(1 + 3); // 5 % of 20, and three standard errors
});

test("a step lasts its time, and has its calls", () => {
  vi.useFakeTimers();
  try {
    const one = split({ advance: "unharmed", leastCalls: 5, leastTime: 60_000 });
    run(one, 3000, 0);
    expect(one.state.step).toBe(0);
    vi.advanceTimersByTime(60_000);
    run(one, 100, 0);
    expect(one.state.step).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

test("by hand, it goes up by hand alone, and still back by itself", () => {
  const one = split({ advance: "by-hand" });
  run(one, 20_000, 0);
  expect(one.state.step).toBe(0);
  one.advance("Looked at it.");
  expect(one.state).toMatchObject({ step: 1, share: 0.5, calls: { baseline: 0, candidate: 0 } });
  run(one, 20_000, 0.3);
  expect(one.state.status).toBe("rolled-back");
});

test("goes on from its state as if nothing had been", () => {
  vi.useFakeTimers();
  const options: Partial<TrafficSplitOptions> = { steps: [0.3, 0.6] };
  const whole = split(options);
  run(whole, 503, 0.01, 0.01);
  const kept = JSON.parse(JSON.stringify(whole.state)) as SplitState;
  const resumed = split({ ...options, state: kept });
  expect(resumed.state).toEqual(whole.state);
  for (const one of [whole, resumed]) run(one, 300, 0.01, 0.01, 9);
  expect(resumed.state).toEqual(whole.state);
  vi.useRealTimers();
});

test("one user who makes nearly all calls, and all that fail, takes nobody's traffic back", () => {
  const one = split({ steps: [0.5] });
  const heavy = ["ada", "bob", "eve", "kim", "liz", "max"].find((user) => one.arm(user) === "candidate")!;
  for (let call = 0; call < 2000; call++) {
    const user = call % 20 === 0 ? `user ${call}` : heavy;
    one.told(one.arm(user), user, user === heavy ? wrong : right);
  }
  expect(one.state.calls.candidate).toBeGreaterThan(1900);
  expect(one.state.status).toBe("running");
});

describe("processes that share a store", () => {
  function store(): CacheStore & { readonly texts: Map<string, string> } {
    const texts = new Map<string, string>();
    return {
      texts,
      get: async (key) => texts.get(key),
      set: async (key, value) => void texts.set(key, value),
      delete: async (key) => void texts.delete(key),
    };
  }

  test("roll back and step up together", async () => {
    const shared = { store: store(), refresh: 0, processes: 2 };
    const [first, second] = [split({ shared }), split({ shared })];
    first.advance();
    second.arm("ada");
    await vi.waitFor(() => expect(second.state.step).toBe(1));
    second.rollBack("Complaints.");
    first.arm("ada");
    await vi.waitFor(() => expect(first.state.status).toBe("rolled-back"));
    expect(first.state.history.at(-1)!.why).toBe("Complaints.");
  });

  test("hear of a roll-back though another stepped up at the same time, and nobody goes on after it", async () => {
    const shared = { store: store(), refresh: 0 };
    const [first, second, third] = [split({ shared }), split({ shared }), split({ shared })];
    first.rollBack("Complaints.");
    second.advance();
    for (const one of [second, third]) {
      one.arm("ada");
      await vi.waitFor(() => expect(one.state.status).toBe("rolled-back"));
    }
    second.arm("ada");
    first.arm("ada");
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
    expect([first, second].map(({ state }) => state.share)).toEqual([0, 0]);
  });

  test("that rolled back do not go on by a step of which they hear later", async () => {
    const shared = { store: store(), refresh: 0 };
    const [first, second] = [split({ shared }), split({ shared, onFault: () => undefined })];
    second.advance();
    second.advance();
    shared.store.set = () => Promise.reject(new Error("gone"));
    first.rollBack("Complaints.");
    first.arm("ada");
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
    expect(first.state).toMatchObject({ status: "rolled-back", share: 0 });
  });

  test("whose store fails go on by themselves, and it is told", async () => {
    const faults: unknown[] = [];
    const broken = { ...store(), get: () => Promise.reject(new Error("gone")) };
    const one = split({ shared: { store: broken }, onFault: (error) => faults.push(error) });
    one.arm("ada");
    await vi.waitFor(() => expect(faults).toHaveLength(1));
  });

  test("do not take what is no news for some", async () => {
    const faults: unknown[] = [];
    const shared = { store: store(), refresh: 0 };
    shared.store.texts.set("plugboard:split:to-small:step", '{"status":"running","step":"many"}');
    const one = split({ shared, onFault: (error) => faults.push(error) });
    one.arm("ada");
    await vi.waitFor(() => expect(faults).toHaveLength(1));
    expect(one.state.step).toBe(0);
  });
});

test.each<[Partial<TrafficSplitOptions>, RegExp]>([
  [{ name: "" }, /`name`/],
  [{ steps: [] }, /`steps`/],
  [{ steps: [0.5, 0.1] }, /`steps\[1\]` must be above 0.5/],
  [{ steps: [1] }, /`steps\[0\]` must be above 0 and below 1; it is 1/],
  [{ gates: {} }, /at least one gate/],
  [{ gates: { slow: { measure: "latency", margin: 10 } } }, /Gate slow: .* give `statistic: "mean"`/],
  [{ confidence: 1 }, /`confidence`/],
  [{ leastCalls: -1 }, /`leastCalls`/],
  [{ state: { ...split().state, name: "another" } }, /is that of "another"/],
  [{ state: { ...split().state, step: 7 } }, /is at step 7; there are 2/],
])("refuses %j", (options, message) => {
  expect(() => split(options)).toThrow(
    expect.objectContaining({ code: "invalid-request", message: expect.stringMatching(message) }),
  );
});
