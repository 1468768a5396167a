import fc from "fast-check";
import { expect, test } from "vitest";
import { TextTwins } from "./text-twins.ts";

const eventOf = (text: string, more: object = {}): string =>
  JSON.stringify({ type: "delta", number: 7, at: { text, place: 0 }, padding: "xyz", ...more });

/** One that has learned from an event with the text "a". */
function learned(data = eventOf("a")): TextTwins {
  const twins = new TextTwins(["number", "padding"]);
  twins.learn(data, "text", "a");
  return twins;
}

test("a twin gives its text, whatever is in it and in what nobody reads", () => {
  const text = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), text, fc.nat(), text, (first, second, number, padding) => {
      const twins = new TextTwins(["number", "padding"]);
      twins.learn(eventOf(first), "text", first);
      expect(twins.textOf(eventOf(second, { number, padding }))).toBe(second);
    }),
  );
});

test("whatever comes after is read as JSON.parse reads it, or left to it", () => {
  // Parts of an event in any order: some make twins, most make something else, or nothing that is JSON.
  const pieces = eventOf("a").split(/(?<=[",:{}\d])/);
  const nasty = ["\\", '"', "\n", '","text":"', "0", "-1", "1.5", "1e5", "007", " ", "  ", "\\u0041", "null", "}", ""];
  fc.assert(
    fc.property(fc.nat(pieces.length - 1), fc.constantFrom(...nasty, ...pieces), fc.boolean(), (at, put, over) => {
      const data = [...pieces.slice(0, at), put, ...pieces.slice(over ? at + 1 : at)].join("");
      const text = learned().textOf(data);
      if (text === undefined) return;
      const { number: _, padding: __, ...parsed } = JSON.parse(data) as { number: unknown; padding: unknown };
      expect(parsed).toEqual({ type: "delta", at: { text, place: 0 } });
    }),
    { numRuns: 500 },
  );
});

test("text that looks like members of the event is text", () => {
  const nasty = '","place":1},"text":"';
  expect(learned().textOf(eventOf(nasty))).toBe(nasty);
});

test("blanks after a value and at the end, by which some vendors hide a length, do not matter", () => {
  const twins = learned(`${eventOf("a")}   `);
  expect(twins.textOf(eventOf("b"))).toBe("b");
  expect(twins.textOf(`${eventOf("b")}        `)).toBe("b");
  expect(learned('{"text": "a", "n": 1}').textOf('{"text": "b", "n": 1}')).toBe("b");
});

test.each<[string, string]>([
  ["has another member", eventOf("b", { more: 1 })],
  ["has another value in one that is read", eventOf("b", { type: "other" })],
  ["has another kind of value in one that is not read", eventOf("b", { number: "7" })],
  ["has no number where one was", eventOf("b").replace("7", "")],
  ["has a number that JSON does not allow", eventOf("b").replace("7", "07")],
  ["has something after its end", `${eventOf("b")}]`],
  ["is cut", eventOf("b").slice(0, -1)],
  ["is empty", ""],
])("an event that %s is no twin", (_, data) => {
  expect(learned().textOf(data)).toBeUndefined();
});

test("a broken twin is broken, not text", () => {
  for (const literal of ['a"b', "\\", "\n", "\\x"]) {
    expect(learned().textOf(eventOf("X").replace("X", () => literal))).toBeUndefined();
    expect(learned().textOf(eventOf("b").replace("xyz", () => literal))).toBeUndefined();
  }
});

test.each<[string, string, string]>([
  ["without text", eventOf(""), ""],
  ["that holds the member twice", '{"text":"a","more":{"text":"a"}}', "a"],
  ["that holds it as something else", '{"text":["a"]}', "a"],
  ["that holds another text there", '{"text":"b"}', "a"],
  ["with names that are written with escapes", '{"t\\u0065xt":"b","text":"a"}', "a"],
])("nothing is learned from an event %s", (_, data, text) => {
  const twins = new TextTwins([]);
  twins.learn(data, "text", text);
  expect(twins.textOf(data)).toBeUndefined();
});

test("nothing is learned any more of a vendor whose events have no twins", () => {
  const twins = new TextTwins([]);
  for (let number = 0; number < 9; number++) twins.learn(eventOf("a", { number }), "text", "a");
  twins.learn(eventOf("a"), "text", "a");
  expect(twins.textOf(eventOf("b"))).toBeUndefined();
});

test("what was learned is forgotten when told to", () => {
  const twins = learned();
  twins.forget();
  expect(twins.textOf(eventOf("b"))).toBeUndefined();
});
