import { ModelReply, textOf } from "@plugboard/core";
import type { AssistantPart, Model, ModelEvent, ModelRequest, Notice } from "@plugboard/core";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { failureOf, scripted } from "../scripted-model.ts";
import type { Step } from "../scripted-model.ts";
import { fallback } from "./fallback.ts";
import type { FallbackOptions } from "./fallback.ts";
import type { FallbackTarget } from "./target.ts";

const cut = { fails: "network" } as const;
const asked = {
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Say it." },
  ],
} as const satisfies ModelRequest;
const going = (models: readonly FallbackTarget[], options: FallbackOptions = {}): Model =>
  fallback(models, { continueMidStream: true, ...options });

interface Read {
  readonly events: readonly ModelEvent[];
  readonly notices: readonly Notice[];
  readonly text: string;
  readonly error?: unknown;
}

/** All that a reader gets, and what he would put together from the deltas. */
async function read(model: Model, request: ModelRequest = asked): Promise<Read> {
  const notices: Notice[] = [];
  const events: ModelEvent[] = [];
  let error: unknown;
  try {
    for await (const event of await model.stream({ ...request, notify: (notice) => notices.push(notice) })) {
      events.push(event);
    }
  } catch (thrown) {
    error = thrown;
  }
  const text = events.map((event) => (event.type === "text-delta" ? event.text : "")).join("");
  return { events, notices, text, ...(error !== undefined && { error }) };
}

const of = <Type extends ModelEvent["type"]>(type: Type, { events }: Read): Extract<ModelEvent, { type: Type }>[] =>
  events.filter((event): event is Extract<ModelEvent, { type: Type }> => event.type === type);

