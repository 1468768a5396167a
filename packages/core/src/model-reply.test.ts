import { getEventListeners } from "node:events";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { ModelEvent, ModelResult, Notice, Outcome, ReplySource } from "./index.ts";
import { answers } from "../test/answers.ts";
import { play, say } from "../test/play.ts";
import { ModelError, ModelReply, defineModel, eventsOf, textOf } from "./index.ts";

async function drain(reply: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of reply) events.push(event);
  return events;
}

async function* drafts(): AsyncGenerator<string | ModelEvent | { finishReason: "length" }> {
  yield "one ";
  yield "text";
  yield { type: "part", index: 1, part: { type: "source", url: "https://example.org" } };
  yield "two";
  yield { finishReason: "length" };
}

const whole: ModelResult = {
  model: "m",
  content: [{ type: "text", text: "hello" }],
  finishReason: "stop",
  usage: { input: 1, output: 2 },
  warnings: [],
};

describe("what a reader gets", () => {
  test("is every event in order, with exactly one start first and one finish last", () =>
    fc.assert(
      fc.asyncProperty(answers, async ({ reads }) => {
        const events = await drain(await ModelReply.open(play(reads)));
        expect(events).toEqual(reads.flat());
        expect(events.map(({ type }) => type).indexOf("start")).toBe(0);
        expect(events.filter(({ type }) => type === "start" || type === "finish")).toHaveLength(2);
        expect(events.at(-1)!.type).toBe("finish");
      }),
    ));

  test("adds up to the parts, whichever way it is read", () =>
    fc.assert(
      fc.asyncProperty(answers, fc.nat(8), async ({ content, reads }, before) => {
        const reply = await ModelReply.open(play(reads));
        for (let read = 0; read < before; read++) await reply.next();
        const result = await reply.result();
        expect(result.content).toEqual(content);
        expect(result.usage).toEqual({ input: 7, output: 9 });
        expect(reply.arrived).toEqual(result);
      }),
    ));

  test("is the same by generate and by a drained stream", () =>
    fc.assert(
      fc.asyncProperty(answers, async ({ reads }) => {
        const model = defineModel({ provider: "p", id: "m", call: () => ModelReply.open(play(reads)) });
        const { attempts: _, ...generated } = await model.generate("?");
        const { attempts: __, ...streamed } = await (await model.stream("?")).result();
        expect(streamed).toEqual(generated);
      }),
    ));

  test("of a known answer is what it would have come as", async () => {
    expect(await drain(ModelReply.of(whole))).toEqual(eventsOf(whole));
    expect(await ModelReply.of(whole).result()).toEqual(whole);
  });

  test("is what a newcomer's generator yields, closed by whatever comes next", async () => {
    const result = await (await ModelReply.from(drafts(), { model: "m" })).result();
    expect(result.content).toEqual([
      { type: "text", text: "one text" },
      { type: "source", url: "https://example.org" },
      { type: "text", text: "two" },
    ]);
    expect(result.finishReason).toBe("length");
  });

  test("comes to concurrent readers in order", () =>
    fc.assert(
      fc.asyncProperty(answers, async ({ reads }) => {
        const events = reads.flat();
        const reply = await ModelReply.open(play(reads));
        const steps = await Promise.all(Array.from({ length: events.length + 2 }, () => reply.next()));
        expect(steps.map(({ value }) => value)).toEqual([...events, undefined, undefined]);
      }),
    ));

  test("closes the text that the source left open, and leaves out a tool call cut short", async () => {
    const reply = await ModelReply.open(
      play([
        [
          { type: "start", model: "m" },
          { type: "text-delta", index: 0, text: "a" },
          { type: "tool-call-start", index: 1, id: "1", name: "t" },
          { type: "tool-call-delta", index: 1, text: '{"a":' },
          { type: "reasoning-delta", index: 2, text: "b" },
          { type: "finish", finishReason: "length", usage: {} },
        ],
      ]),
    );
    expect((await reply.result()).content).toEqual([
      { type: "text", text: "a" },
      { type: "reasoning", text: "b" },
    ]);
  });

  test("can be had after the loop, and twice", async () => {
    const reply = await ModelReply.open(play(say("a", "b")));
    await drain(reply);
    expect(textOf(await reply.result())).toBe("ab");
    expect(reply.result()).toBe(reply.result());
    expect(await reply.text()).toBe("ab");
    expect(await reply.next()).toEqual({ done: true, value: undefined });
  });
});

