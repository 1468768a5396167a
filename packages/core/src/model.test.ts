import { describe, expect, test, vi } from "vitest";
import type { Attempt, AttemptPlan, Call, Middleware, Model, ModelRequest, Notice } from "./index.ts";
import { play, say } from "../test/play.ts";
import type { Step } from "../test/play.ts";
import { ModelError, ModelReply, defineModel, textOf } from "./index.ts";

const question = { messages: [{ role: "user", content: "?" }] } as const satisfies ModelRequest;

function modelOf(steps: readonly Step[], more: Partial<Parameters<typeof defineModel>[0]> = {}): Model {
  return defineModel({ provider: "played", id: "m", call: () => ModelReply.open(play(steps)), ...more });
}

/** Asks twice, as the simplest of retries. */
const twice: Middleware = (model) => async (request) => {
  try {
    return await model.call(request);
  } catch {
    return model.call(request);
  }
};

describe("a model", () => {
  test("asked with text is asked by a user", async () => {
    const call = vi.fn<Call>(() => ModelReply.open(play(say("hi"))));
    await modelOf([], { call }).generate("hello");
    expect(call.mock.calls[0]![0]).toMatchObject({ messages: [{ role: "user", content: "hello" }], stream: false });
  });

  test("keeps its name and fingerprint behind middleware, of which the first is outermost", async () => {
    const order: string[] = [];
    const layer =
      (name: string): Middleware =>
      (model) =>
      (request) => {
        order.push(name);
        return model.call(request);
      };
    const bare = modelOf(say("a"), { catalogId: "gpt-4o" });
    const model = bare.with(layer("outer"), layer("inner"));
    await model.generate("?");
    expect(order).toEqual(["outer", "inner"]);
    expect(model).toMatchObject({ provider: "played", id: "m", catalogId: "gpt-4o", fingerprint: bare.fingerprint });
    expect(bare.models).toEqual([]);
    expect(model.models[0]!.models).toEqual([bare]);
  });

  test("of others is told apart by the fingerprints of its members", () => {
    const combine = (...models: Model[]): Model =>
      defineModel({ provider: "plugboard", id: "any", models, call: models[0]!.call });
    const [first, second] = [modelOf([], { fingerprint: "one" }), modelOf([], { fingerprint: "two" })];
    expect(combine(first, second).fingerprint).not.toBe(combine(second, first).fingerprint);
  });

  test("puts every attempt on the answer, losers included, and the sum of their costs", async () => {
    const scripts: Step[][] = [[new ModelError("down", { code: "server" })], say("ok")];
    const model = modelOf([], { call: () => ModelReply.open(play(scripts.shift()!)) }).with(twice);
    const notify = (notice: Notice): void => {
      if (notice.type === "attempt" && notice.attempt.ended) Object.assign(notice.attempt, { cost: { total: 21 } });
    };
    const priced: Middleware = (inner) => (request) =>
      inner.call({ ...request, notify: (notice) => (notify(notice), request.notify?.(notice)) });
    const result = await model.with(priced).generate("?");
    expect(result.attempts).toMatchObject([
      { provider: "played", model: "m", outcome: "failed", error: "server" },
      { outcome: "finished", usage: { input: 3, output: 1 } },
    ]);
    expect(result.cost).toEqual({ total: 42 });
  });

  test("has no cost when one attempt has no price, unless that one provably cost nothing", async () => {
    const priceLast: Middleware = (inner) => (request) =>
      inner.call({
        ...request,
        notify: (notice) => {
          if (notice.type === "attempt" && notice.attempt.outcome === "finished")
            Object.assign(notice.attempt, { cost: { total: 5 } });
          request.notify?.(notice);
        },
      });
    const ask = (error: ModelError): Promise<unknown> => {
      const scripts: Step[][] = [[error], say("ok")];
      return modelOf([], { call: () => ModelReply.open(play(scripts.shift()!)) })
        .with(priceLast, twice)
        .generate("?");
    };
    expect(await ask(new ModelError("reset", { code: "network" }))).not.toHaveProperty("cost");
    expect(await ask(new ModelError("no route", { code: "network", phase: "connect" }))).toMatchObject({
      cost: { total: 5 },
    });
    expect(await ask(new ModelError("slow down", { code: "rate-limit", status: 429 }))).toMatchObject({
      cost: { total: 5 },
    });
  });

  test("puts the attempts on what it fails with", async () => {
    const error: unknown = await modelOf([new Error("odd")])
      .generate("?")
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({
      code: "unknown",
      message: "odd",
      attempts: [{ outcome: "failed", error: "unknown" }],
    });
  });

  test("rejects a whole answer that broke off, though a stream of it would have begun", async () => {
    const broken = [...say("half", "whole").slice(0, 2), new ModelError("reset", { code: "network" })];
    const model = modelOf(broken);
    await expect(model.generate("?")).rejects.toMatchObject({
      code: "network",
      partial: { content: [{ text: "half" }] },
    });
    const reply = await model.stream("?");
    expect(textOf(reply.arrived)).toBe("half");
    await expect(reply.result()).rejects.toMatchObject({ code: "network", attempts: [{ outcome: "failed" }] });
  });

  test("tells an attempt when it starts and completes the same object in place", async () => {
    const told: [Attempt, string][] = [];
    const notify = (notice: Notice): void => {
      if (notice.type === "attempt") told.push([notice.attempt, notice.attempt.outcome]);
    };
    const result = await modelOf(say("a")).generate({ ...question, notify });
    expect(told.map(([, outcome]) => outcome)).toEqual(["running", "finished"]);
    expect(told[0]![0]).toBe(told[1]![0]);
    expect(result.attempts![0]).toBe(told[0]![0]);
    const { started, firstEvent, ended } = told[0]![0];
    expect(firstEvent).toBeGreaterThanOrEqual(started);
    expect(ended).toBeGreaterThanOrEqual(firstEvent!);
  });

  test("is not changed by a listener that throws, which is told of it once", async () => {
    const notify = vi.fn<(notice: Notice) => void>(() => {
      throw new Error("mine");
    });
    const result = await modelOf(say("a")).generate({ ...question, notify });
    expect(textOf(result)).toBe("a");
    expect(notify.mock.calls.map(([{ type }]) => type)).toEqual(["attempt", "fault", "attempt", "fault"]);
  });

  test("tells the faults of those who listen for the end", async () => {
    const careless: Middleware = (model) => async (request) =>
      (await model.call(request)).onEnd(() => {
        throw new Error("careless");
      });
    const notices: Notice[] = [];
    await modelOf(say("a"))
      .with(careless)
      .generate({ ...question, notify: (notice) => void notices.push(notice) });
    expect(notices).toContainEqual({ type: "fault", error: new Error("careless") });
  });
});

