import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { ModelError, textOf, toolCallsOf } from "@plugboard/core";
import type { Draft, Message, ModelEvent, ModelRequest, ModelResult } from "@plugboard/core";
import { pieces, testModel } from "../test-model.ts";
import { redact } from "./redact.ts";

const ask = (content: string, more: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [{ role: "user", content }],
  ...more,
});
const sentTo = (requests: readonly ModelRequest[]): unknown => requests.at(-1)!.messages.map(({ content }) => content);

describe("what is sent", () => {
  test("holds tokens for addresses, keys and names, the same for the same value", async () => {
    const { model, requests } = testModel(() => "fine");
    const hidden = model.with(redact({ names: ["Ada", "Ada Lovelace", "Zoë"] }));
    await hidden.generate(
      ask(
        "Ada Lovelace <ada@example.com>, ADA (not Adam), zoë: sk-abcdefghijklmnop1234, ada@example.com, Ada Lovelace.",
      ),
    );
    expect(sentTo(requests)).toEqual([
      "<NAME_1> <<EMAIL_1>>, <NAME_2> (not Adam), <NAME_3>: <KEY_1>, <EMAIL_1>, <NAME_1>.",
    ]);
  });

  test("is redacted in all messages, in what tools were called with and what they gave back", async () => {
    const messages: readonly Message[] = [
      { role: "system", content: "You work for ada@example.com." },
      {
        role: "user",
        content: [
          { type: "text", text: "Ask ada@example.com" },
          { type: "file", mediaType: "a/b", data: new Uint8Array([1]) },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "Hm, ada@example.com", providerData: { test: { signature: "s" } } },
          {
            type: "tool-call",
            id: "1",
            name: "mail",
            input: { to: "ada@example.com" },
            raw: '{"to": "ada@example.com"}',
          },
        ],
      },
      {
        role: "tool",
        content: [
          {
            type: "tool-result",
            id: "1",
            name: "mail",
            output: [{ type: "json", value: { "bob@example.com": ["ada@example.com"] } }],
          },
        ],
      },
    ];
    const before = JSON.stringify(messages);
    const { model, requests } = testModel(() => "fine");
    await model.with(redact()).generate({ messages, suffix: "or ada@example.com" });
    expect(JSON.stringify(requests[0])).not.toContain("example.com");
    expect(requests[0]).toMatchObject({
      suffix: "or <EMAIL_1>",
      messages: [
        { content: "You work for <EMAIL_1>." },
        { content: [{ text: "Ask <EMAIL_1>" }, { type: "file" }] },
        {
          content: [
            { text: "Hm, <EMAIL_1>", providerData: { test: { signature: "s" } } },
            { input: { to: "<EMAIL_1>" }, raw: '{"to":"<EMAIL_1>"}', name: "mail", id: "1" },
          ],
        },
        { content: [{ output: [{ value: { "<EMAIL_2>": ["<EMAIL_1>"] } }] }] },
      ],
    });
    expect(JSON.stringify(messages)).toBe(before);
  });

  test("holds what is asked for, and nothing else", async () => {
    const { model, requests } = testModel(() => "fine");
    const text = "Call +15551234567 or ada@example.com";
    await model.with(redact({ emails: false, patterns: { PHONE: /\+\d{6,14}/ } })).generate(ask(text));
    expect(sentTo(requests)).toEqual(["Call <PHONE_1> or ada@example.com"]);
    const untouched = ask("nothing to hide");
    await model.with(redact()).generate(untouched);
    expect(requests.at(-1)!.messages).toBe(untouched.messages);
  });

  test("takes names that belong to a call", async () => {
    const { model, requests } = testModel(() => "fine");
    const hidden = model.with(redact({ names: ({ tags }) => [tags?.["customer"] ?? ""] }));
    await hidden.generate(ask("Dear Grace (a.k.a. G+)", { tags: { customer: "Grace" } }));
    expect(sentTo(requests)).toEqual(["Dear <NAME_1> (a.k.a. G+)"]);
    await hidden.generate(ask("Dear Grace", {}));
    expect(sentTo(requests)).toEqual(["Dear Grace"]);
  });

  test("uses no token that the prompt already holds: such a text stands for itself", async () => {
    const { model, requests } = testModel(() => "Send it to <EMAIL_1>, <EMAIL_2> and <EMAIL_9>.");
    const result = await model.with(redact()).generate(ask("What is <EMAIL_1>? Mail ada@example.com."));
    expect(sentTo(requests)).toEqual(["What is <EMAIL_1>? Mail <EMAIL_2>."]);
    expect(textOf(result)).toBe("Send it to <EMAIL_1>, ada@example.com and <EMAIL_9>.");
  });
});

