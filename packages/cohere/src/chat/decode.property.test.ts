import type { Json, ModelEvent } from "@plugboard/core";
import { Gathering, ModelError, textOf } from "@plugboard/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chatDecoder } from "./decode.ts";

const decoding = { model: "command-a-03-2025", toolName: (name: string) => name };
const words = fc.string({ unit: "grapheme", maxLength: 4 });
const source = { type: "document", id: "doc:0", document: { title: "Facts" } };

const content = (type: string, member: string): fc.Arbitrary<Json> =>
  words.map((text) => ({ type, index: 0, delta: { message: { content: { type: member, [member]: text } } } }));

/** Every event that Cohere knows, in any order; and some that it does not. */
const known: fc.Arbitrary<Json> = fc.oneof(
  content("content-start", "text"),
  content("content-start", "thinking"),
  content("content-delta", "text"),
  content("content-delta", "thinking"),
  words.map((text) => ({ type: "tool-plan-delta", delta: { message: { tool_plan: text } } })),
  fc.constantFrom("", "{}", '{"a"').map((text) => ({
    type: "tool-call-start",
    delta: { message: { tool_calls: { id: "a", function: { name: "weather", arguments: text } } } },
  })),
  fc.constantFrom("", '{"a":', "1}").map((text) => ({
    type: "tool-call-delta",
    delta: { message: { tool_calls: { function: { arguments: text } } } },
  })),
  fc
    .record({
      start: fc.integer(),
      end: fc.integer(),
      type: fc.constantFrom("TEXT_CONTENT", "THINKING_CONTENT", "PLAN"),
      sources: fc.constant([source]),
    })
    .map((citation) => ({ type: "citation-start", delta: { message: { citations: citation } } })),
  fc.constantFrom<Json>(
    { type: "message-start", id: "c1" },
    { type: "content-end", index: 0 },
    { type: "tool-call-end", index: 0 },
    { type: "citation-end", index: 0 },
    { type: "mood" },
    { event_type: "debug" },
  ),
);

const anyReason = fc.constantFrom("COMPLETE", "TOOL_CALL", "MAX_TOKENS", "ERROR", "TIMEOUT", "NEW");
const ending = anyReason.map((reason): Json => ({ type: "message-end", delta: { finish_reason: reason } }));

/** What came of the events; an error that is none of ours is a fault of the decoder. */
function decoded(lines: readonly string[]): { events: ModelEvent[]; failed: boolean } {
  const decoder = chatDecoder({}, decoding);
  const events: ModelEvent[] = [];
  try {
    for (const line of lines) decoder.push(line, "", events);
    decoder.end(events);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { events, failed: true };
  }
  return { events, failed: false };
}

test("in whatever order events come, an answer begins once, ends once, and its deltas add up to its parts", () => {
  fc.assert(
    fc.property(fc.array(known, { maxLength: 12 }), ending, (before, end) => {
      const { events, failed } = decoded([...before, end].map((event) => JSON.stringify(event)));
      const types = events.map(({ type }) => type);
      expect(types.indexOf("start")).toBe(0);
      expect(types.lastIndexOf("start")).toBe(0);
      expect(types.filter((type) => type === "finish")).toHaveLength(failed ? 0 : 1);
      expect(types.at(-1)).toBe(failed ? "usage" : "finish");

      const said = new Map<number, string>();
      for (const event of events) {
        if (event.type === "text-delta" || event.type === "reasoning-delta" || event.type === "tool-call-delta") {
          said.set(event.index, (said.get(event.index) ?? "") + event.text);
        }
      }
      const parts = events.filter((event) => event.type === "part");
      expect(new Set(parts.map(({ index }) => index)).size).toBe(parts.length);
      const told = parts.map(({ index, part }) => {
        if (part.type === "text" || part.type === "reasoning") return part.text === said.get(index);
        return part.type !== "tool-call" || (part.raw ?? "") === (said.get(index) ?? "");
      });
      expect(told).not.toContain(false);
    }),
    { numRuns: 1000 },
  );
});

test("damaged events give a typed error or the text before them, never another failure", () => {
  const lines = fc.array(known, { maxLength: 6 }).map((events) => events.map((event) => JSON.stringify(event)));
  const damage = fc.record({
    line: fc.nat(5),
    place: fc.nat(90),
    removed: fc.nat(12),
    added: fc.string({ maxLength: 3 }),
  });
  fc.assert(
    fc.property(lines, damage, (whole, { line, place, removed, added }) => {
      const broken = whole.map((text, index) =>
        index === line ? text.slice(0, place) + added + text.slice(place + removed) : text,
      );
      const before = new Gathering();
      for (const event of decoded(whole.slice(0, line)).events) before.add(event);
      const after = new Gathering();
      for (const event of decoded(broken).events) after.add(event);
      expect(textOf(after.result).startsWith(textOf(before.result))).toBe(true);
    }),
    { numRuns: 5000 },
  );
});
