import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret } from "./secret.ts";

const key = `sk-${"a1b2".repeat(6)}`;

test("shows itself to nobody who does not ask", () => {
  const secret = new Secret(` ${key}\n`, "apiKey");
  const seen = [
    inspect({ secret }, { showHidden: true, depth: 9 }),
    JSON.stringify({ secret }),
    secret.toString(),
    JSON.stringify(Object.assign({}, secret)),
  ];
  expect(seen.join()).not.toContain(key);
  expect(seen.slice(0, 3).join()).toContain("[redacted]");
  expect(secret.reveal()).toBe(key);
});

test.each(["", "  ", `${key} two`, `${key}\nx: y`, `${key}é`])(
  "refuses %j, naming the option and not the value",
  (value) => {
    const make = (): Secret => new Secret(value, "apiKey");
    expect(make).toThrow(/^apiKey (is empty|holds a character)/);
    expect(make).not.toThrow("a1b2");
  },
);