describe("what is answered", () => {
  test("holds the values again, streamed and whole, and what is no token comes at once", async () => {
    const { model } = testModel(() => pieces(["Mail <EM", "AIL_", "1> if 1 <", " 2, <b>now</b>."]));
    const hidden = model.with(redact());
    const reply = await hidden.stream(ask("I am ada@example.com"));
    const deltas: string[] = [];
    for await (const event of reply) if (event.type === "text-delta") deltas.push(event.text);
    expect(deltas).toEqual(["Mail ", "ada@example.com if 1 ", "< 2, <b>now</b>."]);
    const whole = textOf(await hidden.generate(ask("I am ada@example.com")));
    expect(whole).toBe(deltas.join(""));
  });

  test("holds them in thoughts and in what tools are called with", async () => {
    const content: ModelResult["content"] = [
      { type: "reasoning", text: "To <NAME_1>?", providerData: { test: { signature: "s" } } },
      {
        type: "tool-call",
        id: "1",
        name: "mail",
        input: { to: ["<EMAIL_1>"], "<NAME_1>": 1 },
        raw: '{"to":["<EMAIL_1>"],"<NAME_1>":1}',
      },
    ];
    const { model } = testModel(() => ({ content, finishReason: "tool-calls" }));
    const hidden = model.with(redact({ names: ['Ada "the Countess"'] }));
    const result = await hidden.generate(ask('Ada "the Countess", ada@example.com'));
    expect(result.content[0]).toEqual({
      type: "reasoning",
      text: 'To Ada "the Countess"?',
      providerData: { test: { signature: "s" } },
    });
    const [call] = toolCallsOf(result);
    expect(call!.input).toEqual({ to: ["ada@example.com"], 'Ada "the Countess"': 1 });
    expect(JSON.parse(call!.raw!)).toEqual(call!.input);
  });

  test("stays JSON where JSON was asked for", async () => {
    const { model } = testModel(() => '{"name": "<NAME_1>"}');
    const hidden = model.with(redact({ names: ['Ada "the Countess"'] }));
    const result = await hidden.generate(ask('Ada "the Countess"', { output: {} }));
    expect(JSON.parse(textOf(result))).toEqual({ name: 'Ada "the Countess"' });
  });

  test("holds them in what is left of a failure", async () => {
    const { model } = testModel(() =>
      pieces(["To <EMAIL_1> and <EMA"], () => Promise.reject(new ModelError("Cut.", { code: "truncated" }))),
    );
    const reply = await model.with(redact()).stream(ask("I am ada@example.com"));
    const text = "To ada@example.com and ";
    await expect(reply.text()).rejects.toMatchObject({ code: "truncated", partial: { content: [{ text }] } });
  });

  test("sent back in the next call has the tokens that it had", async () => {
    const { model, requests } = testModel(() => "<NAME_1> it is, <EMAIL_1>.");
    const hidden = model.with(redact({ names: ["Ada"] }));
    const first = ask("Ada, ada@example.com");
    const { content } = await hidden.generate(first);
    const more = { role: "user", content: "bob@example.com?" } as const;
    await hidden.generate({ messages: [...first.messages, { role: "assistant", content }, more] });
    expect(sentTo(requests)).toEqual([
      "<NAME_1>, <EMAIL_1>",
      [{ type: "text", text: "<NAME_1> it is, <EMAIL_1>." }],
      "<EMAIL_2>?",
    ]);
  });
});

