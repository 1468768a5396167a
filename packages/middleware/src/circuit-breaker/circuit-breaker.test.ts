import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ModelError } from "@plugboard/core";
import type { Model, ModelErrorOptions, ModelRequest, Notice, Notices } from "@plugboard/core";
import { deferred, pieces, testModel } from "../test-model.ts";
import type { Script } from "../test-model.ts";
import { timeout } from "../timeout/timeout.ts";
import { circuitBreaker } from "./circuit-breaker.ts";
import type { CircuitBreakerOptions } from "./circuit-breaker.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }));
afterEach(() => void vi.useRealTimers());

const ask = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [{ role: "user", content: "hello" }],
  ...more,
});
const failure = (options: ModelErrorOptions): ModelError => new ModelError(`It failed with ${options.code}.`, options);
const down = failure({ code: "server", status: 500 });

/** A model that does what `now.says` says at the time, and how often it was asked. */
function changing(says: Script | ModelError): {
  model: Model;
  now: { says: Script | ModelError | (() => Promise<Script>) };
  requests: ModelRequest[];
} {
  const now: { says: Script | ModelError | (() => Promise<Script>) } = { says };
  const { model, requests } = testModel(() => {
    if (now.says instanceof ModelError) throw now.says;
    return typeof now.says === "function" ? now.says() : now.says;
  });
  return { model, now, requests };
}

/** What a call comes to: its text, or the code of its failure. */
async function outcome(model: Model, request: ModelRequest = ask()): Promise<string> {
  try {
    return await (await model.stream(request)).text();
  } catch (error) {
    return (error as ModelError).code;
  }
}

async function outcomes(model: Model, calls: number, request?: ModelRequest): Promise<string[]> {
  const all: string[] = [];
  for (let call = 0; call < calls; call++) all.push(await outcome(model, request));
  return all;
}

const fixed = { random: () => 0 };

describe("opens", () => {
  test("when half of ten calls failed, and not before", async () => {
    const { model, now, requests } = changing("fine");
    const broken = model.with(circuitBreaker(fixed));
    await outcomes(broken, 5);
    now.says = down;
    expect(await outcomes(broken, 5)).toEqual(Array(5).fill("server"));
    expect(await outcome(broken)).toBe("circuit-open");
    expect(requests).toHaveLength(10);
  });

  test("not for nine calls, however they fail", async () => {
    const { model, requests } = changing(down);
    await outcomes(model.with(circuitBreaker(fixed)), 9);
    expect(requests).toHaveLength(9);
  });

  test("not when less than half of them failed", async () => {
    const { model, now } = changing("fine");
    const broken = model.with(circuitBreaker(fixed));
    for (let round = 0; round < 50; round++) {
      now.says = "fine";
      await outcomes(broken, 11);
      now.says = down;
      expect(await outcomes(broken, 10)).toEqual(Array(10).fill("server"));
    }
  });

  test("not for failures that are more than half a minute old", async () => {
    const { model, now } = changing(down);
    const broken = model.with(circuitBreaker(fixed));
    await outcomes(broken, 9);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await outcomes(broken, 9)).toEqual(Array(9).fill("server"));
    now.says = "fine";
    expect(await outcome(broken)).toBe("fine");
  });

  test("for answers that fail half way", async () => {
    const { model, requests } = testModel(() =>
      pieces(["one", "two"], async () => {
        throw failure({ code: "truncated" });
      }),
    );
    const broken = model.with(circuitBreaker(fixed));
    expect(await outcomes(broken, 10)).toEqual(Array(10).fill("truncated"));
    expect(await outcome(broken)).toBe("circuit-open");
    expect(requests).toHaveLength(10);
  });

  test("for answers that fall silent, as a timeout in front of it says", async () => {
    const { model } = testModel(() => pieces(["one", "two"], () => new Promise(() => {})));
    const broken = model.with(timeout({ idle: 1000 }), circuitBreaker(fixed));
    const all = outcomes(broken, 11);
    await vi.runAllTimersAsync();
    expect(await all).toEqual([...Array<string>(10).fill("timeout"), "circuit-open"]);
  });

  test("for each fingerprint by itself, whichever model it is", async () => {
    const breaker = circuitBreaker(fixed);
    const [a, b] = [changing(down), testModel(() => "fine", { id: "other" })];
    const again = changing("fine");
    await outcomes(a.model.with(breaker), 10);
    expect(await outcome(a.model.with(breaker))).toBe("circuit-open");
    expect(await outcome(b.model.with(breaker))).toBe("fine");
    expect(await outcome(again.model.with(breaker))).toBe("circuit-open");
    expect(await outcome(again.model.with(circuitBreaker(fixed)))).toBe("fine");
  });

  test("for models that give no reply", async () => {
    const call = vi.fn<() => Promise<number[]>>().mockRejectedValue(down);
    const embed = circuitBreaker(fixed)({ provider: "test", id: "embed", fingerprint: "test:embed", models: [], call });
    for (let times = 0; times < 10; times++) await expect(embed({})).rejects.toBe(down);
    await expect(embed({})).rejects.toMatchObject({ code: "circuit-open", provider: "test", model: "embed" });
    call.mockResolvedValue([1]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await embed({})).toEqual([1]);
    expect(await embed({})).toEqual([1]);
  });
});

