import type { AssistantPart, Message, Model, ModelRequest, ModelResult, Tool } from "@plugboard/core";
import { ModelReply, defineModel, messagesOf } from "@plugboard/core";
import { anyRequest } from "@plugboard/recordings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyResult } from "../any-result.arbitrary.ts";
import { fromAiSdk } from "./from-ai-sdk.ts";
import { toAiSdk } from "./to-ai-sdk.ts";

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
  return { model: fromAiSdk(toAiSdk(model)), asked };
}

const done: ModelResult = {
  model: "acme-1",
  content: [{ type: "text", text: "ok" }],
  finishReason: "stop",
  usage: {},
  warnings: [],
};

test("an answer that goes to the AI SDK and comes back is the same, whole and streamed", async () => {
  await fc.assert(
    fc.asyncProperty(anyResult, fc.boolean(), async (result, stream) => {
      const { model } = behindBoth(result);
      const reply = stream ? await (await model.stream("Hi")).result() : await model.generate("Hi");
      const { attempts: _, ...back } = reply;
      expect(back).toEqual(result);
    }),
    { numRuns: 300 },
  );
});

test("a request that goes to the AI SDK and comes back asks the same", async () => {
  await fc.assert(
    fc.asyncProperty(anyRequest, async (request) => {
      const { model, asked } = behindBoth(done);
      await model.generate({
        ...request,
        providerOptions: { openai: { service_tier: "flex" }, google: { safetySettings: [] } },
      });
      const { notify: _, signal: __, stream: ___, ...back } = asked[0]!;
      const { stream: ____, ...wanted } = inTheirForm(request);
      expect(back).toEqual({
        ...wanted,
        providerOptions: { openai: { service_tier: "flex" }, google: { safetySettings: [] } },
      });
    }),
    { numRuns: 300 },
  );
});

test("what a request loses on the way is told, by its place", async () => {
  const { model } = behindBoth(done);
  const { warnings } = await model.generate({
    messages: [
      { role: "user", content: "Hi" },
      { role: "assistant", content: [{ type: "source", url: "https://a.example" }] },
      { role: "tool", content: [{ type: "opaque", kind: "note", providerData: {} }] },
      { role: "user", content: "And?" },
    ],
    suffix: "end",
    reasoning: { budgetTokens: 5000 },
  });
  expect(warnings).toMatchObject([
    { code: "adapted", path: "reasoning" },
    { code: "dropped", path: "suffix" },
    { code: "dropped", path: "messages[1]" },
    { code: "dropped", path: "messages[2]" },
  ]);
});

/** The same request as the AI SDK's contract has it: content in lists, nothing empty, what it has no place for left out. */
function inTheirForm({ messages, tools, stop, ...rest }: ModelRequest): ModelRequest {
  return {
    ...rest,
    messages: messages.flatMap(messageForm),
    ...(tools && tools.length > 0 && { tools: tools.map(toolForm) }),
    ...(stop && stop.length > 0 && { stop }),
  };
}

function messageForm(message: Message): Message[] {
  const owned = ownedForm(message);
  if (message.role === "system") return [{ role: "system", content: message.content, ...owned }];
  if (message.role === "user") {
    const { content } = message;
    return [
      {
        role: "user",
        content: typeof content === "string" ? [{ type: "text", text: content }] : content.map(bare),
        ...owned,
      },
    ];
  }
  if (message.role === "tool") {
    return [
      { role: "tool", content: message.content.filter(({ type }) => type === "tool-result").map(bare), ...owned },
    ];
  }
  const content: readonly AssistantPart[] =
    typeof message.content === "string" ? [{ type: "text", text: message.content }] : message.content;
  const turns = messagesOf({ content });
  if (turns.length === 0) return [{ role: "assistant", content: [], ...owned }];
  return turns.map((turn, place): Message => {
    const parts = (turn.content as readonly AssistantPart[]).filter(({ type }) => type !== "source").map(bare);
    return Object.assign({ role: turn.role, content: parts }, place === 0 && owned) as Message;
  });
}

/** Without what says nothing: empty data, `isError: false`, arguments as they are written anyway. */
function bare<Part extends object>(part: Part): Part {
  const form: Record<string, unknown> = Object.fromEntries(Object.entries(part));
  if (Object.keys((form["providerData"] as object | undefined) ?? {}).length === 0 && form["type"] !== "opaque")
    delete form["providerData"];
  if (form["isError"] === false) delete form["isError"];
  if (form["raw"] === JSON.stringify(form["input"]) && !form["invalid"]) delete form["raw"];
  if (Array.isArray(form["output"])) form["output"] = (form["output"] as object[]).map(bare);
  return form as Part;
}

function ownedForm({ providerData }: Message): Pick<Message, "providerData"> {
  return providerData && Object.keys(providerData).length > 0 ? { providerData } : {};
}

function toolForm(tool: Tool): Tool {
  if (tool.type !== "provider") return { ...tool, type: "function" };
  const { name, ...rest } = tool;
  return { ...rest, ...(name !== undefined && name !== tool.id.split(".")[1] && { name }) };
}
