import type { ModelRequest } from "./request.ts";
import type { Range } from "./refused.ts";
import { checkNumber, refused } from "./refused.ts";

const roles = new Set(["system", "user", "assistant", "tool"]);

const numbers = {
  maxOutputTokens: { least: 1, whole: true },
  temperature: { least: 0 },
  topP: { least: 0, most: 1 },
  topK: { least: 0, whole: true },
  presencePenalty: { least: -2, most: 2 },
  frequencyPenalty: { least: -2, most: 2 },
  seed: { least: Number.MIN_SAFE_INTEGER, whole: true },
  deadline: { least: 0 },
  attemptTimeout: { least: 0 },
} as const satisfies { readonly [Name in keyof ModelRequest]?: Range };

const numberNames = Object.keys(numbers) as (keyof typeof numbers)[];

/**
 * Refuses what no provider can answer, before anything is sent.
 *
 * @throws {ModelError} `invalid-request`, with the field and the accepted values
 */
export function checkRequest(request: ModelRequest): void {
  const { messages, tools, toolChoice, stop } = request;
  if (!Array.isArray(messages) || messages.length === 0) {
    throw refused("messages", "a list with at least one message", messages);
  }
  messages.forEach((message, place) => {
    if (!roles.has(message?.role))
      throw refused(`messages[${place}].role`, "system, user, assistant or tool", message?.role);
    const { content } = message;
    const fits = Array.isArray(content) || (typeof content === "string" && message.role !== "tool");
    if (!fits)
      throw refused(
        `messages[${place}].content`,
        message.role === "tool" ? "a list of results" : "text or a list of parts",
        content,
      );
  });
  for (const name of numberNames) {
    if (request[name] !== undefined) checkNumber(name, request[name], numbers[name]);
  }
  if (typeof request.reasoning === "object") {
    checkNumber("reasoning.budgetTokens", request.reasoning.budgetTokens, { least: 0, whole: true });
  }
  if (stop && !stop.every((text) => typeof text === "string" && text !== "")) {
    throw refused("stop", "a list of texts that are not empty", stop);
  }
  if (tools) checkTools(tools);
  if (typeof toolChoice === "object" && !tools?.some((tool) => nameOf(tool) === toolChoice.name)) {
    throw refused("toolChoice.name", "the name of one of the tools", toolChoice.name);
  }
}

function checkTools(tools: NonNullable<ModelRequest["tools"]>): void {
  const names = new Set<string>();
  tools.forEach((tool, place) => {
    const name = nameOf(tool);
    if (typeof name !== "string" || name === "") throw refused(`tools[${place}].name`, "a name", name);
    if (names.has(name)) throw refused(`tools[${place}].name`, "a name that no other tool has", name);
    names.add(name);
  });
}

function nameOf(tool: NonNullable<ModelRequest["tools"]>[number]): string {
  return tool.type === "provider" ? (tool.name ?? tool.id) : tool.name;
}