describe("does not count", () => {
  test.each<[string, ModelErrorOptions]>([
    ["a bad request", { code: "invalid-request", status: 400 }],
    ["a refused key", { code: "auth", status: 401 }],
    ["a model that is not there", { code: "not-found", status: 404 }],
    ["a conflict, which passes", { code: "server", status: 409 }],
    ["a request that was too slow", { code: "timeout", status: 408 }],
    ["a rate limit", { code: "rate-limit", status: 429 }],
    ["a limit of our own", { code: "rate-limit", retryAfter: 60_000 }],
    ["an account that is spent", { code: "quota", status: 429 }],
    ["an account that is spent, said in an answer", { code: "quota" }],
    ["a key that is refused in an answer", { code: "auth" }],
    ["a budget", { code: "budget" }],
    ["an inner circuit", { code: "circuit-open", retryAfter: 1000 }],
    ["a filter", { code: "content-filter" }],
    ["an answer that cannot be read", { code: "parse" }],
  ])("%s", async (_, options) => {
    const { model, requests } = changing(failure(options));
    expect(await outcomes(model.with(circuitBreaker(fixed)), 100)).toEqual(Array(100).fill(options.code));
    expect(requests).toHaveLength(100);
  });

  test("calls that are called off, before or after their first content", async () => {
    const { model, now, requests } = changing("");
    const broken = model.with(circuitBreaker(fixed));
    now.says = () => new Promise(() => {});
    for (let call = 0; call < 50; call++) {
      const stop = new AbortController();
      const answer = outcome(broken, ask({ signal: stop.signal }));
      stop.abort();
      expect(await answer).toBe("aborted");
    }
    for (let call = 0; call < 50; call++) {
      now.says = pieces(["one", "two"]);
      const reply = await broken.stream(ask());
      await reply.return();
    }
    now.says = "fine";
    expect(await outcome(broken)).toBe("fine");
    expect(requests).toHaveLength(101);
  });

  test("the caller's own haste: a deadline or a signal that gives too little time", async () => {
    const { model, now } = changing("");
    const broken = model.with(circuitBreaker(fixed));
    now.says = () => new Promise(() => {});
    for (let call = 0; call < 50; call++) {
      const answer = outcome(broken, ask({ deadline: Date.now() + 9000 }));
      await vi.advanceTimersByTimeAsync(9000);
      expect(await answer).toBe("timeout");
    }
    now.says = "fine";
    expect(await outcome(broken)).toBe("fine");
  });

  test("what is no ModelError", async () => {
    const call = vi.fn<() => Promise<never>>().mockRejectedValue(new TypeError("a bug"));
    const embed = circuitBreaker(fixed)({ provider: "test", id: "embed", fingerprint: "test:embed", models: [], call });
    for (let times = 0; times < 50; times++) await expect(embed({})).rejects.toBeInstanceOf(TypeError);
  });
});

test("counts a provider that is silent for all of the time that a caller has, where that is enough", async () => {
  const { model } = testModel(() => new Promise<Script>(() => {}));
  const broken = model.with(circuitBreaker({ ...fixed, calls: 3 }));
  for (let call = 0; call < 3; call++) {
    const answer = outcome(broken, ask({ deadline: Date.now() + 10_000 }));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await answer).toBe("timeout");
  }
  expect(await outcome(broken)).toBe("circuit-open");
});

