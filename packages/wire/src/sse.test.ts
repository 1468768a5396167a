import fc from "fast-check";
import { expect, test } from "vitest";
import { sse } from "./sse.ts";
import { Utf8Stream } from "./utf8-stream.ts";

type Message = readonly [name: string, data: string];

function read(pieces: readonly string[], largest = Infinity): Message[] {
  const messages: Message[] = [];
  const framing = sse.open({ push: (data, name) => void messages.push([name, data]), end() {} }, largest);
  for (const piece of pieces) framing.push(piece, []);
  framing.end([]);
  return messages;
}

/** The standard's algorithm, line by line over the whole text; with our two exceptions: no empty events, and the end ends the last. */
function reference(text: string): Message[] {
  const messages: Message[] = [];
  let data: string[] = [];
  let name = "";
  for (const line of [...text.split(/\r\n|\n|\r/), ""]) {
    if (line === "") {
      if (data.join("\n") !== "") messages.push([name, data.join("\n")]);
      data = [];
      name = "";
      continue;
    }
    const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!;
    if (field === "data") data.push(value);
    if (field === "event") name = value;
  }
  return messages;
}

const line = fc.oneof(
  fc.constantFrom("data: a", "data:b", "data", "data:", "data:  c", 'data: {"é":"😀"}', "event: x", "event:y", "event"),
  fc.constantFrom(
    ": ping",
    ":",
    "id: 1",
    "retry: 5",
    "database: no",
    "dat: no",
    "eventual: no",
    " data: no",
    "a:b:c:d",
    "",
  ),
);
const text = fc
  .array(fc.tuple(line, fc.constantFrom("\n", "\r", "\r\n")), { maxLength: 30 })
  .map((lines) => lines.flat().join(""));

test("reads what the standard says, whole or in any pieces", () => {
  const cuts = fc.array(fc.nat(400), { maxLength: 20 });
  fc.assert(
    fc.property(text, cuts, fc.boolean(), (text, cuts, unended) => {
      const body = unended ? text.replace(/[\r\n]+$/, "") : text;
      const places = [0, ...cuts.filter((cut) => cut < body.length).toSorted((a, b) => a - b), body.length];
      const pieces = places.slice(1).map((end, index) => body.slice(places[index], end));
      expect(read(pieces)).toEqual(reference(body));
      expect(read(body.split(""))).toEqual(reference(body));
    }),
    { numRuns: 1500 },
  );
});

test("takes a stream byte by byte, with a BOM and characters of four bytes", () => {
  const bytes = new TextEncoder().encode('\u{feff}event: say\r\ndata: {"a":"😀é"}\r\n\r\n');
  const decoder = new Utf8Stream();
  expect(read([...bytes].map((byte) => decoder.push(Uint8Array.of(byte))))).toEqual([["say", '{"a":"😀é"}']]);
});

test("joins many lines of data, and forgets the name with the event", () => {
  expect(read(["event: a\ndata: 1\ndata:\ndata: 2\n\ndata: 3\n\n"])).toEqual([
    ["a", "1\n\n2"],
    ["", "3"],
  ]);
});

test("gives the last event although nothing ends it", () => {
  expect(read(["data: 1\n\ndata: 2"])).toEqual([
    ["", "1"],
    ["", "2"],
  ]);
});

test("refuses an event that is too large, in one line or in many", () => {
  expect(() => read(["data: ", ...Array<string>(200).fill("x")], 100)).toThrow(/too large: more than 100 characters/);
  expect(() => read(["data: 0123456789\n".repeat(20)], 100)).toThrow(/too large/);
  expect(read(["data: 0123456789\n\n".repeat(20)], 100)).toHaveLength(20);
});

test("takes a line of 8 MiB in small pieces in reasonable time", () => {
  const pieces = ["data: ", ...Array.from({ length: 8192 }, () => "x".repeat(1024)), "\n\n"];
  const began = performance.now();
  expect(read(pieces)[0]![1]).toHaveLength(8 * 1024 * 1024);
  expect(performance.now() - began).toBeLessThan(2000);
});
