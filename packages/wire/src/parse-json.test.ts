import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJson } from "./parse-json.ts";

test("parses what JSON.parse parses", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      fc.pre(!text.includes("__proto__"));
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test.each([
  '{"a":[{"__proto__":{"admin":true},"b":1}]}',
  '{"a":[{"\\u005f_proto\\u005F_":{"admin":true},"b":1}]}',
  '{"a":[{"__pr\\u006Fto__":{"admin":true},"b":1}]}',
])("leaves out a member that would become a prototype: %s", (text) => {
  const value = parseJson(text) as { a: object[] };
  expect(Object.keys(value.a[0]!)).toEqual(["b"]);
  expect(Object.assign({}, value.a[0])).not.toHaveProperty("admin");
});

test.each(["secret-key", '{"a":"secret-key"oops}', "secret", 'x"secret-key"'])(
  "quotes nothing of a text that is not JSON: %s",
  (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
    expect(() => parseJson(text)).toThrow(/^The text is not JSON( at position \d+)?\.$/);
  },
);

test("takes any depth that JSON.parse takes", () => {
  const depth = 5000;
  expect(() => parseJson(`${'{"__proto__":1,"a":'.repeat(depth)}1${"}".repeat(depth)}`)).not.toThrow();
});
