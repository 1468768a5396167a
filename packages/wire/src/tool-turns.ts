/** One turn on the wire, before it is written. */
export interface WireTurn<Block> {
  readonly role: "user" | "assistant" | "system";
  readonly blocks: Block[];
}

/** How calls and results are known, and what stands for those that lack the other. */
export interface ToolTurnRules<Block> {
  /** The id of the call that a block is; `undefined` for any other. */
  readonly callOf: (block: Block) => string | undefined;
  /** The id of the call that a block is the result of; `undefined` for any other. */
  readonly resultOf: (block: Block) => string | undefined;
  /** Stands for the result of a call that has none. */
  readonly missing: (id: string) => Block;
  /** Stands for a result whose call is not there. */
  readonly orphan: (block: Block, id: string) => readonly Block[];
}

/**
 * Makes calls and results stand as providers with two roles want them: each call of an assistant's turn has exactly one result, first
 * in the user's turn right after it. A result that is late is brought there, one that is missing is replaced, and one that answers no
 * call is too. The turns that are given are left as they were.
 *
 * @example
 * repairToolTurns(turns, {
 *   callOf: (block) => (block.type === "tool_use" ? block.id : undefined),
 *   resultOf: (block) => (block.type === "tool_result" ? block.tool_use_id : undefined),
 *   missing: (id) => ({ type: "tool_result", tool_use_id: id, content: "The tool gave no result.", is_error: true }),
 *   orphan: (block) => [{ type: "text", text: JSON.stringify(block.content) }],
 * });
 */
export function repairToolTurns<Block>(
  turns: readonly WireTurn<Block>[],
  { callOf, resultOf, missing, orphan }: ToolTurnRules<Block>,
): WireTurn<Block>[] {
  const repaired: WireTurn<Block>[] = [];
  const rest = turns.map(({ role, blocks }) => ({ role, blocks: [...blocks] }));

  while (rest.length > 0) {
    const turn = rest.shift()!;
    const open = turn.role === "assistant" ? turn.blocks.flatMap((block) => callOf(block) ?? []) : [];
    const before = repaired.at(-1);
    // Taking a turn's results away may have left nothing of it.
    if (turn.blocks.length === 0) continue;
    if (turn.role === "user") tellOrphans(turn.blocks);
    if (before?.role === turn.role) before.blocks.push(...turn.blocks);
    else repaired.push(turn);
    if (open.length === 0) continue;

    const results = [...new Set(open)].map((id) => takeResult(id) ?? missing(id));
    const next = rest[0]?.role === "user" ? rest.shift()!.blocks : [];
    tellOrphans(next);
    repaired.push({ role: "user", blocks: [...results, ...next] });
  }
  return repaired;

  function takeResult(id: string): Block | undefined {
    for (const { role, blocks } of rest) {
      if (role === "assistant" && blocks.some((block) => callOf(block) === id)) return undefined;
      const place = role === "user" ? blocks.findIndex((block) => resultOf(block) === id) : -1;
      if (place >= 0) return blocks.splice(place, 1)[0];
    }
    return undefined;
  }

  function tellOrphans(blocks: Block[]): void {
    for (let place = 0; place < blocks.length; place++) {
      const block = blocks[place]!;
      const id = resultOf(block);
      if (id === undefined) continue;
      const told = orphan(block, id);
      blocks.splice(place, 1, ...told);
      place += told.length - 1;
    }
  }
}
