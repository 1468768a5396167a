import type { AssistantPart, Json, Warning } from "@plugboard/core";
import { objectAt, refusedField, textAt } from "@plugboard/wire";
import type { Conversation, ConversationMessage } from "../conversation.ts";
import { defineFormat } from "../define-format.ts";
import type { Format, Loss, ReadConversation } from "../format.ts";
import { readWatched } from "../losses/read-watched.ts";
import { outputText } from "../output-text.ts";
import { partsOf } from "../parts-of.ts";

/**
 * ChatML: one text, `<|im_start|>user` to `<|im_end|>`, in `{ text }` or by itself. Thoughts stand in `<think>`, calls in `<tool_call>` and
 * results in `<tool_response>`, as the templates of Qwen and Hermes have them.
 */
export const chatMl: Format = /* @__PURE__ */ defineFormat({
  name: "chatml",
  title: "ChatML",
  holds: {
    conversation: [],
    message: [],
    system: "anywhere",
    reasoning: "any",
    tools: "calls",
    isError: false,
    jsonOutput: false,
    toolDefinitions: false,
    files: [],
    filenames: [],
    sources: false,
    citations: false,
    owners: [],
  },
  read: (json) => readWatched(json, readConversation),
  tellsAll: true,
  write: writeConversation,
});

const turnPattern = /<\|im_start\|>([^\n]*)\n([\s\S]*?)<\|im_end\|>/g;
const thoughtPattern = /^<think>\n?([\s\S]*?)\n?<\/think>\n?/;
const callPattern = /\n?<tool_call>\n([\s\S]*?)\n<\/tool_call>/g;
const resultPattern = /<tool_response>\n([\s\S]*?)\n<\/tool_response>/g;

function readConversation(json: Json): ReadConversation {
  const text = typeof json === "string" ? json : textAt(objectAt(json, "conversation")["text"], "text");
  const messages: ConversationMessage[] = [];
  const open: { readonly id: string; readonly name: string }[] = [];
  let calls = 0;
  const losses: Loss[] = [];
  let turns = 0;
  let end = 0;
  const tellBetween = (until: number): void => {
    if (text.slice(end, until).trim() !== "")
      losses.push({
        path: `text[${end}]`,
        what: "text",
        why: "It stands in no turn, from <|im_start|> to <|im_end|>.",
      });
  };
  for (const { 0: turn, 1: role = "", 2: said = "", index } of text.matchAll(turnPattern)) {
    tellBetween(index);
    end = index + turn.length;
    const path = `text, turn ${turns++}`;
    switch (role.trim()) {
      case "system":
      case "user": {
        // Qwen has results as a turn of the user.
        const results = [...said.matchAll(resultPattern)];
        if (role.trim() === "user" && results.length > 0) addResults(results.map(([, output = ""]) => output));
        else messages.push({ role: role.trim() as "system" | "user", content: said });
        break;
      }
      case "assistant": {
        const made = [...said.matchAll(callPattern)].map(([, call = ""]): AssistantPart => {
          const { name, arguments: input = {} } = objectAt(parsed(call, path), path);
          return { type: "tool-call", id: `call_${calls++}`, name: textAt(name, `${path}, name`), input };
        });
        for (const call of made) if (call.type === "tool-call") open.push(call);
        const rest = said.replaceAll(callPattern, "");
        const [whole, thought] = thoughtPattern.exec(rest) ?? [];
        const words = whole === undefined ? rest : rest.slice(whole.length);
        const content: AssistantPart[] = [
          ...(thought !== undefined ? [{ type: "reasoning" as const, text: thought }] : []),
          ...(words !== "" ? [{ type: "text" as const, text: words }] : []),
          ...made,
        ];
        messages.push({ role: "assistant", content });
        break;
      }
      case "tool": {
        const results = [...said.matchAll(resultPattern)].map(([, output = ""]) => output);
        addResults(results.length > 0 ? results : [said]);
        break;
      }
      default:
        throw refusedField(path, "of system, user, assistant or tool", role);
    }
  }
  if (turns === 0) throw refusedField("text", "turns from <|im_start|> to <|im_end|>", text.slice(0, 60));
  tellBetween(text.length);
  return { conversation: { messages }, losses };

  function addResults(outputs: readonly string[]): void {
    const results = outputs.map((output) => {
      const { id, name } = open.shift() ?? { id: `call_${calls++}`, name: "tool" };
      return { type: "tool-result" as const, id, name, output };
    });
    const last = messages.at(-1);
    if (last?.role === "tool") messages[messages.length - 1] = { ...last, content: [...last.content, ...results] };
    else messages.push({ role: "tool", content: results });
  }
}

function parsed(text: string, path: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw refusedField(`${path}, <tool_call>`, "JSON", text.slice(0, 60));
  }
}

function writeConversation({ messages }: Conversation): { readonly json: Json; readonly warnings: readonly Warning[] } {
  const warnings: Warning[] = [];
  const turns = messages.map((message, place) => {
    const path = `messages[${place}]`;
    const parts = partsOf(message.content);
    parts.forEach((part, index) => {
      if (part.type === "file" || part.type === "source" || part.type === "opaque")
        warnings.push({
          code: "dropped",
          path: `${path}.content[${index}]`,
          message: `ChatML is text, and has no ${part.type}.`,
        });
    });
    const said = message.role === "assistant" ? writeAnswer(parts) : writeParts(parts);
    const inert = withoutMarks(said);
    if (inert !== said)
      warnings.push({
        code: "adapted",
        path,
        message: "A mark of ChatML within the text would end the turn, so it is broken up.",
      });
    return `<|im_start|>${message.role}\n${inert}<|im_end|>\n`;
  });
  return { json: { text: turns.join("") }, warnings };
}

function writeAnswer(parts: readonly AssistantPart[]): string {
  const thoughts = parts.filter((part) => part.type === "reasoning");
  const thought = thoughts.length > 0 ? `<think>\n${thoughts.map(({ text }) => text).join("\n")}\n</think>\n` : "";
  const text = parts.map((part) => (part.type === "text" ? part.text : "")).join("");
  const calls = parts.flatMap((part) =>
    part.type === "tool-call"
      ? [`<tool_call>\n${JSON.stringify({ name: part.name, arguments: part.input })}\n</tool_call>`]
      : [],
  );
  const words = thought + text;
  return calls.length === 0 ? words : `${words}${words === "" ? "" : "\n"}${calls.join("\n")}`;
}

function writeParts(parts: readonly AssistantPart[]): string {
  const results = parts.filter((part) => part.type === "tool-result");
  if (results.length > 0)
    return results.map((part) => `<tool_response>\n${outputText(part)}\n</tool_response>`).join("\n");
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** What a user wrote cannot begin or end a turn. */
function withoutMarks(text: string): string {
  return text.replaceAll("<|im_", "<| im_");
}