describe("an answer that breaks off", () => {
  test("is gone on with by the next model: one text, both usages, and it is said", async () => {
    const a = scripted("a", ["The qui", "ck bro", { type: "usage", usage: { input: 10, output: 4 } }, cut]);
    const b = scripted("b", ["bro", "wn fox"]);
    const said = await read(going([a, b]));
    expect(said.text).toBe("The quick brown fox");
    expect(of("start", said)).toEqual([{ type: "start", model: "a" }]);
    expect(of("part", said)).toEqual([{ type: "part", index: 0, part: { type: "text", text: "The quick brown fox" } }]);
    expect(of("finish", said)).toMatchObject([
      {
        finishReason: "stop",
        usage: { input: 20, output: 6 },
        warnings: [{ code: "resumed", message: "The answer of script a broke off (network), and script b went on." }],
        attempts: [
          { model: "a", outcome: "failed", error: "network", usage: { input: 10, output: 4 } },
          { model: "b", outcome: "finished", usage: { input: 10, output: 2 } },
        ],
      },
    ]);
    expect(said.events.at(-1)?.type).toBe("finish");
    expect(said.notices).toContainEqual({
      type: "resumed",
      from: { provider: "script", id: "a" },
      to: { provider: "script", id: "b" },
      error: expect.objectContaining({ code: "network" }) as Error,
    });
    expect(b.requests[0]?.messages).toEqual([...asked.messages, { role: "assistant", content: "The quick bro" }]);
  });

  test("comes as the same result when it is drained", async () => {
    const model = () => going([scripted("a", ["Hel", cut]), scripted("b", ["lo"])]);
    const result = await (await model().stream(asked)).result();
    expect(result.content).toEqual([{ type: "text", text: "Hello" }]);
    expect(result.usage).toEqual({ input: 10, output: 2, estimated: true }); // of the first, only what was read is known
    expect(result.warnings).toHaveLength(1);
  });

  test("by several after each other", async () => {
    const said = await read(
      going([
        scripted("a", ["One two", cut]),
        scripted("b", [" three", { fails: "truncated" }]),
        scripted("c", ["three four"]),
      ]),
    );
    expect(said.text).toBe("One two three four");
    expect(of("finish", said)[0]?.warnings?.map(({ code }) => code)).toEqual(["resumed", "resumed"]);
    expect(of("finish", said)[0]?.attempts?.map(({ model }) => model)).toEqual(["a", "b", "c"]);
  });

  test("is gone on with by the first that can, of those that are left", async () => {
    const [z, no, d] = [scripted("z", [{ fails: "server" }]), scripted("b", ["never"]), scripted("d", [" two"])];
    const refusing = scripted("c", [{ fails: "unsupported" }]);
    const said = await read(going([z, scripted("a", ["One", cut]), { model: no, continues: false }, refusing, d]));
    expect(said.text).toBe("One two");
    expect(no.requests).toEqual([]);
    expect(z.requests).toHaveLength(1);
    expect(said.notices.find(({ type }) => type === "skipped")).toMatchObject({
      model: { id: "b" },
      reason: "continuation",
      error: { message: "b does not go on from the beginning of an answer." },
    });
    const ways = said.notices.flatMap((notice) => (notice.type === "resumed" ? [[notice.from.id, notice.to.id]] : []));
    expect(ways).toEqual([
      ["a", "c"],
      ["c", "d"],
    ]);
  });

  test("keeps the request that is made for the next model, and what is left of the limit", async () => {
    const b = scripted("b", [" two"]);
    const request = (request: ModelRequest): ModelRequest => ({ ...request, temperature: 0 });
    const usage = { type: "usage", usage: { output: 30 } } as const;
    const said = await read(going([scripted("a", ["One", usage, cut]), { model: b, request }]), {
      ...asked,
      maxOutputTokens: 100,
    });
    expect(said.text).toBe("One two");
    expect(b.requests[0]).toMatchObject({ temperature: 0, maxOutputTokens: 70, stream: true });
    expect(b.requests[0]?.messages.slice(0, -1)).toEqual(asked.messages);
  });

  test("is told without what no model says itself, which is then not said twice", async () => {
    const b = scripted("b", [" \ud83d\ude00", "!"]);
    expect((await read(going([scripted("a", ["Hi \ud83d", cut]), b]))).text).toBe("Hi \ud83d\ude00!");
    expect(b.requests[0]?.messages.at(-1)).toEqual({ role: "assistant", content: "Hi" });
  });

  test("goes on in the order of its parts, after thoughts and sources", async () => {
    const think = (index: number, text: string): ModelEvent[] => [
      { type: "reasoning-delta", index, text },
      { type: "part", index, part: { type: "reasoning", text } },
    ];
    const call = { type: "tool-call", id: "1", name: "t", input: {}, raw: "{}" } as const;
    const source = { type: "source", url: "https://a" } as const;
    const a = scripted("a", [
      ...think(0, "Hm."),
      { type: "part", index: 1, part: source },
      { type: "text-delta", index: 2, text: "It is " },
      cut,
    ]);
    const b = scripted("b", [
      { type: "text-delta", index: 0, text: "so. " },
      { type: "part", index: 0, part: { type: "text", text: "so. " } },
      ...think(1, "And now?"),
      { type: "tool-call-start", index: 2, id: "1", name: "t" },
      { type: "tool-call-delta", index: 2, text: "{}" },
      { type: "part", index: 2, part: call },
    ]);
    const said = await read(going([a, b]));
    expect(of("part", said).map(({ index, part }) => [index, part])).toEqual([
      [0, { type: "reasoning", text: "Hm." }],
      [1, source],
      [2, { type: "text", text: "It is so. " }],
      [3, { type: "reasoning", text: "And now?" }],
      [4, call],
    ]);
    expect(of("tool-call-delta", said)).toEqual([{ type: "tool-call-delta", index: 4, text: "{}" }]);
  });

  test("has another part where the next model thinks first", async () => {
    const b: Step[] = [
      { type: "reasoning-delta", index: 0, text: "Go on." },
      { type: "part", index: 0, part: { type: "reasoning", text: "Go on." } },
      { type: "text-delta", index: 1, text: "brown fox" },
      { type: "part", index: 1, part: { type: "text", text: "brown fox" } },
    ];
    const said = await read(going([scripted("a", ["The bro", cut]), scripted("b", b)]));
    expect(said.text).toBe("The brown fox");
    expect(of("part", said).map(({ index, part }) => [index, part])).toEqual([
      [0, { type: "text", text: "The bro" }],
      [1, { type: "reasoning", text: "Go on." }],
      [2, { type: "text", text: "wn fox" }],
    ]);
  });

  test("after its text was whole needs no more than an end", async () => {
    const whole: Step[] = [
      { type: "text-delta", index: 0, text: "Done." },
      { type: "part", index: 0, part: { type: "text", text: "Done." } },
      cut,
    ];
    for (const rest of [[], ["Done."], [{ type: "part", index: 0, part: { type: "text", text: "" } }] as const]) {
      const said = await read(going([scripted("a", whole), scripted("b", rest)]));
      expect(of("part", said)).toEqual([{ type: "part", index: 0, part: { type: "text", text: "Done." } }]);
      expect(said.text).toBe("Done.");
      expect(of("finish", said)).toHaveLength(1);
    }
  });

  test("keeps citations at their places", async () => {
    const source = { type: "source", url: "https://a" } as const;
    const part: AssistantPart = { type: "text", text: "brown fox", citations: [{ source, start: 6, end: 9 }] };
    const b: Step[] = [
      { type: "text-delta", index: 0, text: "brown fox" },
      { type: "part", index: 0, part },
    ];
    const said = await read(going([scripted("a", ["The bro", cut]), scripted("b", b)]));
    expect(of("part", said)[0]?.part).toEqual({
      type: "text",
      text: "The brown fox",
      citations: [{ source, start: 10, end: 13 }],
    });
  });

  test("is told with the warnings of all who gave it", async () => {
    const warning = { code: "dropped", message: "b takes no seed." };
    const b = scripted("b", [{ type: "start", model: "b", warnings: [warning] }, " two"]);
    const said = await read(going([scripted("a", ["One", cut]), b]));
    expect(of("finish", said)[0]?.warnings).toMatchObject([{ code: "resumed" }, warning]);
  });

  test("is not from the cache because its end is", async () => {
    const hit = scripted("b", ["two", { finishReason: "stop", usage: {}, cached: true }]);
    expect(of("finish", await read(going([scripted("a", ["One ", cut]), hit])))[0]?.cached).toBeUndefined();
  });
});

