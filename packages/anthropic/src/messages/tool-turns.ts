import type { Warning } from "@plugboard/core";
import type { Block } from "./messages.ts";
import type { Turn } from "./turns.ts";
import { stringOf } from "./narrow.ts";

/**
 * Makes calls and results stand as Anthropic wants them: each call of an assistant's turn has exactly one result, first in the user's
 * turn right after it. A result that is late is brought there, one that is missing is replaced by an error, and one that answers no
 * call becomes text.
 *
 * @param toolName - the tool of a call, by the call's id
 */
export function repairToolTurns(
  turns: readonly Turn[],
  toolName: (id: string) => string,
  warn: (warning: Warning) => void,
): Turn[] {
  const repaired: Turn[] = [];
  const rest = turns.map(({ role, blocks }) => ({ role, blocks: [...blocks] }));

  while (rest.length > 0) {
    const turn = rest.shift()!;
    const open = turn.role === "assistant" ? turn.blocks.filter(isCall).map(({ id }) => stringOf(id) ?? "") : [];
    const before = repaired.at(-1);
    // Taking a turn's results away may have left nothing of it.
    if (turn.blocks.length === 0) continue;
    if (turn.role === "user") tellOrphans(turn);
    if (before?.role === turn.role) before.blocks.push(...turn.blocks);
    else repaired.push(turn);
    if (open.length === 0) continue;

    const results = [...new Set(open)].map((id) => takeResult(id) ?? missing(id));
    const next = rest[0]?.role === "user" ? rest.shift()!.blocks : [];
    const answer: Turn = { role: "user", blocks: next };
    tellOrphans(answer);
    answer.blocks.unshift(...results);
    repaired.push(answer);
  }
  return repaired;

  function takeResult(id: string): Block | undefined {
    for (const { role, blocks } of rest) {
      if (role === "assistant" && blocks.some((block) => isCall(block) && block["id"] === id)) return undefined;
      const place = role === "user" ? blocks.findIndex((block) => isResult(block) && block["tool_use_id"] === id) : -1;
      if (place >= 0) return blocks.splice(place, 1)[0];
    }
    return undefined;
  }

  function missing(id: string): Block {
    const message = `The call ${id} has no result; Anthropic is told that it failed.`;
    warn({ code: "adapted", path: "messages", message });
    return { type: "tool_result", tool_use_id: id, content: "The tool gave no result.", is_error: true };
  }

  function tellOrphans({ blocks }: Turn): void {
    for (let place = 0; place < blocks.length; place++) {
      const block = blocks[place]!;
      if (!isResult(block)) continue;
      const id = stringOf(block["tool_use_id"]) ?? "";
      warn({
        code: "adapted",
        path: "messages",
        message: `The result ${id} answers no call before it; it is sent as text.`,
      });
      const content = block["content"] ?? "";
      const title = `Result of ${toolName(id)}:`;
      const told: Block[] =
        typeof content === "string"
          ? [{ type: "text", text: `${title}\n${content}` }]
          : [{ type: "text", text: title }, ...(content as Block[])];
      blocks.splice(place, 1, ...told);
      place += told.length - 1;
    }
  }
}

function isCall({ type }: Block): boolean {
  return type === "tool_use";
}

function isResult({ type }: Block): boolean {
  return type === "tool_result";
}