describe("admission", () => {
  test("has none of the request's headers in the plan that is told: they may hold keys", async () => {
    const told: unknown[] = [];
    const model = modelOf(say("a"));
    const headers = { authorization: "Bearer secret" };
    const notify = (notice: Notice): void => void told.push(notice);
    const admit = (plan: AttemptPlan): Promise<void> => Promise.resolve(void told.push(plan));
    await model.generate({ ...question, headers, notify, admit });
    expect(told).toHaveLength(3);
    expect(JSON.stringify(told)).not.toContain("secret");
  });

  test("is asked before every attempt, and forbids it by rejecting", async () => {
    const call = vi.fn<Call>(() => ModelReply.open(play(say("a"))));
    const admit = vi.fn<NonNullable<ModelRequest["admit"]>>(async () => {
      throw new ModelError("spent", { code: "budget" });
    });
    const model = modelOf([], { call, catalogId: "known" });
    await expect(model.generate({ ...question, tags: { user: "ada" }, admit })).rejects.toMatchObject({
      code: "budget",
      attempts: [],
    });
    expect(call).not.toHaveBeenCalled();
    expect(admit).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        provider: "played",
        id: "m",
        catalogId: "known",
        request: expect.objectContaining({ tags: { user: "ada" } }),
      }),
    );
  });

  test("is followed by exactly one attempt with its plan, even when it is called off in the meantime", async () => {
    const controller = new AbortController();
    const plans: unknown[] = [];
    const notices: Notice[] = [];
    const asked = modelOf(say("a")).generate({
      ...question,
      signal: controller.signal,
      admit: async (plan) => {
        plans.push(plan);
        controller.abort();
      },
      notify: (notice) => void notices.push(notice),
    });
    await expect(asked).rejects.toMatchObject({ code: "aborted" });
    expect(notices).toMatchObject([
      { type: "attempt", plan: plans[0] },
      { type: "attempt", plan: plans[0], attempt: { outcome: "cancelled", unbilled: true } },
    ]);
  });
});