describe("an answer is not gone on with", () => {
  const b = () => scripted("b", ["never"]);
  const schema = { ...asked, output: {} };

  test.each<[string, readonly Step[], ModelRequest?]>([
    ["where JSON is asked for", ['{"a', cut], schema],
    ["where the middle is asked for", ["a", cut], { ...asked, suffix: "c" }],
    ["in a thought", [{ type: "reasoning-delta", index: 0, text: "Hm" }, cut]],
    ["in a thought after a text", ["One", { type: "reasoning-delta", index: 1, text: "Hm" }, cut]],
    ["in a tool call", ["One", { type: "tool-call-start", index: 1, id: "1", name: "t" }, cut]],
    [
      "after a tool call",
      [
        { type: "tool-call-start", index: 0, id: "1", name: "t" },
        { type: "part", index: 0, part: { type: "tool-call", id: "1", name: "t", input: {} } },
        { type: "text-delta", index: 1, text: "One" },
        cut,
      ],
    ],
    [
      "in two texts at once",
      [{ type: "text-delta", index: 0, text: "One" }, { type: "text-delta", index: 1, text: "Two" }, cut],
    ],
    [
      "after a thought that follows a text",
      [
        { type: "text-delta", index: 0, text: "One" },
        { type: "part", index: 0, part: { type: "text", text: "One" } },
        { type: "reasoning-delta", index: 1, text: "Hm" },
        { type: "part", index: 1, part: { type: "reasoning", text: "Hm" } },
        cut,
      ],
    ],
    ["before it has said anything", [" \n", cut]],
    ["at a failure that does not pass", ["One", { fails: "content-filter" }]],
    ["at a failure that is not passed on", ["One", { fails: "parse" }]],
  ])("%s: the failure is the reader's", async (_, steps, request = asked) => {
    const next = b();
    const said = await read(going([scripted("a", steps), next]), request);
    expect(said.error).toMatchObject({ model: "a", attempts: [{ model: "a" }] });
    expect(next.requests).toEqual([]);
    expect(said.notices.some(({ type }) => type === "resumed")).toBe(false);
  });

  test("at a failure that the rules do not name", async () => {
    const next = b();
    const model = going([scripted("a", ["One", cut]), next], { when: { codes: ["server"] } });
    expect((await read(model)).error).toMatchObject({ code: "network" });
    expect(next.requests).toEqual([]);
  });

  test("without being asked to", async () => {
    const next = b();
    expect((await read(fallback([scripted("a", ["One", cut]), next]))).error).toMatchObject({ code: "network" });
    expect(next.requests).toEqual([]);
  });

  test("where nobody reads it: the next model answers", async () => {
    expect(textOf(await going([scripted("a", ["One", cut]), scripted("b", ["Two"])]).generate(asked))).toBe("Two");
  });

  test("while it is held: the next model answers", async () => {
    const model = going([scripted("a", ["One", cut]), scripted("b", ["Two", " and more"])], { hold: 5 });
    expect((await read(model)).text).toBe("Two and more");
    const later = going([scripted("a", ["One t", cut]), scripted("b", ["wo"])], { hold: 5 });
    expect((await read(later)).text).toBe("One two");
  });
});

