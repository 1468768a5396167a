import type { Message, Model, ModelRequest, ModelResult } from "@plugboard/core";
import { ModelReply, defineModel, messagesOf, reasoningOf, textOf, toolCallsOf } from "@plugboard/core";
import { anyRequest } from "@plugboard/recordings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyResult } from "../any-result.arbitrary.ts";
import { fromLangChain } from "./from-lang-chain.ts";
import { toLangChain } from "./to-lang-chain.ts";

/** There and back, and what the model behind both was asked. */
function behindBoth(result: ModelResult): { readonly model: Model; readonly asked: ModelRequest[] } {
  const asked: ModelRequest[] = [];
  const model = defineModel({
    provider: "acme",
    id: "acme-1",
    call(request) {
      asked.push(request);
      return Promise.resolve(ModelReply.of(result));
    },
  });
  // A conversation is what is compared.
  return { model: fromLangChain(toLangChain(model), { callOptions: () => ({}) }), asked };
}

const done: ModelResult = {
  model: "acme-1",
  content: [{ type: "text", text: "ok" }],
  finishReason: "stop",
  usage: {},
  warnings: [],
};

test("an answer that goes to LangChain and comes back is the same", async () => {
  await fc.assert(
    fc.asyncProperty(anyResult, async (result) => {
      const { model } = behindBoth(result);
      const { attempts: _, ...back } = await model.generate("Hi");
      const { created: __, warnings: ___, ...wanted } = result;
      expect(back).toEqual({ ...wanted, warnings: [] });
    }),
    { numRuns: 300 },
  );
});

test("a streamed answer says the same, and ends the same", async () => {
  // LangChain mends broken arguments where it adds chunks up.
  const whole = anyResult.filter(({ content }) => content.every((part) => part.type !== "tool-call" || !part.invalid));
  await fc.assert(
    fc.asyncProperty(whole, async (result) => {
      const back = await (await behindBoth(result).model.stream("Hi")).result();
      expect(textOf(back)).toBe(textOf(result));
      expect(reasoningOf(back)).toBe(reasoningOf(result));
      expect(callsOf(back)).toEqual(callsOf(result));
      expect([back.finishReason, back.usage, back.id]).toEqual([result.finishReason, result.usage, result.id]);
    }),
    { numRuns: 200 },
  );
});

test("a conversation that goes to LangChain and comes back is the same", async () => {
  await fc.assert(
    fc.asyncProperty(anyRequest, async ({ messages, ...rest }) => {
      const { model, asked } = behindBoth(done);
      const { output: _, toolChoice: __, tools: ___, ...settings } = rest;
      await model.generate({ ...settings, messages });
      expect(asked[0]!.messages.map(form)).toEqual(messages.flatMap(ofTheirs).reduce<Message[]>(joined, []).map(form));
    }),
    { numRuns: 300 },
  );
});

function callsOf(result: ModelResult): unknown {
  return toolCallsOf(result).map(({ id, name, input }) => ({ id, name, input }));
}

/** What a layer ran is told as turns; results of tools are all that stands among them. */
function ofTheirs(message: Message): Message[] {
  if (message.role === "tool") {
    const content = message.content.filter(({ type }) => type === "tool-result");
    return content.length > 0 ? [{ role: "tool", content }] : [];
  }
  return message.role === "assistant" && typeof message.content !== "string"
    ? messagesOf({ content: message.content })
    : [message];
}

function joined(messages: Message[], message: Message): Message[] {
  const last = messages.at(-1);
  if (message.role !== "tool" || last?.role !== "tool") return [...messages, message];
  return [...messages.slice(0, -1), { role: "tool", content: [...last.content, ...message.content] }];
}

/** Text as a list, nothing that says nothing. */
function form(message: Message): unknown {
  const content: readonly object[] =
    typeof message.content === "string"
      ? message.content === ""
        ? []
        : [{ type: "text", text: message.content }]
      : message.content;
  return {
    role: message.role,
    content: content.map((part) => Object.fromEntries(Object.entries(part).filter(([, value]) => value !== false))),
  };
}