describe("calling off", () => {
  test("before the call makes no attempt, and keeps the reason", async () => {
    const call = vi.fn<Call>();
    const reason = new Error("changed my mind");
    const asked = modelOf([], { call }).generate({ ...question, signal: AbortSignal.abort(reason) });
    await expect(asked).rejects.toMatchObject({ code: "aborted", cause: reason });
    expect(call).not.toHaveBeenCalled();
  });

  test.each([
    ["waits for an adapter that hangs", (): Promise<ModelReply> => new Promise(() => {})],
    ["holds an answer that hangs", (): Promise<ModelReply> => ModelReply.open(play([...say("a").slice(0, 2), "hang"]))],
  ])("ends at once while it %s", async (_, call) => {
    const controller = new AbortController();
    let seen: AbortSignal | undefined;
    const model = modelOf([], { call: (request) => ((seen = request.signal), call()) });
    const asked = model.generate({ ...question, signal: controller.signal });
    setTimeout(() => controller.abort(), 2);
    await expect(asked).rejects.toMatchObject({ code: "aborted", attempts: [{ outcome: "cancelled" }] });
    expect(seen!.aborted).toBe(true);
  });

  test("keeps what was said until then", async () => {
    const controller = new AbortController();
    const model = modelOf([...say("said", "not").slice(0, 2), "hang"]);
    const asked = model.generate({ ...question, signal: controller.signal });
    setTimeout(() => controller.abort(), 2);
    await expect(asked).rejects.toMatchObject({ partial: { content: [{ text: "said" }] } });
  });

  test("rejects the reader of a stream under a hung read, and tells the adapter", async () => {
    const controller = new AbortController();
    const source = play([...say("a", "b").slice(0, 2), "hang"]);
    let seen: AbortSignal | undefined;
    const model = modelOf([], { call: (request) => ((seen = request.signal), ModelReply.open(source)) });
    const reply = await model.stream({ ...question, signal: controller.signal });
    await reply.next();
    await reply.next();
    const pending = reply.next();
    controller.abort();
    await expect(pending).rejects.toMatchObject({ code: "aborted", partial: { content: [{ text: "a" }] } });
    expect(source.cancels).toBe(1);
    expect(seen!.aborted).toBe(true);
  });

  test("lets go of an answer that comes too late", async () => {
    const controller = new AbortController();
    const source = play(say("late"));
    const late = Promise.withResolvers<ModelReply>();
    const asked = modelOf([], { call: () => late.promise }).stream({ ...question, signal: controller.signal });
    await Promise.resolve();
    controller.abort();
    await expect(asked).rejects.toMatchObject({ code: "aborted" });
    late.resolve(await ModelReply.open(source));
    await vi.waitFor(() => expect(source.cancels).toBe(1));
  });

  test("by a timeout signal is a timeout", async () => {
    const asked = modelOf(["hang"]).generate({ ...question, signal: AbortSignal.timeout(2) });
    await expect(asked).rejects.toMatchObject({ code: "timeout", phase: "total", retryable: true });
  });

  test("by the deadline is a timeout, whatever the adapter does", async () => {
    const asked = modelOf(["hang"]).generate({ ...question, deadline: Date.now() + 3 });
    await expect(asked).rejects.toMatchObject({ code: "timeout", phase: "total", attempts: [{ outcome: "failed" }] });
  });

  test("fires the adapter's signal when the reply is let go, and not when it has finished", async () => {
    const signals: AbortSignal[] = [];
    const model = modelOf([], {
      call: (request) => {
        signals.push(request.signal!);
        return ModelReply.open(play(say("a", "b")));
      },
    });
    await (await model.stream("?")).result();
    (await model.stream("?")).cancel();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]);
  });
});