describe("when nobody goes on", () => {
  test("the failure is told by what broke the answer off, with all that was said", async () => {
    const models = [
      scripted("a", ["One", cut]),
      scripted("b", [" two", { fails: "server" }]),
      scripted("c", [{ fails: "auth" }]),
    ];
    const { error } = await read(going(models));
    expect(error).toMatchObject({
      code: "server",
      message: expect.stringContaining("The answer broke off, and nobody went on with it.") as string,
      partial: { content: [{ type: "text", text: "One two" }], finishReason: "unfinished" },
      attempts: [{ model: "a" }, { model: "b" }, { model: "c" }],
    });
    expect(((error as Error).cause as AggregateError).errors).toMatchObject([
      { code: "network" },
      { code: "server" },
      { code: "auth" },
    ]);
  });

  test("and there is nobody, it is the failure itself", async () => {
    const { error } = await read(going([scripted("a", ["One", cut])]));
    expect(error).toMatchObject({ code: "network", message: "a said network." });
  });

  test("a failure that is not passed on ends it", async () => {
    const c = scripted("c", ["never"]);
    const { error } = await read(
      going([scripted("a", ["One", cut]), scripted("b", [{ fails: "invalid-request" }]), c]),
    );
    expect(error).toMatchObject({ code: "network" });
    expect(c.requests).toEqual([]);
  });
});

describe("letting go of it", () => {
  const hanging = (id: string, ...said: readonly string[]) => scripted(id, [...said, { wait: 2 ** 30 }]);

  test("closes the leg that is read, whichever it is", async () => {
    const [a, b] = [scripted("a", ["One", cut]), hanging("b", " two")];
    const reply = await going([a, b]).stream(asked);
    for await (const event of reply) if (event.type === "text-delta" && event.text === " two") break;
    await vi.waitFor(() => expect(b.open).toBe(0));
    expect((await failureOf(reply.result())).code).toBe("aborted");
  });

  test("by dropping it unread closes it, too", async () => {
    const b = hanging("b", " two");
    const begin = async (): Promise<void> => {
      const reply = await going([scripted("a", ["One", cut]), b]).stream(asked);
      let text = "";
      while (!text.includes("two"))
        for (const event of (await reply.pull()) ?? []) if ("text" in event) text += event.text;
    };
    for (let round = 0; round < 20; round++) await begin();
    await vi.waitUntil(
      () => {
        globalThis.gc!();
        return b.open < 3;
      },
      { timeout: 5000, interval: 5 },
    );
    expect(b.requests).toHaveLength(20);
  });

  test("closes the one that is being asked to go on", async () => {
    const b = hanging("b");
    const notices: Notice[] = [];
    const reply = await going([scripted("a", ["One", cut]), b]).stream({
      ...asked,
      notify: (notice) => notices.push(notice),
    });
    const answer = failureOf(reply.text());
    await vi.waitFor(() => expect(b.open).toBe(1));
    reply.cancel();
    expect((await answer).code).toBe("aborted");
    await vi.waitFor(() => expect(b.open).toBe(0));
    await vi.waitFor(() =>
      expect(notices.at(-1)).toMatchObject({ type: "attempt", attempt: { outcome: "cancelled" } }),
    );
  });

  test("by the caller's signal asks nobody else, and leaves nothing on it", async () => {
    const controller = new AbortController();
    const added = vi.spyOn(controller.signal, "addEventListener");
    const removed = vi.spyOn(controller.signal, "removeEventListener");
    const [b, c] = [hanging("b"), scripted("c", ["never"])];
    const reply = await going([scripted("a", ["One", cut]), b, c]).stream({ ...asked, signal: controller.signal });
    const answer = failureOf(reply.text());
    await vi.waitFor(() => expect(b.open).toBe(1));
    controller.abort();
    expect((await answer).code).toBe("aborted");
    expect(c.requests).toEqual([]);

    for (const [type, listener] of added.mock.calls) expect(removed).toHaveBeenCalledWith(type, listener);
  });

  test.each([
    ["it is whole", [" two"]],
    ["nobody goes on", [{ fails: "server" }]],
    ["the next leg breaks off, too", [" two", { fails: "content-filter" }]],
  ] as const)("leaves nothing on the caller's signal when %s", async (_, steps) => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    await read(going([scripted("a", ["One", cut]), scripted("b", steps)]), { ...asked, signal });
    expect(added).toHaveBeenCalledTimes(2); // the first attempt, and ours for the second
    for (const [type, listener] of added.mock.calls) expect(removed).toHaveBeenCalledWith(type, listener);
  });

  test("by a deadline asks nobody else", async () => {
    vi.useFakeTimers();
    try {
      const [b, c] = [hanging("b"), scripted("c", ["never"])];
      const reply = await going([scripted("a", ["One", cut]), b, c]).stream({ ...asked, deadline: Date.now() + 1000 });
      const answer = failureOf(reply.text());
      await vi.advanceTimersByTimeAsync(1000);
      expect((await answer).attempts).toMatchObject([{ model: "a" }, { model: "b", error: "timeout" }]);
      expect(c.requests).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });
});