describe("half open", () => {
  /** One that has just opened, and has nothing but its time to wait for. */
  async function opened(options: CircuitBreakerOptions = {}): Promise<ReturnType<typeof changing> & { broken: Model }> {
    const all = changing(down);
    const broken = all.model.with(circuitBreaker({ ...fixed, ...options }));
    await outcomes(broken, 10);
    all.requests.length = 0;
    return { ...all, broken };
  }

  test("lets one of fifty callers through; its success lets all through", async () => {
    const { broken, now, requests } = await opened();
    const gate = deferred<Script>();
    now.says = () => gate.promise;
    await vi.advanceTimersByTimeAsync(5000);
    const crowd = Array.from({ length: 50 }, () => outcome(broken));
    await vi.advanceTimersByTimeAsync(0);
    expect(requests).toHaveLength(1);
    now.says = "fine";
    gate.resolve("fine");
    expect((await Promise.all(crowd)).toSorted()).toEqual([...Array<string>(49).fill("circuit-open"), "fine"]);
    expect(await outcomes(broken, 20)).toEqual(Array(20).fill("fine"));
  });

  test("lets as many through as there are probes", async () => {
    const { broken, now, requests } = await opened({ probes: 3 });
    now.says = () => new Promise(() => {});
    await vi.advanceTimersByTimeAsync(5000);
    for (let caller = 0; caller < 50; caller++) void outcome(broken);
    await vi.advanceTimersByTimeAsync(0);
    expect(requests).toHaveLength(3);
  });

  test("opens for twice as long after each probe that fails, a minute at most", async () => {
    const { broken, requests } = await opened();
    for (const delay of [5000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
      await vi.advanceTimersByTimeAsync(delay - 1);
      expect(await outcome(broken)).toBe("circuit-open");
      await vi.advanceTimersByTimeAsync(1);
      requests.length = 0;
      expect(await outcomes(broken, 5)).toEqual(["server", ...Array<string>(4).fill("circuit-open")]);
      expect(requests).toHaveLength(1);
    }
  });

  test("begins with the short time again once it has been well for a while", async () => {
    const { broken, now } = await opened();
    await vi.advanceTimersByTimeAsync(5000);
    await outcome(broken);
    now.says = "fine";
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await outcome(broken)).toBe("fine");
    await vi.advanceTimersByTimeAsync(30_001);
    now.says = down;
    await outcomes(broken, 10);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await outcome(broken)).toBe("server");
  });

  test("goes on doubling when it was well for a moment only", async () => {
    const { broken, now } = await opened();
    now.says = "fine";
    await vi.advanceTimersByTimeAsync(5000);
    expect(await outcome(broken)).toBe("fine");
    now.says = down;
    await outcomes(broken, 10);
    await vi.advanceTimersByTimeAsync(9999);
    expect(await outcome(broken)).toBe("circuit-open");
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome(broken)).toBe("server");
  });

  test("a probe that is called off, or ends in a way that says nothing, frees its slot", async () => {
    const { broken, now, requests } = await opened();
    await vi.advanceTimersByTimeAsync(5000);
    now.says = () => new Promise(() => {});
    const stop = new AbortController();
    const probe = outcome(broken, ask({ signal: stop.signal }));
    expect(await outcome(broken)).toBe("circuit-open");
    stop.abort();
    expect(await probe).toBe("aborted");

    now.says = failure({ code: "auth", status: 401 });
    expect(await outcomes(broken, 3)).toEqual(["auth", "auth", "auth"]);
    now.says = pieces(["one", "two"]);
    const reply = await broken.stream(ask());
    expect(await outcome(broken)).toBe("circuit-open");
    reply.cancel();
    expect(requests).toHaveLength(5);
    now.says = "fine";
    expect(await outcomes(broken, 2)).toEqual(["fine", "fine"]);
  });

  test("a probe that fails half way is a failure", async () => {
    const { broken, now } = await opened();
    await vi.advanceTimersByTimeAsync(5000);
    now.says = pieces(["one", "two"], async () => {
      throw failure({ code: "network" });
    });
    expect(await outcome(broken)).toBe("network");
    expect(await outcome(broken)).toBe("circuit-open");
  });

  test("a long answer, or a slow reader, keeps the others waiting for no longer than the first opening", async () => {
    const { broken, now } = await opened();
    await vi.advanceTimersByTimeAsync(5000);
    now.says = pieces(["one", "two"]);
    const reply = await broken.stream(ask());
    now.says = "fine";
    await vi.advanceTimersByTimeAsync(4999);
    expect(await outcome(broken)).toBe("circuit-open");
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcomes(broken, 5)).toEqual(Array(5).fill("fine"));
    expect(await reply.text()).toBe("onetwo");
  });

  test("a probe that was taken for well and fails after all counts like any other call", async () => {
    const { broken, now } = await opened({ calls: 3 });
    const cut = deferred();
    await vi.advanceTimersByTimeAsync(5000);
    now.says = pieces(["one", "two"], () => cut.promise);
    const reply = await broken.stream(ask());
    await vi.advanceTimersByTimeAsync(5000);
    now.says = down;
    await outcomes(broken, 2);
    const end = reply.text();
    cut.reject(failure({ code: "network" }));
    await expect(end).rejects.toMatchObject({ code: "network" });
    expect(await outcome(broken)).toBe("circuit-open");
  });

  test("is not closed by a call from before it opened", async () => {
    const late = deferred<Script>();
    const { model, now } = changing("");
    const broken = model.with(circuitBreaker(fixed));
    now.says = () => late.promise;
    const old = outcome(broken);
    now.says = down;
    await outcomes(broken, 10);
    await vi.advanceTimersByTimeAsync(5000);
    now.says = () => new Promise(() => {});
    void outcome(broken);
    late.resolve("fine");
    expect(await old).toBe("fine");
    expect(await outcome(broken)).toBe("circuit-open");
  });

  test("takes no account of calls from before it opened", async () => {
    const late = deferred<Script>();
    const { model, now } = changing("");
    const broken = model.with(circuitBreaker(fixed));
    now.says = () => late.promise;
    const old = outcome(broken);
    now.says = down;
    await outcomes(broken, 10);
    late.resolve("fine");
    expect(await old).toBe("fine");
    expect(await outcome(broken)).toBe("circuit-open");
  });
});