describe("opening", () => {
  test("settles at the first content: not at a start, usage, or an empty delta", async () => {
    const source = play([
      [{ type: "start", model: "m" }],
      [{ type: "usage", usage: { input: 1 } }],
      [{ type: "text-delta", index: 0, text: "" }],
      [{ type: "text-delta", index: 0, text: "x" }],
      "hang",
    ]);
    const reply = await ModelReply.open(source);
    expect(source.pulls).toBe(4);
    expect(textOf(reply.arrived)).toBe("x");
    expect(reply.arrived.usage).toEqual({ input: 1 });
  });

  test("rejects with what was said when the source fails before the first content", async () => {
    const failure = new ModelError("down", { code: "overloaded" });
    const opening = ModelReply.open(play([[{ type: "start", model: "m" }], failure]));
    await expect(opening).rejects.toMatchObject({ code: "overloaded", partial: { model: "m", content: [] } });
  });

  test("takes an end without a finish for truncated, whole as the text may look", async () => {
    await expect(ModelReply.open(play([]))).rejects.toMatchObject({ code: "truncated" });
    const reply = await ModelReply.open(play(say("all of it").slice(0, 2)));
    const error: unknown = await reply.result().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "truncated", partial: { finishReason: "unfinished" } });
    expect(textOf((error as ModelError).partial!)).toBe("all of it");
  });

  test("refuses a source that says something before its start", async () => {
    await expect(ModelReply.open(play([[{ type: "text-delta", index: 0, text: "x" }]]))).rejects.toMatchObject({
      code: "parse",
      message: expect.stringContaining("text-delta"),
    });
  });

  test("holds a reply until it can be judged, and then gives all of it", async () => {
    const reply = await ModelReply.open(play(say("a", "b", "c")));
    let characters = 0;
    const held = await ModelReply.open(reply, (event) => event.type === "text-delta" && ++characters >= 2);
    expect(textOf(held.arrived)).toBe("ab");
    expect(await drain(held)).toEqual(say("a", "b", "c").flat());
  });

  test("holds what the transforms made of it", async () => {
    const reply = await ModelReply.open(play(say("a", "b")));
    reply.through("text-delta", (event, emit) => emit({ ...event, text: event.text.toUpperCase() }));
    const held = await ModelReply.open(reply, ({ type }) => type === "finish");
    expect(textOf({ content: held.arrived.content })).toBe("ab"); // its part was not transformed
    expect((await drain(held)).filter(({ type }) => type === "text-delta")).toEqual([
      { type: "text-delta", index: 0, text: "A" },
      { type: "text-delta", index: 0, text: "B" },
    ]);
  });
});

describe("transforms", () => {
  test("compose in the order they were added", () =>
    fc.assert(
      fc.asyncProperty(
        answers,
        fc.array(fc.constantFrom("drop", "double", "mark"), { maxLength: 4 }),
        async ({ reads }, kinds) => {
          const reply = await ModelReply.open(play(reads));
          let expected: readonly ModelEvent[] = reads.flat();
          for (const kind of kinds) {
            const change = ({ text, ...rest }: Extract<ModelEvent, { type: "text-delta" }>): ModelEvent[] => {
              if (kind === "drop") return text.length > 2 ? [] : [{ ...rest, text }];
              if (kind === "double")
                return [
                  { ...rest, text },
                  { ...rest, text },
                ];
              return [{ ...rest, text: `${text}|` }];
            };
            expected = expected.flatMap((event) => (event.type === "text-delta" ? change(event) : [event]));
            reply.through("text-delta", (event, emit) => {
              for (const changed of change(event)) emit(changed);
            });
          }
          expect(await drain(reply)).toEqual(expected);
        },
      ),
    ));

  test("of all types see what they do not know, and others let it pass", async () => {
    const unknown = { type: "from-the-future", index: 0 } as unknown as ModelEvent;
    const [start, ...rest] = say("a");
    const seen: string[] = [];
    const reply = await ModelReply.open(play([start!, [unknown], ...rest]));
    reply.through("part", (event, emit) => emit(event));
    reply.through((event, emit) => {
      seen.push(event.type);
      emit(event);
    });
    expect(await drain(reply)).toContainEqual(unknown);
    expect(seen).toContain("from-the-future");
  });

  test("are refused once reading has begun", async () => {
    const reply = await ModelReply.open(play(say("a")));
    await reply.next();
    expect(() => reply.through((event, emit) => emit(event))).toThrow(/being read/);
  });

  test("that throw fail the reply after what came before, and close the source", async () => {
    const source = play([say("a", "b").flat().slice(0, 3), "hang"]);
    const reply = await ModelReply.open(source);
    reply.through("text-delta", (event, emit) => {
      if (event.text === "b") throw new Error("not b");
      emit(event);
    });
    expect((await reply.next()).value).toMatchObject({ type: "start" });
    expect((await reply.next()).value).toMatchObject({ text: "a" });
    await expect(reply.next()).rejects.toMatchObject({ message: "not b", partial: { model: "played" } });
    expect(source.cancels).toBe(1);
  });

  test("can end the answer from inside: nothing passes afterwards, and the source is closed", async () => {
    const source = play([...say("a", "b", "c").slice(0, 3), "hang"]);
    const outcomes: string[] = [];
    const reply = (await ModelReply.open(source))
      .onEnd(({ status }) => void outcomes.push(`inner ${status}`))
      .through("text-delta", (event, emit) => {
        emit(event);
        emit({ type: "part", index: 0, part: { type: "text", text: event.text } });
        emit({ type: "finish", finishReason: "budget", usage: { output: 1, estimated: true } });
        emit({ type: "text-delta", index: 0, text: "never" });
      })
      .onEnd(({ status }) => void outcomes.push(`outer ${status}`));
    const result = await reply.result();
    expect(result).toMatchObject({ finishReason: "budget", content: [{ type: "text", text: "a" }] });
    expect(source.cancels).toBe(1);
    expect(outcomes).toEqual(["outer finished", "inner cancelled"]);
  });
});