test("the leg that is passed on first costs no event: it is the very one", async () => {
  const events: ModelEvent[] = [
    { type: "start", model: "a" },
    { type: "text-delta", index: 0, text: "One" },
  ];
  const first = events[1];
  const source = await ModelReply.open({ pull: () => Promise.resolve(events.splice(0)) });
  const model = scripted("a", []);
  const leaf = { ...model, call: () => Promise.resolve(source) };
  const reply = await going([leaf, scripted("b", [])]).call({ ...asked, stream: true });
  expect((await reply.pull())?.[1]).toBe(first);
});

test.each([{ hold: "end" }, { when: { finishReasons: ["length"] } }, { when: { result: () => false } }] as const)(
  "refuses to go on with what nobody has seen: %o",
  (options) => {
    expect(() => going([scripted("a", [])], options)).toThrow("from what the caller has seen");
  },
);

/** Says a text in pieces of these lengths, and breaks off once it has said so many characters of it. */
function saying(id: string, textFor: (request: ModelRequest) => string, lengths: readonly number[], most: number) {
  return scripted(id, (request) => {
    const steps: Step[] = [];
    const text = textFor(request);
    for (let from = 0, turn = 0; from < text.length; turn++) {
      const piece = text.slice(from, Math.min(most, from + lengths[turn % lengths.length]!));
      if (piece !== "") steps.push(piece);
      from += lengths[turn % lengths.length]!;
      if (from >= most && most < text.length) return [...steps, cut];
    }
    return steps;
  });
}

/** What a request has of the beginning of its answer. */
function beginningIn({ messages }: ModelRequest): string {
  const last = messages.at(-1)!;
  return last.role === "assistant" && typeof last.content === "string" ? last.content : "";
}

const pieces = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 });
const breaks = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 4 });

test("whatever the text, wherever it breaks off, in whichever pieces: models that go on exactly give it as if nothing had happened", async () => {
  const text = fc.string({ unit: "binary", minLength: 1, maxLength: 120 });
  await fc.assert(
    fc.asyncProperty(text, breaks, pieces, async (whole, cuts, lengths) => {
      fc.pre(whole.trim() !== "");
      const models = [...cuts, Infinity].map((most, place) => ({
        model: saying(`m${place}`, (request) => whole.slice(beginningIn(request).length), lengths, most),
        continues: "exactly" as const,
      }));
      const said = await read(going(models));
      // Blanks alone, or half a character, are no beginning to tell.
      fc.pre(!(said.error && /^[\s\uD800-\uDBFF]*$/.test(said.text)));
      expect(said.error).toBeUndefined();
      expect(said.text).toBe(whole);
      expect(textOf({ content: of("part", said).map(({ part }) => part) })).toBe(whole);
      const legs = models.filter(({ model }) => model.requests.length > 0).length;
      expect(of("finish", said)[0]?.attempts).toHaveLength(legs);
      expect(of("finish", said)[0]?.warnings ?? []).toHaveLength(legs - 1);
    }),
  );
});

test("whatever the words, wherever it breaks off, from whichever word on it is repeated: no repeat and no gap", async () => {
  const letter = fc.constantFrom(...Array.from("abcdefghijklmnopqrstuvwxyzéß"));
  const letters = fc.uniqueArray(letter, { minLength: 4, maxLength: 9 }).map((list) => list.join(""));
  const words = fc.uniqueArray(letters, { minLength: 2, maxLength: 20, selector: (word) => word.slice(0, 3) });
  await fc.assert(
    fc.asyncProperty(words, breaks, fc.infiniteStream(fc.nat(6)), pieces, async (list, cuts, back, lengths) => {
      const whole = list.join(" ");
      /** Goes on from the first letter of one of the last words. */
      const from = (request: ModelRequest): string => {
        const starts = [...beginningIn(request).matchAll(/(?<=^| )\p{L}/gu)].map(({ index }) => index);
        return whole.slice(starts.at(-1 - (Number(back.next().value) % Math.max(1, starts.length))) ?? 0);
      };
      const models = [...cuts, Infinity].map((most, place) => saying(`m${place}`, from, lengths, most));
      const said = await read(going(models));
      expect(said.error).toBeUndefined();
      expect(said.text).toBe(whole);
      expect(textOf({ content: of("part", said).map(({ part }) => part) })).toBe(whole);
    }),
  );
});
