import type { AssistantPart, FunctionTool, Json, JsonObject, Tool, Warning } from "@plugboard/core";
import { itemsAt, listOf, objectAt, objectOf, refusedField, stringOf, textAt } from "@plugboard/wire";
import type { Conversation, ConversationMessage } from "../conversation.ts";
import { defineFormat } from "../define-format.ts";
import type { Format, ReadConversation } from "../format.ts";
import { outputText } from "../output-text.ts";
import { partsOf } from "../parts-of.ts";

/**
 * ShareGPT, as trainers read it: `{ conversations: [{ from, value }], system, tools }`. Calls are `function_call` and their results
 * `observation`, in order, as LLaMA-Factory has them.
 */
export const shareGpt: Format = /* @__PURE__ */ defineFormat({
  name: "sharegpt",
  title: "ShareGPT",
  holds: {
    conversation: ["id"],
    message: [],
    system: "anywhere",
    reasoning: "none",
    tools: "calls",
    isError: false,
    jsonOutput: false,
    toolDefinitions: true,
    files: [],
    filenames: [],
    sources: false,
    citations: false,
    owners: [],
  },
  read: readConversation,
  list: "conversations",
  write: writeConversation,
});

const speakers: Readonly<Record<string, "system" | "user" | "assistant">> = {
  system: "system",
  human: "user",
  user: "user",
  gpt: "assistant",
  assistant: "assistant",
  chatgpt: "assistant",
  bing: "assistant",
  bard: "assistant",
};

function readConversation(json: Json): ReadConversation {
  const { conversations, id, system, tools } = objectAt(json, "conversation");
  const messages: ConversationMessage[] = [];
  if (typeof system === "string" && system !== "") messages.push({ role: "system", content: system });
  const open: { readonly id: string; readonly name: string }[] = [];
  let calls = 0;

  itemsAt(conversations, "conversations").forEach((value, place) => {
    const path = `conversations[${place}]`;
    const turn = objectAt(value, path);
    const from = textAt(turn["from"], `${path}.from`);
    const text = textAt(turn["value"], `${path}.value`);
    const last = messages.at(-1);
    switch (from) {
      case "function_call": {
        const made = readCalls(text, `${path}.value`).map((call): AssistantPart =>
          Object.assign({ type: "tool-call" as const, id: `call_${calls++}` }, call),
        );
        for (const call of made) if (call.type === "tool-call") open.push(call);
        if (last?.role === "assistant")
          messages[messages.length - 1] = { ...last, content: [...partsOf(last.content), ...made] };
        else messages.push({ role: "assistant", content: made });
        return;
      }
      case "observation":
      case "tool": {
        const { id: callId, name } = open.shift() ?? { id: `call_${calls++}`, name: "tool" };
        const result = { type: "tool-result" as const, id: callId, name, output: text };
        if (last?.role === "tool") messages[messages.length - 1] = { ...last, content: [...last.content, result] };
        else messages.push({ role: "tool", content: [result] });
        return;
      }
    }
    const role = speakers[from];
    if (!role) throw refusedField(`${path}.from`, "system, human, gpt, function_call or observation", from);
    messages.push({ role, content: text });
  });
  const told = readTools(tools);
  return {
    conversation: {
      ...(typeof id === "string" && { id }),
      messages,
      ...(told.length > 0 && { tools: told }),
    },
    losses: [],
  };
}

/** One call, or a list of them, as JSON. */
function readCalls(text: string, path: string): { readonly name: string; readonly input: Json }[] {
  const value = parsed(text, path);
  const list = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return list.map((each) => {
    const call = objectAt(each, path);
    return { name: textAt(call["name"], `${path}.name`), input: call["arguments"] ?? {} };
  });
}

/** Tools are a list, or the JSON of one. */
function readTools(tools: Json | undefined): Tool[] {
  if (tools === undefined || tools === null || tools === "") return [];
  const list = typeof tools === "string" ? parsed(tools, "tools") : tools;
  return itemsAt(list, "tools").map((each, place): FunctionTool => {
    const tool = objectAt(each, `tools[${place}]`);
    const told = objectOf(tool["function"]) ?? tool;
    const description = stringOf(told["description"]);
    const name = textAt(told["name"], `tools[${place}].name`);
    const input = objectOf(told["parameters"]) ?? { type: "object", properties: {} };
    return description === undefined ? { name, input } : { name, description, input };
  });
}

function parsed(text: string, path: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw refusedField(path, "JSON", text.slice(0, 60));
  }
}

function writeConversation({ id, messages, tools = [] }: Conversation): {
  readonly json: Json;
  readonly warnings: readonly Warning[];
} {
  const turns: JsonObject[] = [];
  const warnings: Warning[] = [];
  const [first] = messages;
  const system = first?.role === "system" ? first.content : undefined;
  messages.forEach((message, place) => {
    if (system !== undefined && place === 0) return;
    const path = `messages[${place}]`;
    if (message.role === "tool") {
      for (const part of message.content)
        if (part.type === "tool-result") turns.push({ from: "observation", value: outputText(part) });
      return;
    }
    if (message.role === "system") {
      turns.push({ from: "system", value: message.content });
      return;
    }
    const from = message.role === "user" ? "human" : "gpt";
    const parts = partsOf(message.content);
    const text = parts.map((part) => (part.type === "text" ? part.text : "")).join("");
    const calls = parts.flatMap((part) =>
      part.type === "tool-call" ? [{ name: part.name, arguments: part.input }] : [],
    );
    parts.forEach((part, index) => {
      if (part.type !== "text" && part.type !== "tool-call" && part.type !== "tool-result")
        warnings.push({
          code: "dropped",
          path: `${path}.content[${index}]`,
          message: `ShareGPT has text and calls alone, no ${part.type}.`,
        });
    });
    if (text !== "" || calls.length === 0) turns.push({ from, value: text });
    if (calls.length > 0)
      turns.push({ from: "function_call", value: JSON.stringify(calls.length === 1 ? calls[0] : calls) });
    for (const part of parts)
      if (part.type === "tool-result") turns.push({ from: "observation", value: outputText(part) });
  });
  const told = listOf(
    tools.flatMap((tool) =>
      tool.type === "provider"
        ? []
        : [
            {
              name: tool.name,
              ...(tool.description !== undefined && { description: tool.description }),
              parameters: tool.input,
            },
          ],
    ),
  );
  return {
    json: {
      ...(id !== undefined && { id }),
      ...(system !== undefined && { system }),
      ...(told.length > 0 && { tools: JSON.stringify(told) }),
      conversations: turns,
    },
    warnings,
  };
}
