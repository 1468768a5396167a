import { getEventListeners } from "node:events";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { ScriptedModel } from "../test/scripted-model.ts";
import { scriptedModel, text, toolCall } from "../test/scripted-model.ts";
import type {
  AssistantPart,
  ModelEvent,
  ModelReply,
  Notice,
  PendingCall,
  ToolResultPart,
  ToolsRequest,
} from "./index.ts";
import { ModelError, ModelReply as Replies, defineTool, messagesOf, runTools, toolCallsOf } from "./index.ts";

const messages = [{ role: "user", content: "Is it warmer in Lisbon or in Porto?" }] as const;
const degrees: Record<string, number> = { Lisbon: 21, Porto: 17 };

const weather = defineTool({
  name: "weather",
  input: z.object({ city: z.string() }),
  execute: ({ city }) => ({ degrees: degrees[city]! }),
});

async function read(asked: Promise<ModelReply>): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of await asked) events.push(event);
  return events;
}

const resultOf = async (model: ScriptedModel, request: Partial<ToolsRequest>) =>
  (await runTools(model, { messages, tools: [weather], ...request })).result();

const resultsIn = (content: readonly AssistantPart[]) =>
  content.filter((part): part is ToolResultPart => part.type === "tool-result");

/** A model that makes these calls, and then is done. */
const calls = (...parts: readonly AssistantPart[]) => scriptedModel([{ content: parts }, "Done."]);

/** A tool that never ends, and a promise that it has been started. */
function hanging() {
  let signal: AbortSignal | undefined;
  let start: () => void;
  const started = new Promise<void>((resolve) => (start = resolve));
  const tool = defineTool({
    name: "hang",
    input: z.object({}),
    execute(_, context) {
      signal = context.signal;
      start();
      return new Promise<string>(() => {});
    },
  });
  return { tool, started, stopped: () => signal!.aborted };
}

