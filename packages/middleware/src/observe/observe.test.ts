import { EventEmitter } from "eventemitter3";
import { expect, test, vi } from "vitest";
import { ModelError } from "@plugboard/core";
import type { ModelRequest, Notice } from "@plugboard/core";
import { retry } from "../retry/retry.ts";
import { pieces, testModel } from "../test-model.ts";
import { observe } from "./observe.ts";
import type { Observations } from "./observe.ts";

const ask = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [{ role: "user", content: "hello" }],
  ...more,
});

test("tells a call from its start to its end, with what happened between", async () => {
  vi.useFakeTimers();
  const { model } = testModel((_, call) => {
    if (call === 1) throw new ModelError("Busy.", { code: "overloaded" });
    return "hi";
  });
  const watch = observe();
  const seen: unknown[] = [];
  watch.events
    .on("start", ({ id, tags }) => seen.push(["start", id, tags]))
    .on("attempt", ({ attempt }) => seen.push(["attempt", attempt.outcome]))
    .on("retry", ({ attempt }, { id }) => seen.push(["retry", attempt, id]))
    .on("end", (end) => seen.push(["end", end.status]));
  const result = model.with(watch, retry()).generate(ask({ tags: { user: "ada" } }));
  await vi.runAllTimersAsync();
  await result;
  expect(seen).toEqual([
    ["start", "scripted", { user: "ada" }],
    ["attempt", "running"],
    ["attempt", "failed"],
    ["retry", 2, "scripted"],
    ["attempt", "running"],
    ["attempt", "finished"],
    ["end", "finished"],
  ]);
  vi.useRealTimers();
});

test("tells each ending once: failed before and after the first content, and left", async () => {
  const { model } = testModel((_, call) => {
    if (call === 1) throw new ModelError("Down.", { code: "server" });
    if (call === 2) return pieces(["one"], () => Promise.reject(new ModelError("Cut.", { code: "truncated" })));
    return pieces(["one", "two"]);
  });
  const watch = observe();
  const ends: unknown[] = [];
  watch.events.on("end", (end) => ends.push(end));
  const watched = model.with(watch);
  await expect(watched.generate(ask())).rejects.toThrow("Down.");
  await expect((await watched.stream(ask())).text()).rejects.toThrow("Cut.");
  await (await watched.stream(ask())).return();
  expect(ends).toMatchObject([
    { status: "failed", error: { code: "server" } },
    { status: "failed", error: { code: "truncated" }, partial: { content: [{ text: "one" }] } },
    { status: "cancelled", partial: { content: [{ text: "one" }] } },
  ]);
});

test("passes the very request and reply on where nobody listens", async () => {
  const call = vi.fn<(request: object) => Promise<object>>().mockResolvedValue({});
  const request = {};
  await observe()({ provider: "test", id: "embed", fingerprint: "", models: [], call })(request);
  expect(call.mock.calls[0]![0]).toBe(request);
});

test("a listener that throws does not harm the call, and is told of once", async () => {
  const { model } = testModel(() => "hi");
  const watch = observe();
  watch.events.on("end", () => {
    throw new Error("My fault.");
  });
  const faults: Notice[] = [];
  const result = await model
    .with(watch)
    .generate(ask({ notify: (notice) => void (notice.type === "fault" && faults.push(notice)) }));
  expect(result.finishReason).toBe("stop");
  expect(faults).toEqual([{ type: "fault", error: expect.objectContaining({ message: "My fault." }) }]);
});

test("speaks through an emitter that is brought along, and of models that give no reply", async () => {
  const events = new EventEmitter<Observations>();
  const ends: string[] = [];
  events.on("end", ({ status }) => ends.push(status));
  await observe(events)({ provider: "test", id: "embed", fingerprint: "", models: [], call: async () => [1] })({});
  expect(ends).toEqual(["answered"]);
});