describe("the end", () => {
  test("is told once to each listener, with the answer as it stands at its place", async () => {
    const outcomes: Outcome[] = [];
    const reply = (await ModelReply.open(play(say("a"))))
      .onEnd((outcome) => void outcomes.push(outcome))
      .through("part", (event, emit) => emit({ ...event, part: { type: "text", text: "changed" } }))
      .onEnd((outcome) => void outcomes.push(outcome));
    await drain(reply);
    reply.cancel();
    await reply.return();
    expect(outcomes.map((outcome) => outcome.status === "finished" && textOf(outcome.result))).toEqual([
      "a",
      "changed",
    ]);
  });

  test("by failure is told with what the source had said", async () => {
    const listener = vi.fn<(outcome: Outcome) => void>();
    const reply = await ModelReply.open(play([...say("half", "whole").slice(0, 2), new Error("reset")]));
    reply.onEnd(listener);
    await expect(drain(reply)).rejects.toThrow("reset");
    await expect(reply.result()).rejects.toThrow("reset");
    expect(listener).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ status: "failed", partial: expect.objectContaining({ finishReason: "unfinished" }) }),
    );
  });

  test("waits for what listeners book, and is not changed by their faults", async () => {
    let booked = false;
    const reply = (await ModelReply.open(play(say("a"))))
      .onEnd(() => {
        throw new Error("mine");
      })
      .onEnd(() => Promise.reject(new Error("mine too")))
      .onEnd(async () => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        booked = true;
      });
    expect(await reply.text()).toBe("a");
    expect(booked).toBe(true);
  });

  test("by failure waits for what listeners book, read, drained or held", async () => {
    const ways: ((reply: ModelReply) => Promise<unknown>)[] = [
      drain,
      (reply) => reply.result(),
      (reply) => ModelReply.open(reply, ({ type }) => type === "finish"),
    ];
    for (const read of ways) {
      let booked = false;
      const reply = (await ModelReply.open(play([...say("a", "b").slice(0, 2), new Error("reset")]))).onEnd(
        async () => {
          await new Promise((resolve) => setTimeout(resolve, 2));
          booked = true;
        },
      );
      await expect(read(reply)).rejects.toThrow("reset");
      expect(booked).toBe(true);
    }
  });

  test.each(["cancel", "return", "dispose"] as const)("by %s closes the source under a hung read", async (way) => {
    const source = play([...say("a", "b").slice(0, 2), "hang"]);
    const listener = vi.fn<(outcome: Outcome) => void>();
    const reply = (await ModelReply.open(source)).onEnd(listener);
    await reply.next();
    await reply.next();
    const pending = reply.next();
    if (way === "cancel") reply.cancel();
    else if (way === "return") await reply.return();
    else await reply[Symbol.asyncDispose]();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(source.cancels).toBe(1);
    expect(listener).toHaveBeenCalledExactlyOnceWith({
      status: "cancelled",
      partial: expect.objectContaining({ content: [{ type: "text", text: "a" }], finishReason: "unfinished" }),
    });
    await expect(reply.result()).rejects.toMatchObject({ code: "aborted", partial: { finishReason: "unfinished" } });
  });

  test("by leaving the loop closes the source", async () => {
    const source = play([...say("a", "b").slice(0, 2), "hang"]);
    for await (const event of await ModelReply.open(source)) if (event.type === "text-delta") break;
    expect(source.cancels).toBe(1);
  });

  test("comes for a reply that nobody holds when it is collected", async () => {
    const sources = Array.from({ length: 50 }, () => play([...say("a", "b").slice(0, 2), "hang"]));
    let told = 0;
    for (const source of sources) {
      const reply = await ModelReply.open(source);
      reply.onEnd(() => void told++);
      void reply.next();
    }
    await vi.waitUntil(
      () => {
        globalThis.gc!();
        return told > 45;
      },
      { timeout: 5000, interval: 5 },
    );
    expect(sources.filter(({ cancels }) => cancels === 1).length).toBe(told);
  });
});

