import type { Warning } from "@plugboard/core";
import { repairToolTurns, stringOf } from "@plugboard/wire";
import type { Block } from "./messages.ts";
import type { Turn } from "./turns.ts";

/**
 * Makes calls and results stand as Anthropic wants them. What is not there is told as failed, and what answers no call becomes text.
 *
 * @param toolName - the tool of a call, by the call's id
 */
export function answeredTurns(
  turns: readonly Turn[],
  toolName: (id: string) => string,
  warn: (warning: Warning) => void,
): Turn[] {
  return repairToolTurns(turns, {
    callOf: ({ type, id }) => (type === "tool_use" ? (stringOf(id) ?? "") : undefined),
    resultOf: ({ type, tool_use_id: id }) => (type === "tool_result" ? (stringOf(id) ?? "") : undefined),
    missing(id) {
      const message = `The call ${id} has no result; Anthropic is told that it failed.`;
      warn({ code: "adapted", path: "messages", message });
      return { type: "tool_result", tool_use_id: id, content: "The tool gave no result.", is_error: true };
    },
    orphan({ content = "" }, id) {
      const message = `The result ${id} answers no call before it; it is sent as text.`;
      warn({ code: "adapted", path: "messages", message });
      const title = `Result of ${toolName(id)}:`;
      return typeof content === "string"
        ? [{ type: "text", text: `${title}\n${content}` }]
        : [{ type: "text", text: title }, ...(content as Block[])];
    },
  });
}
