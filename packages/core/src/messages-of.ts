import type { Message } from "./message.ts";
import type { AssistantPart, ToolResultPart } from "./part.ts";
import type { ModelResult } from "./result.ts";

/**
 * The turns that an answer stands for, to put after those that were asked: what the model said, and the results of the tools that
 * `runTools` ran, each in a turn of its own. What the provider ran itself stays where it was.
 *
 * @example
 * const result = await (await runTools(model, { messages, tools })).result();
 * const next = [...messages, ...messagesOf(result), { role: "user", content: "And in Faro?" }];
 */
export function messagesOf({ content }: Pick<ModelResult, "content">): Message[] {
  const ours = new Set(content.filter(isOurs).map(({ id }) => id));
  const messages: Message[] = [];
  let said: AssistantPart[] = [];
  let results: ToolResultPart[] = [];

  for (const part of content) {
    if (isOurs(part)) {
      const { executed: _, ...result } = part;
      results.push(result);
      continue;
    }
    if (results.length > 0) turn();
    if (part.type === "tool-call" && part.executed && ours.has(part.id)) {
      const { executed: _, ...call } = part;
      said.push(call);
    } else said.push(part);
  }
  turn();
  return messages;

  function turn(): void {
    if (said.length > 0) messages.push({ role: "assistant", content: said });
    if (results.length > 0) messages.push({ role: "tool", content: results });
    said = [];
    results = [];
  }
}

/** A result without anything of a provider's on it is one that a layer of ours made. */
function isOurs(part: AssistantPart): part is ToolResultPart {
  return part.type === "tool-result" && part.executed === true && part.providerData === undefined;
}