test("a result that is waited for comes, although nobody holds its reply", async () => {
  const reads = say("a", "b", "c", "d", "e", "f");
  // A collection needs a turn of the event loop before the registry hears of it.
  const pull = async (): Promise<ModelEvent[] | undefined> => {
    globalThis.gc!();
    await new Promise((resolve) => setTimeout(resolve, 1));
    return reads.shift() as ModelEvent[] | undefined;
  };
  const result = await ModelReply.open({ pull }).then((reply) => reply.result());
  expect(textOf(result)).toBe("abcdef");
});

describe("a whole answer that is to be streamed", () => {
  test("ends its attempt when it is collected unread", async () => {
    const model = defineModel({ provider: "p", id: "m", call: async () => ModelReply.of(whole) });
    let ended = 0;
    const notify = (notice: Notice): void => {
      if (notice.type === "attempt" && notice.attempt.outcome === "cancelled") ended++;
    };
    for (let round = 0; round < 50; round++) await model.stream({ messages: [{ role: "user", content: "?" }], notify });
    await vi.waitUntil(
      () => {
        globalThis.gc!();
        return ended > 45;
      },
      { timeout: 5000, interval: 5 },
    );
    expect(ended).toBeLessThanOrEqual(50);
  });
});

describe("a slow reader", () => {
  test("keeps the source waiting: nothing is read before it is asked for", async () => {
    const source = play(say("a", "b", "c", "d"));
    const reply = await ModelReply.open(source);
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.pulls).toBe(2);
    await reply.next();
    await reply.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.pulls).toBe(2);
    await reply.next();
    expect(source.pulls).toBe(3);
  });
});

describe("a source that gives without a promise", () => {
  test("is read as any other", () =>
    fc.assert(
      fc.asyncProperty(answers, fc.boolean(), async ({ reads }, later) => {
        const source = play(reads);
        const take: ReplySource["take"] = (give, fail) => {
          if (later) source.pull().then(give, fail);
          else give(reads[taken++]);
        };
        let taken = 0;
        const opened = await ModelReply.open({ pull: () => source.pull(), take });
        taken = source.pulls;
        expect(await drain(opened)).toEqual(reads.flat());
      }),
    ));

  test("may have much to say at once, without the stack growing with it", async () => {
    const [start, delta, end] = say("a");
    const reads = Array.from({ length: 50_000 }, () => delta!);
    let next = 0;
    const reply = await ModelReply.open({
      pull: () => Promise.resolve([...start!, ...delta!]),
      take: (give) => give(reads[next++] ?? end),
    });
    reply.through("text-delta", () => {}); // so that no read satisfies the reader
    expect(await reply.result()).toMatchObject({ finishReason: "stop" });
    expect(next).toBe(50_001);
  });
});

describe("two copies of this package", () => {
  test("know each other's errors and read each other's replies", async () => {
    vi.resetModules();
    const copy = await import("./index.ts");
    expect(copy.ModelReply).not.toBe(ModelReply);
    expect(new copy.ModelError("x", { code: "server" })).toBeInstanceOf(ModelError);
    const foreign = copy.defineModel({ provider: "p", id: "m", call: async () => copy.ModelReply.of(whole) });
    const ours = defineModel({ provider: "p", id: "m", call: (request) => foreign.call(request) });
    expect(textOf(await ours.generate("?"))).toBe("hello");
    expect(await drain(await ours.stream("?"))).toMatchObject(eventsOf(whole));
    const call = async (): Promise<never> => {
      throw new copy.ModelError("x", { code: "server" });
    };
    await expect(defineModel({ provider: "p", id: "m", call }).generate("?")).rejects.toMatchObject({
      retryable: true,
    });
  });
});

describe("a signal that outlives its calls", () => {
  test("keeps no listener, however the calls end", async () => {
    const { signal } = new AbortController();
    const scripts = [say("a"), say("a").slice(0, 2), [new Error("down")], [...say("a").slice(0, 2), "hang" as const]];
    for (let round = 0; round < 400; round++) {
      const call = () => ModelReply.open(play(scripts[round % scripts.length]!));
      const model = defineModel({ provider: "p", id: "m", call });
      const request = { messages: [{ role: "user", content: "?" } as const], signal, deadline: Date.now() + 60_000 };
      const reply = await model.stream(request).catch(() => undefined);
      if (!reply) continue;
      if (round % scripts.length === 3) reply.cancel();
      else await reply.result().catch(() => {});
    }
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});
