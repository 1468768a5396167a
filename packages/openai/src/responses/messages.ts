import { ModelError } from "@plugboard/core";
import type { JsonObject, Message, Owned, ToolMessage, ToolResultPart } from "@plugboard/core";
import { mergeProviderOptions, noResult, takeResult } from "@plugboard/wire";
import { ownData, warn } from "../shared/writing.ts";
import { writeContent } from "./content.ts";
import { outputItem, writeOutput, writeResult } from "./results.ts";
import { writeTurn } from "./turn.ts";
import type { ResponsesWriting } from "./writing.ts";
import { isCustom, itemOf } from "./writing.ts";

/**
 * A conversation as items, in its order. The protocol wants every call answered and no answer to a call that nobody made; a
 * conversation that is otherwise is mended, with a warning.
 *
 * @throws {ModelError} `invalid-request` for a conversation that says nothing; `unsupported` for a file that cannot be sent
 */
export function writeInput(messages: readonly Message[], writing: ResponsesWriting): JsonObject[] {
  const input: JsonObject[] = [];
  const answered = new Set<ToolResultPart>();

  messages.forEach((message, place) => {
    const path = `messages[${place}]`;
    switch (message.role) {
      case "system":
        input.push(own(message, path, { role: writing.systemRole, content: message.content }, writing));
        return;
      case "user": {
        const { content } = message;
        const said = typeof content === "string" ? content : writeContent(content, `${path}.content`, writing);
        input.push(own(message, path, { role: "user", content: said }, writing));
        return;
      }
      case "assistant": {
        const { items, calls } = writeTurn(message, path, writing);
        if (items.length === 0) warn(writing, "dropped", path, "The turn says nothing that can be sent.");
        input.push(...items);
        for (const call of calls) {
          const found = takeResult(call, { messages, place, answered }, (warning) => writing.warnings.push(warning));
          const custom = isCustom(call, writing);
          if (found) input.push(writeResult(found.result, custom, found.path, writing));
          else input.push(outputItem(call.id, custom, noResult));
        }
        return;
      }
      case "tool":
        writeOthers(message, path, answered, writing, input);
        return;
    }
  });
  if (input.length > 0) return input;
  throw new ModelError("`messages` must say something; every one of them is empty.", {
    code: "invalid-request",
    provider: writing.dialect.provider,
    model: writing.model,
  });
}

/** The message with what the vendor wants handed back with it. */
function own(message: Owned, path: string, written: JsonObject, writing: ResponsesWriting): JsonObject {
  const data = ownData(message, path, writing);
  return data ? mergeProviderOptions(written, data) : written;
}

/** What else a message of results holds: items of the provider's own, and results of calls that are not in the conversation. */
function writeOthers(
  message: ToolMessage,
  path: string,
  answered: ReadonlySet<ToolResultPart>,
  writing: ResponsesWriting,
  input: JsonObject[],
): void {
  message.content.forEach((part, place) => {
    const at = `${path}.content[${place}]`;
    if (part.type === "opaque") {
      const item = itemOf(part, writing);
      if (item) input.push(item);
      else warn(writing, "dropped", at, `An item of kind ${part.kind} means nothing to ${writing.dialect.provider}.`);
      return;
    }
    if (answered.has(part)) return;
    if (writing.stored) {
      input.push(writeResult(part, isCustom(part, writing), at, writing));
      return;
    }
    warn(writing, "adapted", at, `No call has the id ${part.id}; the result is sent as words of the user.`);
    const output = writeOutput(part, at, writing);
    const intro = `Result of the tool ${part.name}:`;
    const content =
      typeof output === "string" ? `${intro} ${output}` : [{ type: "input_text", text: intro }, ...output];
    input.push({ role: "user", content });
  });
}