describe("a 429 that says when to come back", () => {
  test("shuts the door until then, and the circuit stays closed", async () => {
    const { model, now, requests } = changing(failure({ code: "rate-limit", status: 429, retryAfter: 20_000 }));
    const broken = model.with(circuitBreaker(fixed));
    await outcome(broken);
    await vi.advanceTimersByTimeAsync(15_000);
    await expect(broken.generate(ask())).rejects.toMatchObject({
      code: "rate-limit",
      retryAfter: 5000,
      retryable: true,
    });
    expect(requests).toHaveLength(1);
    now.says = "fine";
    await vi.advanceTimersByTimeAsync(5000);
    expect(await outcomes(broken, 10)).toEqual(Array(10).fill("fine"));
  });

  test("is not believed beyond an hour", async () => {
    const { model, now } = changing(failure({ code: "rate-limit", status: 429, retryAfter: 1.7e12 }));
    const broken = model.with(circuitBreaker(fixed));
    await outcome(broken);
    now.says = "fine";
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(await outcome(broken)).toBe("fine");
  });

  test("is its own caller's when it is a limit of ours", async () => {
    const { model, now } = changing(failure({ code: "rate-limit", retryAfter: 20_000 }));
    const broken = model.with(circuitBreaker(fixed));
    await outcome(broken);
    now.says = "fine";
    expect(await outcome(broken)).toBe("fine");
  });

  test("frees the slot of a probe", async () => {
    const { model, now } = changing(down);
    const broken = model.with(circuitBreaker(fixed));
    await outcomes(broken, 10);
    now.says = failure({ code: "rate-limit", status: 429, retryAfter: 1000 });
    await vi.advanceTimersByTimeAsync(5000);
    expect(await outcomes(broken, 2)).toEqual(["rate-limit", "rate-limit"]);
    now.says = "fine";
    await vi.advanceTimersByTimeAsync(1000);
    expect(await outcome(broken)).toBe("fine");
  });
});

test("waits as long as an overloaded provider asks, if that is longer", async () => {
  const { model, now } = changing(failure({ code: "overloaded", status: 503, retryAfter: 25_000 }));
  const broken = model.with(circuitBreaker(fixed));
  await outcomes(broken, 10);
  await vi.advanceTimersByTimeAsync(24_999);
  await expect(broken.generate(ask())).rejects.toMatchObject({ code: "circuit-open", retryAfter: 1 });
  now.says = "fine";
  await vi.advanceTimersByTimeAsync(1);
  expect(await outcome(broken)).toBe("fine");
});

test("tells when it opens, refuses, probes and closes", async () => {
  const told: Notices["breaker"][] = [];
  const notify = (notice: Notice): void => void (notice.type === "breaker" && told.push(notice));
  const { model, now } = changing(down);
  const broken = model.with(circuitBreaker({ random: () => 1 }));
  await outcomes(broken, 11, ask({ notify }));
  now.says = "fine";
  await vi.advanceTimersByTimeAsync(6250);
  await outcome(broken, ask({ notify }));
  const of = { type: "breaker", model: "test:scripted" };
  expect(told).toEqual([
    { ...of, step: "opened", retryAfter: 6250 },
    { ...of, step: "refused", retryAfter: 6250 },
    { ...of, step: "probing" },
    { ...of, step: "closed" },
  ]);
});

test.each([
  [{ ratio: 0 }, "ratio"],
  [{ ratio: 1.1 }, "ratio"],
  [{ calls: 0.5 }, "calls"],
  [{ probes: 0 }, "probes"],
  [{ open: -1 }, "open"],
  [{ patience: Number.NaN }, "patience"],
])("refuses %o by name", (options, name) => {
  expect(() => circuitBreaker(options)).toThrow(
    expect.objectContaining({ code: "invalid-request", message: expect.stringContaining(`\`${name}\``) }),
  );
});