describe("with a memory", () => {
  test("a value has its token in every call, also when what came before is left out", async () => {
    const memory = new Map<string, string>();
    const { model, requests } = testModel(() => "Write to <EMAIL_1> and <EMAIL_2>.");
    const hidden = model.with(redact({ memory }));
    await hidden.generate(ask("ada@example.com"));
    const result = await hidden.generate(ask("bob@example.com"));
    expect(sentTo(requests)).toEqual(["<EMAIL_2>"]);
    expect(textOf(result)).toBe("Write to ada@example.com and bob@example.com.");
    expect([...memory]).toEqual([
      ["<EMAIL_1>", "ada@example.com"],
      ["<EMAIL_2>", "bob@example.com"],
    ]);
    await hidden.generate(ask("bob@example.com, eve@example.com, ada@example.com"));
    expect(sentTo(requests)).toEqual(["<EMAIL_2>, <EMAIL_3>, <EMAIL_1>"]);
    const other = model.with(
      redact({ memory: new Map(JSON.parse(JSON.stringify([...memory])) as [string, string][]) }),
    );
    expect(textOf(await other.generate(ask("And now?")))).toBe("Write to ada@example.com and bob@example.com.");
  });

  test("conversations are kept apart, and a call without one stands alone", async () => {
    const memories = new Map([
      ["a", new Map<string, string>()],
      ["b", new Map<string, string>()],
    ]);
    const { model } = testModel(() => "<EMAIL_1>");
    const hidden = model.with(redact({ memory: ({ tags }) => memories.get(tags?.["talk"] ?? "") }));
    await hidden.generate(ask("ada@example.com", { tags: { talk: "a" } }));
    expect(textOf(await hidden.generate(ask("Who?", { tags: { talk: "b" } })))).toBe("<EMAIL_1>");
    expect(textOf(await hidden.generate(ask("Who?")))).toBe("<EMAIL_1>");
    expect(textOf(await hidden.generate(ask("Who?", { tags: { talk: "a" } })))).toBe("ada@example.com");
    expect(memories.get("b")!.size).toBe(0);
  });

  test("a token that the user writes himself stands for itself, and its value has another from then on", async () => {
    const memory = new Map([["<EMAIL_1>", "ada@example.com"]]);
    const { model, requests } = testModel(() => "<EMAIL_1> and <EMAIL_2>");
    const result = await model.with(redact({ memory })).generate(ask("What is <EMAIL_1>? I am ada@example.com."));
    expect(sentTo(requests)).toEqual(["What is <EMAIL_1>? I am <EMAIL_2>."]);
    expect(textOf(result)).toBe("<EMAIL_1> and ada@example.com");
    expect([...memory]).toEqual([["<EMAIL_2>", "ada@example.com"]]);
  });

  test("that holds no tokens, or that fails, nothing is sent", async () => {
    const { model, requests } = testModel(() => "fine");
    const oops = (): never => {
      throw new Error("oops");
    };
    for (const options of [{ memory: new Map([["x", "y"]]) }, { memory: oops }, { names: oops }]) {
      await expect(model.with(redact(options)).generate(ask("hello"))).rejects.toMatchObject({
        code: "invalid-request",
        message: expect.stringMatching(/`(memory|names)`/),
      });
    }
    expect(requests).toHaveLength(0);
  });
});

test("whatever is hidden never reaches the model, and all of it is back in the answer, however that is cut", async () => {
  const secret = fc.constantFrom(
    "ada@example.com",
    "a.b+c@mail.example.org",
    "sk-abcdefghijklmnop1234",
    "Ada Lovelace",
    "Zoë",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdef",
  );
  const word = fc.oneof(secret, fc.constantFrom("and", "<EMAIL_1>", "<", ">", "<NAME_", "EMAIL_2>", "1", "😀", "adam"));
  const separator = fc.constantFrom(" ", ", ", "\n", " (", ") ");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(word, separator), { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }),
      fc.boolean(),
      async (words, cuts, inTool) => {
        const text = words.map(([word, separator]) => word + separator).join("") || "nothing";
        // The model repeats what it is told, in text or in a call of a tool.
        const { model, requests } = testModel(({ messages }) => echo(messages[0]!.content as string));
        async function* echo(said: string): AsyncGenerator<Draft> {
          const written = inTool ? JSON.stringify({ said }) : said;
          const events: ModelEvent[] = inTool ? [{ type: "tool-call-start", index: 0, id: "1", name: "say" }] : [];
          for (let at = 0, turn = 0; at < written.length; turn++) {
            const piece = written.slice(at, at + cuts[turn % cuts.length]!);
            at += piece.length;
            events.push({ type: inTool ? "tool-call-delta" : "text-delta", index: 0, text: piece });
          }
          const part = inTool
            ? ({ type: "tool-call", id: "1", name: "say", input: { said }, raw: written } as const)
            : ({ type: "text", text: said } as const);
          for (const event of events) yield event;
          yield { type: "part", index: 0, part };
          yield { finishReason: "stop", usage: {} };
        }
        const hidden = model.with(redact({ names: ["Ada Lovelace", "Ada", "Zoë"] }));
        const reply = await hidden.stream(ask(text));
        let deltas = "";
        for await (const event of reply) if ("text" in event) deltas += event.text;
        const result = await reply.result();
        expect(inTool ? JSON.parse(deltas) : deltas).toEqual(inTool ? { said: text } : text);
        expect(inTool ? toolCallsOf(result)[0]!.input : textOf(result)).toEqual(inTool ? { said: text } : text);
        expect(JSON.stringify(requests[0]!.messages)).not.toMatch(/example|sk-a|Lovelace|Zoë|eyJ/);
      },
    ),
    { numRuns: 300 },
  );
});

test.each(["phone", "A B", "1A", ""])("refuses a pattern by the name of %o", (name) => {
  expect(() => redact({ patterns: { [name]: /x/ } })).toThrow(
    expect.objectContaining({ code: "invalid-request", message: expect.stringContaining("`patterns`") }),
  );
});
