import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PartialJson } from "./partial-json.ts";

function read(text: string, ...cuts: number[]): PartialJson {
  const json = new PartialJson();
  let from = 0;
  for (const cut of [...cuts.toSorted((a, b) => a - b), text.length]) {
    json.write(text.slice(from, cut));
    from = cut;
  }
  return json;
}

/** Whether all of `part` is in `whole`, where `whole` may have more at the end of texts, lists and objects. */
function isPrefix(part: unknown, whole: unknown): boolean {
  if (part === undefined) return true;
  if (typeof part === "string") return typeof whole === "string" && whole.startsWith(part);
  if (Array.isArray(part)) {
    return Array.isArray(whole) && part.length <= whole.length && part.every((item, at) => isPrefix(item, whole[at]));
  }
  if (typeof part === "object" && part !== null) {
    if (typeof whole !== "object" || whole === null || Array.isArray(whole)) return false;
    return Object.entries(part).every(([key, value]) => {
      return Object.hasOwn(whole, key) && isPrefix(value, Object.getOwnPropertyDescriptor(whole, key)!.value);
    });
  }
  return Object.is(part, whole);
}

const texts = fc
  .tuple(fc.json({ maxDepth: 5, stringUnit: "binary" }), fc.constantFrom(undefined, 1, "\t"))
  .map(([json, indent]) => JSON.stringify(JSON.parse(json), undefined, indent));

describe("PartialJson", () => {
  test("has, at every prefix of a text, nothing that the whole text does not go on to say", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const whole: unknown = JSON.parse(text);
        const json = new PartialJson();
        for (const character of text.split("")) {
          json.write(character);
          expect(isPrefix(json.value, whole)).toBe(true);
        }
      }),
    );
  });

  test("has the whole value at the end, wherever the text was cut", () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(200)), (text, cuts) => {
        // A number by itself is known to be whole only by what follows it.
        expect(read(`${text} `, ...cuts).value).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each([
    ['{"a', {}],
    ['{"a"', {}],
    ['{"a":', {}],
    ['{"a":"', { a: "" }],
    ['{"a":"x', { a: "x" }],
    ['{"a":"x\\', { a: "x" }],
    ['{"a":"x\\u00e', { a: "x" }],
    ['{"a":"\\u00e9', { a: "é" }],
    ['{"a":12', {}],
    ['{"a":12,', { a: 12 }],
    ['{"a":tru', {}],
    ['{"a":true', { a: true }],
    ['{"a":[1, 2', { a: [1] }],
    ['{"a":[{"b":null', { a: [{ b: null }] }],
    ['{"a":[[],{}', { a: [[], {}] }],
    ["", undefined],
  ])("reads %s as %j", (text, value) => {
    expect(read(text).value).toEqual(value);
  });

  test("never shows half of a surrogate pair", () => {
    const json = new PartialJson();
    json.write('["\u{1F600}'.slice(0, -1));
    expect(json.value).toEqual([""]);
    json.write("\u{1F600}".slice(1));
    expect(json.value).toEqual(["\u{1F600}"]);
    json.write("\\ud83d");
    expect(json.value).toEqual(["\u{1F600}"]);
    json.write("\\ude00");
    expect(json.value).toEqual(["\u{1F600}\u{1F600}"]);
  });

  test("takes `__proto__` for a key like any other", () => {
    const { value } = read('{"__proto__":{"polluted":true},"a":1}');
    expect(Object.keys(value as object)).toEqual(["__proto__", "a"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test.each(["{a:1}", '{"a":1]', "[1 2]", '["a" "b"]', "nope", '{"a":01,"b":2}', "[1,]", '{,"a":1}'])(
    "keeps what was certain before a fault, and takes nothing after it: %s",
    (text) => {
      const json = read(text);
      const before = structuredClone(json.value);
      json.write(',"later":true}');
      expect(json.value).toEqual(before);
    },
  );

  test("stops at the end of the value", () => {
    expect(read('{"a":1} and {"b":2}').value).toEqual({ a: 1 });
  });

  test("goes as deep as the text does", () => {
    const json = new PartialJson();
    json.write("[".repeat(100_000));
    let depth = 0;
    for (let value: unknown = json.value; Array.isArray(value); value = value[0]) depth++;
    expect(depth).toBe(100_000);
  });

  test("looks at each character once: eight times the text takes nowhere near sixty-four times the time", () => {
    const time = (size: number): number => {
      const text = JSON.stringify({
        list: Array.from({ length: size }, (_, at) => ({ at })),
        text: "x".repeat(size * 9),
      });
      const json = new PartialJson();
      const started = performance.now();
      for (let from = 0; from < text.length; from += 8) json.write(text.slice(from, from + 8));
      return performance.now() - started;
    };
    time(5_000);
    expect(time(40_000)).toBeLessThan(30 * Math.max(time(5_000), 5));
  });
});
