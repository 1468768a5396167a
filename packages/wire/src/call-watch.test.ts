import type { ModelReply } from "@plugboard/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { defineProviderModel } from "./define-provider-model.ts";
import { exchange } from "./exchange.ts";
import type { Exchange } from "./exchange.ts";
import { sse } from "./sse.ts";
import { failureFrom, testExchange, wholeExchange } from "./test-exchange.ts";
import type { ByteRead, Transport, TransportRequest } from "./transport.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.restoreAllMocks(); // a spy on a fake timer, restored later, would bring the fake one back
  vi.useRealTimers();
});

/** A transport played by hand, which ignores the signal: the call must end all the same. */
class Wire {
  readonly transport: Transport = Object.assign(
    (request: TransportRequest) => {
      this.request = request;
      return new Promise<never>((resolve) => {
        this.respond = () =>
          resolve({
            status: 200,
            headers: {},
            body: { read: () => this.#read(), cancel: () => this.#cancel() },
          } as never);
      });
    },
    { showsConnect: true },
  );
  request: TransportRequest | undefined;
  respond: () => void = () => {};
  cancelled = 0;
  readonly #encoder = new TextEncoder();
  #settle: ((read: ByteRead) => void) | undefined;

  send(text: string): Promise<unknown> {
    this.#settle!({ value: this.#encoder.encode(text) });
    return vi.advanceTimersByTimeAsync(0);
  }

  #read(): Promise<ByteRead> {
    return new Promise((resolve) => (this.#settle = resolve));
  }

  #cancel(): void {
    this.cancelled++;
    this.#settle?.({});
  }
}

async function begun(wire: Wire, given: Partial<Exchange> = {}): Promise<ModelReply> {
  const call = exchange(testExchange("https://parrot.example", { options: { transport: wire.transport }, ...given }));
  wire.request!.onConnect!();
  wire.respond();
  await vi.advanceTimersByTimeAsync(0);
  await wire.send('data: {"text":"a"}\n\n');
  return call;
}

const text = 'data: {"text":"b"}\n\n';
const noProgress = ': ping\n\ndata: {"usage":1}\n\n';

test.each([
  ["connect", 10_000],
  ["headers", 60_000],
  ["first", 60_000],
] as const)("gives %s its default of %i ms, each from its own beginning", async (phase, limit) => {
  const wire = new Wire();
  const call = exchange(testExchange("https://parrot.example", { options: { transport: wire.transport } }));
  let ended = false;
  const failing = failureFrom(call).finally(() => (ended = true));
  if (phase !== "connect") {
    await vi.advanceTimersByTimeAsync(9000);
    wire.request!.onConnect!();
  }
  if (phase === "first") {
    await vi.advanceTimersByTimeAsync(50_000);
    wire.respond();
    await vi.advanceTimersByTimeAsync(0);
  }
  await vi.advanceTimersByTimeAsync(limit - 1);
  expect(ended).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await failing).toMatchObject({ code: "timeout", phase });
  expect(wire.request!.signal.aborted).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test("gives up after 30 s in which reads brought no content, however much else they brought", async () => {
  const wire = new Wire();
  const reply = await begun(wire);
  const failing = failureFrom(reply.result());
  for (let second = 0; second < 29; second++) {
    await vi.advanceTimersByTimeAsync(1000);
    await wire.send(noProgress);
  }
  await wire.send(text);
  for (let second = 0; second < 29; second++) {
    await vi.advanceTimersByTimeAsync(1000);
    await wire.send(noProgress);
  }
  await vi.advanceTimersByTimeAsync(999);
  expect(wire.cancelled).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(await failing).toMatchObject({ code: "timeout", phase: "idle", partial: { content: [{ text: "ab" }] } });
  expect(wire.cancelled).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

test("does not count the time in which nobody reads", async () => {
  const wire = new Wire();
  const reply = await begun(wire);
  await reply.next();
  await reply.next();
  await vi.advanceTimersByTimeAsync(300_000);
  const next = reply.next();
  await vi.advanceTimersByTimeAsync(29_000);
  await wire.send(text);
  expect((await next).value).toMatchObject({ text: "b" });
  await vi.advanceTimersByTimeAsync(200_000);
  const failing = failureFrom(reply.next());
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await failing).toMatchObject({ phase: "idle" });
});

test("sets no timer for a read", async () => {
  const wire = new Wire();
  const reply = await begun(wire);
  await reply.pull();
  const set = vi.spyOn(globalThis, "setTimeout");
  for (let read = 0; read < 100; read++) {
    const pulled = reply.pull();
    await wire.send(text);
    expect(await pulled).toHaveLength(1);
  }
  expect(set).not.toHaveBeenCalled();
  set.mockRestore();
});

test("waits for the first content as long as the total where reasoning may be hidden", async () => {
  const wire = new Wire();
  const call = exchange(
    testExchange("https://parrot.example", { options: { transport: wire.transport }, hiddenReasoning: true }),
  );
  wire.request!.onConnect!();
  wire.respond();
  const failing = failureFrom(call);
  await vi.advanceTimersByTimeAsync(0);
  for (let minute = 0; minute < 9; minute++) {
    await vi.advanceTimersByTimeAsync(60_000);
    await wire.send(noProgress);
  }
  expect(wire.cancelled).toBe(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await failing).toMatchObject({ code: "timeout", phase: "total" });
});

describe("while the provider is at work without telling", () => {
  let busy = false;
  const decoder: NonNullable<Exchange["stream"]>["decoder"] = (start) => {
    const inner = testExchange("https://parrot.example").stream!.decoder(start);
    return {
      get busy() {
        return busy;
      },
      push: (data, name, out) => inner.push(data, name, out),
      end: (out) => inner.end(out),
    };
  };
  const stream = { framing: sse, decoder };

  test("does not count the time between contents", async () => {
    busy = false;
    const wire = new Wire();
    const reply = await begun(wire, { stream });
    await reply.pull();
    busy = true;
    const thinking = reply.pull();
    await vi.advanceTimersByTimeAsync(120_000);
    await wire.send(noProgress);
    expect(await thinking).toHaveLength(1);
    busy = false;
    const failing = failureFrom(reply.pull());
    await vi.advanceTimersByTimeAsync(29_000);
    expect(wire.cancelled).toBe(0);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await failing).toMatchObject({ code: "timeout", phase: "idle" });
  });

  test("does not count the time until the first content", async () => {
    busy = false;
    const wire = new Wire();
    const call = exchange(testExchange("https://parrot.example", { options: { transport: wire.transport }, stream }));
    wire.request!.onConnect!();
    wire.respond();
    await vi.advanceTimersByTimeAsync(0);
    busy = true;
    await wire.send(noProgress);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(wire.cancelled).toBe(0);
    await wire.send(text);
    const reply = await call;
    reply.cancel();
  });
});

test("ends a streamed answer that nobody reads when the total runs out", async () => {
  const wire = new Wire();
  const reply = await begun(wire);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(wire.cancelled).toBe(1);
  expect(await failureFrom(reply.result())).toMatchObject({ code: "timeout", phase: "total" });
});

test("leaves no timer behind, however a call ends", async () => {
  const finished = new Wire();
  const reading = (await begun(finished)).result();
  await finished.send("data: [DONE]\n\n");
  expect(await reading).toMatchObject({ finishReason: "stop" });
  await vi.advanceTimersByTimeAsync(500); // for the end of the body
  expect(finished.cancelled).toBe(1);
  expect(vi.getTimerCount()).toBe(0);

  const cancelled = new Wire();
  (await begun(cancelled)).cancel();
  expect(cancelled.cancelled).toBe(1);
  expect(vi.getTimerCount()).toBe(0);

  const broken = new Wire();
  const failing = failureFrom((await begun(broken)).result());
  await broken.send("data: {\n\n");
  expect(await failing).toMatchObject({ code: "parse" });
  expect(vi.getTimerCount()).toBe(0);
});

describe("within an attempt, whose controller it shares", () => {
  const question = { messages: [{ role: "user", content: "hello" }] } as const;

  function polly(wire: Wire): ReturnType<typeof defineProviderModel> {
    return defineProviderModel({
      provider: "parrot",
      id: "polly",
      fingerprint: "parrot:polly",
      prepare(request) {
        const {
          provider: _,
          model: __,
          request: ___,
          ...prepared
        } = testExchange("https://parrot.example", { request });
        return { ...prepared, options: { transport: wire.transport } };
      },
    });
  }

  async function streamed(wire: Wire, first: string, signal: AbortSignal): Promise<ModelReply> {
    const streaming = polly(wire).stream({ ...question, signal });
    await vi.advanceTimersByTimeAsync(0);
    wire.request!.onConnect!();
    wire.respond();
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(1);
    await wire.send(first);
    return streaming;
  }

  test("gives what was said before an answer broke in the same read, and leaves the caller's signal alone", async () => {
    const wire = new Wire();
    const { signal } = new AbortController();
    const reply = await streamed(wire, 'data: {"text":"a"}\n\ndata: {\n\n', signal);
    expect(wire.request!.signal.aborted).toBe(true);
    expect(await failureFrom(reply.result())).toMatchObject({ code: "parse", partial: { content: [{ text: "a" }] } });
    expect(signal.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("closes the connection when the caller calls it off while the answer is read, and while nobody reads", async () => {
    for (const reading of [true, false]) {
      const wire = new Wire();
      const caller = new AbortController();
      const reply = await streamed(wire, text, caller.signal);
      const result = reading ? failureFrom(reply.result()) : undefined;
      caller.abort();
      expect(wire.cancelled).toBe(1);
      expect(await (result ?? failureFrom(reply.result()))).toMatchObject({ code: "aborted" });
      expect(wire.request!.signal.aborted).toBe(true);
      expect(vi.getTimerCount()).toBe(0);
    }
  });

  test("ends a request that is not answered, by its clock and by its caller", async () => {
    const late = new Wire();
    const timedOut = failureFrom(polly(late).stream(question));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await timedOut).toMatchObject({ code: "timeout", phase: "connect" });
    expect(late.request!.signal.aborted).toBe(true);

    const left = new Wire();
    const caller = new AbortController();
    const calledOff = failureFrom(polly(left).stream({ ...question, signal: caller.signal }));
    await vi.advanceTimersByTimeAsync(0);
    caller.abort();
    expect(await calledOff).toMatchObject({ code: "aborted" });
    expect(left.request!.signal.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("turns clocks off by Infinity, and refuses what is no time", async () => {
  const wire = new Wire();
  const clocks = { connect: Infinity, headers: Infinity, first: Infinity, idle: Infinity, total: Infinity };
  const controller = new AbortController();
  const request = { messages: [], signal: controller.signal };
  const options = { transport: wire.transport, clocks };
  const failing = failureFrom(exchange(wholeExchange("https://parrot.example", { options, request })));
  expect(vi.getTimerCount()).toBe(0);
  controller.abort();
  expect(await failing).toMatchObject({ code: "aborted" });

  for (const idle of [0, -1, Number.NaN]) {
    const wrong = exchange(testExchange("https://parrot.example", { options: { clocks: { idle } } }));
    expect(await failureFrom(wrong)).toMatchObject({
      code: "invalid-request",
      message: expect.stringContaining("clocks.idle"),
    });
  }
});
