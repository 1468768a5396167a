import fc from "fast-check";
import { expect, test } from "vitest";
import type { WireTurn } from "./tool-turns.ts";
import { repairToolTurns } from "./tool-turns.ts";

// Blocks are words: `?a` calls, `=a` is its result, anything else is text.
const rules = {
  callOf: (block: string) => (block.startsWith("?") ? block.slice(1) : undefined),
  resultOf: (block: string) => (block.startsWith("=") ? block.slice(1) : undefined),
  missing: (id: string) => `=${id}`,
  orphan: (block: string) => [`orphan ${block.slice(1)}`],
};

function repaired(...turns: readonly string[]): string[] {
  const read = turns.map((turn): WireTurn<string> => {
    const [role, ...blocks] = turn.split(" ");
    return { role: role === "a" ? "assistant" : "user", blocks };
  });
  return repairToolTurns(read, rules).map(({ role, blocks }) => [role[0], ...blocks].join(" "));
}

test("leaves a sound conversation as it is", () => {
  const turns = ["u hello", "a let ?1 ?2", "u =1 =2 and", "a done"];
  expect(repaired(...turns)).toEqual(turns);
});

test("brings late results to their call, first in the turn, and joins what then stands side by side", () => {
  expect(repaired("u go", "a ?1", "u wait", "a well", "u =1 more")).toEqual([
    "u go",
    "a ?1",
    "u =1 wait",
    "a well",
    "u more",
  ]);
  expect(repaired("u go", "a ?1", "u wait =1")).toEqual(["u go", "a ?1", "u =1 wait"]);
  expect(repaired("a ?1", "u wait", "a well", "u =1", "a so")).toEqual(["a ?1", "u =1 wait", "a well so"]);
});

test("gives a result to a call without one, and words to a result without a call", () => {
  expect(repaired("u go", "a ?1")).toEqual(["u go", "a ?1", "u =1"]);
  expect(repaired("u =9 go", "a ?1 ?1", "u =1 =1")).toEqual(["u orphan 9 go", "a ?1 ?1", "u =1 orphan 1"]);
});

test("keeps the results of an id that is used again apart", () => {
  expect(repaired("a ?1", "a ?1", "u =1")).toEqual(["a ?1", "u =1", "a ?1", "u =1"]);
});

test("is idempotent, and leaves every call with exactly its result after it, whatever stands there", () => {
  const word = fc.constantFrom("?1", "?2", "=1", "=2", "text");
  const turn = fc.record({
    role: fc.constantFrom("user" as const, "assistant" as const),
    blocks: fc.array(word, { maxLength: 4 }),
  });
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 6 }), (turns) => {
      const before = structuredClone(turns);
      const once = repairToolTurns(turns, { ...rules, orphan: () => ["orphan"] });
      expect(turns).toEqual(before);
      expect(repairToolTurns(once, rules)).toEqual(once);
      once.forEach(({ role, blocks }, place) => {
        if (role !== "assistant") return;
        const calls = new Set(blocks.flatMap((block) => rules.callOf(block) ?? []));
        const results = once[place + 1]?.blocks.flatMap((block) => rules.resultOf(block) ?? []) ?? [];
        expect(new Set(results)).toEqual(calls);
        expect(results).toHaveLength(calls.size);
      });
    }),
  );
});
