import { expect, test } from "vitest";
import { scrubber } from "./scrubber.ts";

test("takes addresses, keys, names and patterns out for good", () => {
  const scrub = scrubber({ names: ["Ada Lovelace"], patterns: { PHONE: /\+\d{6,14}/ } });
  expect(scrub("ada lovelace, ada@example.com, +351912345678, sk-abcdefghijklmnop1234")).toBe(
    "<NAME>, <EMAIL>, <PHONE>, <KEY>",
  );
});

test("leaves what it is told to leave", () => {
  expect(scrubber({ emails: false })("ada@example.com")).toBe("ada@example.com");
});

test("gives the same each time it is used", () => {
  const scrub = scrubber();
  expect([scrub("a@b.example"), scrub("a@b.example")]).toStrictEqual(["<EMAIL>", "<EMAIL>"]);
});

test("refuses the name of a pattern that would be no token", () => {
  expect(() => scrubber({ patterns: { phone: /1/ } })).toThrow(
    expect.objectContaining({ code: "invalid-request" }) as Error,
  );
});
