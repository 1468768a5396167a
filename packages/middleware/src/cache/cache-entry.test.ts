import { expect, test } from "vitest";
import * as fc from "fast-check";
import type { AssistantPart, ModelRequest, ModelResult } from "@plugboard/core";
import { readEntry, writeEntry } from "./cache-entry.ts";

const request: ModelRequest = { messages: [] };

/** A part of each type, so that none is forgotten. */
const parts: { readonly [Type in AssistantPart["type"]]: Extract<AssistantPart, { type: Type }> } = {
  text: {
    type: "text",
    text: "é 𝄞",
    citations: [{ source: { type: "source", url: "https://example.com" } }],
    providerData: { test: { a: [1, null] } },
  },
  reasoning: { type: "reasoning", text: "Hm.", providerData: { test: { signature: "abc" } } },
  file: {
    type: "file",
    mediaType: "image/png",
    data: Uint8Array.from({ length: 70_000 }, (_, at) => at % 256),
    filename: "a.png",
  },
  source: { type: "source", id: "1" },
  "tool-call": {
    type: "tool-call",
    id: "1",
    name: "look",
    input: { base64: "not a file", url: "nor this" },
    raw: "{}",
  },
  "tool-result": {
    type: "tool-result",
    id: "1",
    name: "look",
    output: [
      { type: "file", mediaType: "text/html", data: new URL("https://example.com/x?y=1") },
      { type: "json", value: { data: { base64: "AA==" } } },
    ],
    executed: true,
  },
  opaque: { type: "opaque", kind: "redacted", providerData: { test: { data: "x" } } },
};

const result: ModelResult = {
  model: "scripted",
  id: "answer_1",
  created: 1_700_000_000_000,
  finishReason: "stop",
  rawFinishReason: "end_turn",
  usage: { input: 10, output: 5, reasoning: 2, serverTools: { web_search: 1 } },
  warnings: [{ code: "adapted", message: "Just so." }],
  providerData: { test: { fingerprint: "fp" } },
  content: Object.values(parts),
};

test("an answer of every kind of part comes back as it was", () => {
  expect(readEntry(writeEntry(result), request)).toEqual(result);
});

test("what belongs to the call alone is left out", () => {
  const called: ModelResult = {
    ...result,
    headers: { "x-ratelimit-remaining": "1" },
    cached: true,
    attempts: [],
    cost: { total: 5 },
  };
  expect(readEntry(writeEntry(called), request)).toEqual(result);
});

const whole = JSON.parse(writeEntry(result)) as { version: number; result: Record<string, unknown> };
const spoilt: [string, unknown][] = [
  ["another version", { ...whole, version: 0 }],
  ["no version", { result: whole.result }],
  ["no result", { version: whole.version }],
  ["null", null],
  ["a text", "entry"],
  ["a part of a kind that is not known", { ...whole, result: { ...whole.result, content: [{ type: "hologram" }] } }],
  [
    "a file that is none",
    {
      ...whole,
      result: { ...whole.result, content: [{ type: "file", mediaType: "image/png", data: { base64: "§" } }] },
    },
  ],
  ["a part that is null", { ...whole, result: { ...whole.result, content: [null] } }],
  ...["model", "finishReason", "usage", "warnings", "content"].map((name): [string, unknown] => [
    `${name} missing`,
    { ...whole, result: { ...whole.result, [name]: undefined } },
  ]),
];
test.each(spoilt)("an entry with %s is no entry", (_, entry) => {
  expect(readEntry(JSON.stringify(entry), request)).toBeUndefined();
});

test("an entry cut anywhere is no entry", () => {
  const text = writeEntry({ ...result, content: [parts.text, parts["tool-result"]] });
  for (let at = 0; at < text.length; at++) expect(readEntry(text.slice(0, at), request)).toBeUndefined();
});

test("an entry with anything in it replaced by anything else is none, or one of the right form, and never an error", () => {
  const entry = JSON.parse(
    writeEntry({ ...result, content: Object.values({ ...parts, file: parts.text }) }),
  ) as unknown;
  fc.assert(
    fc.property(fc.nat(), fc.jsonValue(), (place, other) => {
      let seen = 0;
      const spoilt = JSON.stringify(entry, (_, value: unknown) => (seen++ === place % 60 ? other : value)) ?? "";
      const read = readEntry(spoilt, request) as ModelResult | undefined;
      if (!read) return;
      expect(typeof read.finishReason).toBe("string");
      expect(Object.values(read.usage).every((count) => typeof count !== "string")).toBe(true);
      for (const part of read.content) expect(Object.keys(parts)).toContain(part.type);
    }),
    { numRuns: 500 },
  );
});