describe("runTools", () => {
  test("is one reply over all steps: one start, indexes that run on, results between, one finish with the sum", async () => {
    const model = scriptedModel(
      [
        {
          content: [
            text("I ask."),
            toolCall("1", "weather", { city: "Lisbon" }, { raw: '{ "city": "Lisbon" }' }),
            toolCall("2", "weather", { city: "Porto" }),
          ],
          usage: { input: 10, output: 5 },
        },
        { content: [text("Lisbon.")], usage: { input: 40, output: 2, cachedInput: 10 } },
      ],
      { piece: 99 },
    );
    const events = await read(runTools(model, { messages, tools: [weather] }));
    const first = toolCall("1", "weather", { city: "Lisbon" }, { raw: '{ "city": "Lisbon" }' });
    const second = toolCall("2", "weather", { city: "Porto" });
    const result = (id: string, value: number) => ({
      type: "tool-result",
      id,
      name: "weather",
      output: [{ type: "json", value: { degrees: value } }],
    });
    expect(events).toEqual([
      { type: "start", model: "scripted-1" },
      { type: "text-delta", index: 0, text: "I ask." },
      { type: "part", index: 0, part: text("I ask.") },
      { type: "tool-call-start", index: 1, id: "1", name: "weather" },
      { type: "tool-call-delta", index: 1, text: '{ "city": "Lisbon" }' },
      { type: "tool-call-start", index: 2, id: "2", name: "weather" },
      { type: "tool-call-delta", index: 2, text: '{"city":"Porto"}' },
      { type: "part", index: 1, part: { ...first, executed: true } },
      { type: "part", index: 2, part: { ...second, executed: true } },
      { type: "usage", usage: { input: 10, output: 5 } },
      { type: "part", index: 3, part: { ...result("1", 21), executed: true } },
      { type: "part", index: 4, part: { ...result("2", 17), executed: true } },
      { type: "text-delta", index: 5, text: "Lisbon." },
      { type: "part", index: 5, part: text("Lisbon.") },
      {
        type: "finish",
        finishReason: "stop",
        usage: { input: 50, output: 7, cachedInput: 10 },
        attempts: [expect.objectContaining({ outcome: "finished" }), expect.objectContaining({ outcome: "finished" })],
      },
    ]);
    // What the model is told: its calls as it made them, byte for byte, and the results in a turn of their own.
    expect(model.requests[1]!.messages).toEqual([
      ...messages,
      { role: "assistant", content: [text("I ask."), first, second] },
      { role: "tool", content: [result("1", 21), result("2", 17)] },
    ]);
  });

  test("tells models of tools in plain data, without their functions", async () => {
    const model = calls(text("No need."));
    await resultOf(model, {});
    const { tools } = model.requests[0]!;
    expect(structuredClone(tools)).toEqual([
      { type: "function", name: "weather", input: expect.objectContaining({ type: "object" }) },
    ]);
  });

  test("gives, as a whole or in pieces, an answer whose turns go on where it ended", async () => {
    const lines = [{ content: [toolCall("1", "weather", { city: "Porto" })] }, "17."];
    const model = scriptedModel(lines);
    const result = await resultOf(model, {});
    expect(toolCallsOf(result)).toEqual([]);
    expect(messagesOf(result)).toEqual([
      ...model.requests[1]!.messages.slice(1),
      { role: "assistant", content: [text("17.")] },
    ]);

    const whole = scriptedModel(lines);
    const reply = await runTools(whole, { messages, tools: [weather], stream: false });
    expect(reply.arrived.finishReason).toBe("stop");
    expect(whole.requests.map(({ stream }) => stream)).toEqual([false, false]);
    const { content, usage } = await reply.result();
    expect({ content, usage }).toEqual({ content: result.content, usage: result.usage });
  });

  test("counts cost over all steps, on the finish and on the error", async () => {
    const lines = [
      { content: [toolCall("1", "weather", { city: "Porto" })] },
      new ModelError("no", { code: "server" }),
    ];
    const model = scriptedModel(lines).with(
      (inner) => (request) =>
        inner.call({
          ...request,
          notify(notice: Notice) {
            if (notice.type === "attempt" && notice.attempt.outcome !== "running") {
              Object.assign(notice.attempt, { cost: { total: 5 } });
            }
            request.notify?.(notice);
          },
        }),
    );
    await expect(read(runTools(model, { messages, tools: [weather] }))).rejects.toMatchObject({
      code: "server",
      attempts: [{ outcome: "finished" }, { outcome: "failed" }],
      cost: { total: 10 },
      partial: { content: [{ type: "tool-call" }, { type: "tool-result" }], usage: { input: 10, output: 5 } },
    });
  });

  test("runs the calls of a step side by side, and gives results in the order of the calls", async () => {
    const running: string[] = [];
    const ends: (() => void)[] = [];
    const slow = defineTool({
      name: "slow",
      input: z.object({ at: z.string() }),
      execute: ({ at }) =>
        new Promise<string>((resolve) => {
          running.push(at);
          ends.push(() => resolve(at));
          if (ends.length === 3) for (const end of ends.toReversed()) end();
        }),
    });
    const model = calls(...["a", "b", "c"].map((at) => toolCall(at, "slow", { at })));
    const { content } = await resultOf(model, { tools: [slow] });
    expect(running).toEqual(["a", "b", "c"]);
    expect(resultsIn(content).map(({ output }) => output)).toEqual(["a", "b", "c"]);
  });

  test("gives a tool what the schema makes of the arguments, and the circumstances of the request", async () => {
    const execute = vi.fn<(input: object, context: object) => string>(() => "ok");
    const tool = defineTool({ name: "t", input: z.object({ days: z.coerce.number().default(3) }), execute });
    const notify = vi.fn<(notice: Notice) => void>();
    await resultOf(calls(toolCall("7", "t", {})), { tools: [tool], tags: { tenant: "acme" }, notify });
    expect(execute).toHaveBeenCalledExactlyOnceWith(
      { days: 3 },
      { callId: "7", tags: { tenant: "acme" }, signal: expect.any(AbortSignal), notify: expect.any(Function) },
    );
  });

  describe("tells the model, and runs nothing", () => {
    const execute = vi.fn<() => string>(() => "ran");
    const tool = defineTool({ name: "t", input: z.object({ city: z.string() }), execute });

    test.each([
      ["arguments that are not JSON", toolCall("1", "t", '{"city', { invalid: true }), /not JSON/],
      ["arguments that do not fit", toolCall("1", "t", { city: 7 }), /`city` .*expected string/],
      ["arguments that are too long", toolCall("1", "t", { city: "" }, { raw: "x".repeat(101) }), /longer than 100/],
      ["a tool that does not exist", toolCall("1", "q", {}), /no tool "q".*: t\./],
    ])("%s", async (_, call, output) => {
      const { content } = await resultOf(calls(call), { tools: [tool], inputLimit: 100 });
      expect(resultsIn(content)).toMatchObject([{ id: "1", isError: true, output: expect.stringMatching(output) }]);
      expect(content.at(-1)).toEqual(text("Done."));
      expect(execute).not.toHaveBeenCalled();
    });

    test.each([
      ["are not JSON", toolCall("1", "t", "{", { invalid: true }), /"t" wrongly.*not JSON/],
      ["do not fit", toolCall("1", "t", { city: 7 }), /"t" wrongly.*`city`/],
    ])("but throws, if so asked, when arguments %s", async (_, call, message) => {
      const asked = read(runTools(calls(text("So:"), call), { messages, tools: [tool], onInvalid: "throw" }));
      await expect(asked).rejects.toMatchObject({
        code: "parse",
        message: expect.stringMatching(message),
        partial: { content: [text("So:"), call] },
        attempts: [{}],
      });
    });

    test.each(["length", "content-filter", "refusal", "budget"] as const)(
      "and does not answer, calls of an answer that ended with %s",
      async (finishReason) => {
        const call = toolCall("1", "t", { city: "Porto" });
        const model = scriptedModel([{ content: [call], finishReason }]);
        const result = await resultOf(model, { tools: [tool] });
        expect(result).toMatchObject({ finishReason, content: [call] });
        expect(execute).not.toHaveBeenCalled();
        expect(model.requests).toHaveLength(1);
      },
    );

    test("of calls that the provider runs itself", async () => {
      const call = toolCall("1", "t", {}, { executed: true });
      const model = scriptedModel([{ content: [call, text("Found.")], finishReason: "stop" }]);
      expect((await resultOf(model, { tools: [tool] })).content).toEqual([call, text("Found.")]);
      expect(execute).not.toHaveBeenCalled();
    });
  });

  test("runs calls even where the provider ends their answer with stop", async () => {
    const model = scriptedModel([
      { content: [toolCall("1", "weather", { city: "Porto" })], finishReason: "stop" },
      "17.",
    ]);
    expect((await resultOf(model, {})).content).toHaveLength(3);
  });

  test("tells the model what a tool threw, by its message alone", async () => {
    const tool = defineTool({
      name: "t",
      input: z.object({}),
      execute: () => {
        throw new TypeError("no such city", { cause: "secret" });
      },
    });
    const { content } = await resultOf(calls(toolCall("1", "t", {})), { tools: [tool] });
    expect(resultsIn(content)).toEqual([
      { type: "tool-result", id: "1", name: "t", output: "no such city", isError: true, executed: true },
    ]);
  });

  test("tells the model when a tool gave back what is no JSON", async () => {
    const ring: Record<string, never> = {};
    Object.assign(ring, { ring });
    const tool = defineTool({ name: "t", input: z.object({}), execute: () => ring });
    const { content } = await resultOf(calls(toolCall("1", "t", {})), { tools: [tool] });
    expect(resultsIn(content)).toMatchObject([{ isError: true, output: expect.stringMatching(/circular/) }]);
  });

  test("ends when a tool says that the whole call is off", async () => {
    const execute = () => Promise.reject(new ModelError("The user left.", { code: "aborted" }));
    const tool = defineTool({ name: "t", input: z.object({}), execute });
    const asked = resultOf(calls(toolCall("1", "t", {})), { tools: [tool] });
    await expect(asked).rejects.toMatchObject({ code: "aborted", message: "The user left." });
  });

  describe("stops a model that goes round in circles:", () => {
    const round = (index: number) => ({ content: [toolCall(String(index), "weather", { city: "Porto" })] });

    test("the same call with the same arguments", async () => {
      const model = scriptedModel([round(1)]);
      await expect(resultOf(model, {})).rejects.toMatchObject({
        code: "parse",
        message: expect.stringMatching(/"weather" with the same arguments more than 3 times/),
        attempts: [{}, {}, {}, {}],
      });
    });

    test("tools that do not exist, whatever they are called", async () => {
      const model = scriptedModel(["a", "b", "c"].map((name) => ({ content: [toolCall("1", name, {})] })));
      const asked = resultOf(model, { repeats: 2 });
      await expect(asked).rejects.toMatchObject({
        code: "parse",
        message: expect.stringMatching(/"c" the last.*2 times/),
      });
    });

    test("but not one that asks for something else each time, or as often as it may", async () => {
      const model = scriptedModel([round(1), round(2), round(3), "17."]);
      expect((await resultOf(model, {})).finishReason).toBe("stop");
      const other = scriptedModel(
        Array.from("abcdef")
          .map((city) => ({ content: [toolCall("1", "weather", { city })] }))
          .concat([{ content: [] }]),
      );
      expect((await resultOf(other, { repeats: 1 })).finishReason).toBe("stop");
    });
  });

  test("ends when the steps are used up, with the last calls left to the caller and a warning", async () => {
    const model = scriptedModel(
      Array.from("abc").map((city) => ({
        content: [toolCall(city, "weather", { city })],
        warnings: [{ code: "dropped", message: city }],
      })),
    );
    const result = await resultOf(model, { steps: 2 });
    expect(model.requests).toHaveLength(2);
    expect(result.finishReason).toBe("tool-calls");
    expect(toolCallsOf(result).map(({ id }) => id)).toEqual(["b"]);
    expect(result.warnings.map(({ code, message }) => [code, message.slice(0, 30)])).toEqual([
      ["dropped", "a"],
      ["dropped", "b"],
      ["steps", "The model called tools in its "],
    ]);
  });

  test("a forced call is forced once", async () => {
    const model = calls(toolCall("1", "weather", { city: "Porto" }));
    await resultOf(model, { toolChoice: "required" });
    expect(model.requests.map(({ toolChoice }) => toolChoice)).toEqual(["required", "auto"]);
  });

  test("is cached only if every step was", async () => {
    const call = { content: [toolCall("1", "weather", { city: "Porto" })] };
    const cached = { cached: true } as const;
    expect(await resultOf(scriptedModel([{ ...call, ...cached }, { ...cached }]), {})).toMatchObject(cached);
    expect(await resultOf(scriptedModel([{ ...call, ...cached }, {}]), {})).not.toHaveProperty("cached");
  });

  describe("leaves to the caller", () => {
    const tell = defineTool({ name: "tell", input: z.object({}) });
    const pay = defineTool({ name: "pay", input: z.object({}), needsApproval: true, execute: () => "paid" });

    test.each([
      ["a tool without a function", tell],
      ["a tool that needs approval where nobody is asked", pay],
      ["a tool that it only knows by description", { name: "plain", input: { type: "object" } }],
    ])("%s, and ends there", async (_, tool) => {
      const model = calls(toolCall("1", tool.name, {}));
      const result = await resultOf(model, { tools: [tool] });
      expect(result.finishReason).toBe("tool-calls");
      expect(toolCallsOf(result)).toEqual([toolCall("1", tool.name, {})]);
      expect(model.requests).toHaveLength(1);
    });

    test("no more than that: other calls of the same step are answered", async () => {
      const model = calls(toolCall("1", "tell", {}), toolCall("2", "weather", { city: "Porto" }));
      const result = await resultOf(model, { tools: [tell, weather] });
      expect(result.finishReason).toBe("tool-calls");
      expect(toolCallsOf(result)).toEqual([toolCall("1", "tell", {})]);
      expect(resultsIn(result.content).map(({ id }) => id)).toEqual(["2"]);
      expect(model.requests).toHaveLength(1);
    });
  });

  describe("asks for approval", () => {
    const execute = vi.fn<() => string>(() => "done");
    const tool = (name: string, needsApproval?: boolean) =>
      defineTool({
        name,
        input: z.object({ sum: z.number() }),
        execute,
        ...(needsApproval !== undefined && { needsApproval }),
      });

    test("one call at a time, of every tool that does not say that it needs none", async () => {
      const seen: string[] = [];
      let open = 0;
      const approve = async ({ name, input }: PendingCall) => {
        expect(++open).toBe(1);
        await Promise.resolve();
        open--;
        seen.push(`${name} ${JSON.stringify(input)}`);
        return true;
      };
      const tools = [tool("a"), tool("b", true), tool("c", false)];
      const model = calls(...tools.map(({ name }) => toolCall(name, name, { sum: 1 })));
      const { content } = await resultOf(model, { tools, approve });
      expect(seen).toEqual(['a {"sum":1}', 'b {"sum":1}']);
      expect(resultsIn(content).map(({ output }) => output)).toEqual(["done", "done", "done"]);
    });

    test("and answers what is not approved with an error result, without running it", async () => {
      execute.mockClear();
      const { content } = await resultOf(calls(toolCall("1", "a", { sum: 1 })), {
        tools: [tool("a")],
        approve: () => false,
      });
      expect(resultsIn(content)).toMatchObject([{ isError: true, output: expect.stringMatching(/not approved/) }]);
      expect(execute).not.toHaveBeenCalled();
    });

    test("depending on the arguments, where the tool says so", async () => {
      const approve = vi.fn<() => boolean>(() => true);
      const pay = defineTool({
        name: "pay",
        input: z.object({ sum: z.number() }),
        needsApproval: ({ sum }) => sum > 100,
        execute: ({ sum }) => `${sum}`,
      });
      const model = calls(toolCall("1", "pay", { sum: 5 }), toolCall("2", "pay", { sum: 500 }));
      await resultOf(model, { tools: [pay], approve });
      expect(approve).toHaveBeenCalledExactlyOnceWith({ id: "2", name: "pay", input: { sum: 500 }, tool: pay });
    });

    test("never of arguments that do not fit", async () => {
      const approve = vi.fn<() => boolean>();
      await resultOf(calls(toolCall("1", "a", { sum: "x" })), { tools: [tool("a")], approve });
      expect(approve).not.toHaveBeenCalled();
    });

    test("and ends when the asking fails", async () => {
      execute.mockClear();
      const approve = () => Promise.reject(new Error("nobody is there"));
      const asked = resultOf(calls(toolCall("1", "a", { sum: 1 })), { tools: [tool("a")], approve });
      await expect(asked).rejects.toMatchObject({ code: "unknown", message: "nobody is there" });
      expect(execute).not.toHaveBeenCalled();
    });
  });

  describe("ends at once, and leaves nothing on a shared signal,", () => {
    function shared() {
      const stop = new AbortController();
      const added = vi.spyOn(stop.signal, "addEventListener");
      const clean = () => {
        expect(added).toHaveBeenCalled();
        expect(getEventListeners(stop.signal, "abort")).toEqual([]);
      };
      return { stop, signal: stop.signal, clean };
    }

    test("when it went well", async () => {
      const { signal, clean } = shared();
      const result = await resultOf(calls(toolCall("1", "weather", { city: "Porto" })), { signal });
      expect(result.finishReason).toBe("stop");
      clean();
    });

    test("when it was refused", async () => {
      const { signal, clean } = shared();
      await expect(resultOf(scriptedModel([new Error("no")]), { signal })).rejects.toThrow("no");
      clean();
    });

    test("when it is called off under a tool that hangs, which is told", async () => {
      const { tool, started, stopped } = hanging();
      const { stop, signal, clean } = shared();
      const asked = resultOf(calls(toolCall("1", "hang", {})), { tools: [tool], signal });
      await started;
      stop.abort();
      await expect(asked).rejects.toMatchObject({
        code: "aborted",
        partial: { content: [{ id: "1" }] },
        attempts: [{}],
      });
      expect(stopped()).toBe(true);
      clean();
    });

    test("when its reply is cancelled under a tool that hangs, which is told", async () => {
      const { tool, started, stopped } = hanging();
      const { signal, clean } = shared();
      const reply = await runTools(calls(toolCall("1", "hang", {})), { messages, tools: [tool], signal });
      const reading = read(Promise.resolve(reply));
      await started;
      reply.cancel();
      expect((await reading).at(-1)).toMatchObject({ type: "usage" });
      await expect(reply.result()).rejects.toMatchObject({ code: "aborted" });
      expect(stopped()).toBe(true);
      clean();
    });

    test("when the deadline passes under a tool that hangs, which is told", async () => {
      const { tool, stopped } = hanging();
      const asked = resultOf(calls(toolCall("1", "hang", {})), { tools: [tool], deadline: Date.now() + 20 });
      await expect(asked).rejects.toMatchObject({ code: "timeout", phase: "total" });
      expect(stopped()).toBe(true);
    });

    test("when approval is waited for", async () => {
      const { stop, signal, clean } = shared();
      const approve = () => {
        setTimeout(() => stop.abort(), 2);
        return new Promise<boolean>(() => {});
      };
      const asked = resultOf(calls(toolCall("1", "weather", { city: "Porto" })), { signal, approve });
      await expect(asked).rejects.toMatchObject({ code: "aborted" });
      clean();
    });

    test("and a yes that comes too late runs nothing, and asks nothing more", async () => {
      const { stop, signal } = shared();
      const execute = vi.fn<() => string>();
      const tool = defineTool({ name: "t", input: z.object({}), execute });
      let say: (yes: boolean) => void;
      const approve = vi.fn<() => Promise<boolean>>(() => {
        setTimeout(() => stop.abort(), 2);
        return new Promise((resolve) => (say = resolve));
      });
      const model = calls(toolCall("1", "t", {}), toolCall("2", "t", {}));
      await expect(resultOf(model, { tools: [tool], signal, approve })).rejects.toMatchObject({ code: "aborted" });
      say!(true);
      await new Promise((resolve) => setImmediate(resolve));
      expect(approve).toHaveBeenCalledTimes(1);
      expect(execute).not.toHaveBeenCalled();
    });

    test("when the model is waited for, in a later step", async () => {
      const { stop, signal, clean } = shared();
      let told: AbortSignal | undefined;
      const model = scriptedModel([
        { content: [toolCall("1", "weather", { city: "Porto" })] },
        (request) => {
          told = request.signal;
          setTimeout(() => stop.abort(), 2);
          return new Promise(() => {});
        },
      ]);
      await expect(resultOf(model, { signal })).rejects.toMatchObject({ code: "aborted" });
      expect(told!.aborted).toBe(true);
      clean();
    });

    test("when it was called off before it began", async () => {
      const execute = vi.fn<() => string>();
      const tool = defineTool({ name: "t", input: z.object({}), execute });
      const model = calls(toolCall("1", "t", {}));
      await expect(resultOf(model, { tools: [tool], signal: AbortSignal.abort() })).rejects.toMatchObject({
        code: "aborted",
      });
      expect(model.requests).toHaveLength(0);
    });

    test("when its reader leaves in a later step", async () => {
      const { signal, clean } = shared();
      const model = calls(toolCall("1", "weather", { city: "Porto" }));
      for await (const event of await runTools(model, { messages, tools: [weather], signal })) {
        if (event.type === "text-delta") break;
      }
      expect(model.requests[1]!.signal!.aborted).toBe(true);
      clean();
    });
  });

  test("gives what a step had said before it failed, calls included, which nobody answers", async () => {
    const call = toolCall("1", "weather", { city: "Porto" });
    let reads = 0;
    const model = scriptedModel([
      () =>
        Replies.open({
          pull: () =>
            reads++ > 0
              ? Promise.reject(new ModelError("gone", { code: "network" }))
              : Promise.resolve([
                  { type: "start", model: "m" },
                  { type: "part", index: 0, part: text("So:") },
                  { type: "part", index: 1, part: call },
                ]),
        }),
    ]);
    await expect(resultOf(model, {})).rejects.toMatchObject({
      code: "network",
      partial: { content: [text("So:"), call] },
    });
  });

  test("waits, before the next step, until the layers behind it have booked the last", async () => {
    let booked = 0;
    const model = scriptedModel([
      { content: [toolCall("1", "weather", { city: "Porto" })] },
      (request) => {
        expect(booked).toBe(1);
        return Promise.resolve(
          Replies.of({
            model: "m",
            content: [text(request.messages.at(-1)!.role)],
            finishReason: "stop",
            usage: {},
            warnings: [],
          }),
        );
      },
    ]).with((inner) => async (request) => {
      const reply = await inner.call(request);
      return reply.onEnd(async () => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        booked++;
      });
    });
    const reply = await runTools(model, { messages, tools: [weather] });
    expect(await reply.text()).toBe("tool");
    expect(booked).toBe(2);
  });

  test("bears arguments that are enormous, nested ten thousand deep, or named like a prototype", async () => {
    const seen = vi.fn<(input: unknown) => string>(() => "ok");
    const tree: z.ZodType = z.lazy(() => z.array(tree));
    const tools = [
      defineTool({ name: "text", input: z.object({ text: z.string() }), execute: seen }),
      defineTool({ name: "tree", input: z.object({ tree }), execute: seen }),
      defineTool({ name: "map", input: z.object({}).catchall(z.any()), execute: seen }),
    ];
    const call = (name: string, raw: string) => toolCall(name, name, JSON.parse(raw), { raw });
    const { content } = await resultOf(
      calls(
        call("text", JSON.stringify({ text: "x".repeat(5_000_000) })),
        call("tree", `{"tree":${"[".repeat(10_000)}${"]".repeat(10_000)}}`),
        call("map", '{"__proto__":{"polluted":true},"constructor":1}'),
      ),
      { tools },
    );
    expect(resultsIn(content).map(({ id, isError }) => [id, isError])).toEqual([
      ["text", true],
      ["tree", true],
      ["map", undefined],
    ]);
    expect(seen).toHaveBeenCalledTimes(1);
    expect(seen.mock.calls[0]![0]).toHaveProperty("constructor", 1);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test("numbers its parts without a gap and without a double, and deltas add up to them, over any steps", async () => {
    const said = fc.array(fc.string({ minLength: 1 }), { maxLength: 3 });
    const small = fc.integer({ min: 1, max: 6 });
    const steps = fc.array(fc.tuple(said, fc.integer({ min: 1, max: 3 })), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(steps, said, small, small, async (before, last, piece, batch) => {
        const lines = before.map(([texts, count], step) => ({
          content: [
            ...texts.map(text),
            ...Array.from({ length: count }, (_, at) =>
              toolCall(`${step}.${at}`, "weather", { city: `${step}.${at}` }),
            ),
          ],
        }));
        const model = scriptedModel([...lines, { content: last.map(text) }], { piece, batch });
        const events = await read(runTools(model, { messages, tools: [weather] }));

        const parts: AssistantPart[] = [];
        const deltas = new Map<number, string>();
        for (const event of events) {
          if (event.type === "text-delta") deltas.set(event.index, (deltas.get(event.index) ?? "") + event.text);
          if (event.type !== "part") continue;
          expect(parts[event.index]).toBeUndefined();
          parts[event.index] = event.part;
        }
        const texts = parts.flatMap((part, index) => (part.type === "text" ? [[index, part.text]] : []));
        expect([...deltas]).toEqual(texts);
        const sizes = before.reduce((sum, [texts, count]) => sum + texts.length + 2 * count, last.length);
        expect(Object.keys(parts)).toHaveLength(sizes);
        expect(parts).toHaveLength(sizes);
        expect(events.filter(({ type }) => type === "start")).toHaveLength(1);
        expect(events.findIndex(({ type }) => type === "finish")).toBe(events.length - 1);
        expect((events.at(-1) as { usage: object }).usage).toEqual({
          input: 10 * (before.length + 1),
          output: 5 * (before.length + 1),
        });
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ["steps", 0],
    ["repeats", 1.5],
    ["inputLimit", Number.NaN],
  ])("refuses a `%s` of %d before anything is asked", async (name, count) => {
    const model = calls();
    await expect(resultOf(model, { [name]: count })).rejects.toMatchObject({
      code: "invalid-request",
      message: expect.stringContaining(`\`${name}\``),
    });
    expect(model.requests).toHaveLength(0);
  });
});
