import { expect, test } from "vitest";
import {
  bytesAt,
  fileAt,
  itemsAt,
  listAt,
  nameAt,
  objectAt,
  optionalFlag,
  optionalNumber,
  optionalText,
  textAt,
} from "./fields.ts";

test("gives what is right", () => {
  expect(objectAt({ a: 1 }, "x")).toEqual({ a: 1 });
  expect([listAt([1], "x"), listAt(null, "x"), listAt(undefined, "x")]).toEqual([[1], [], []]);
  expect(itemsAt([1], "x")).toEqual([1]);
  expect([textAt("", "x"), nameAt("n", "x")]).toEqual(["", "n"]);
  expect([optionalText("", "x"), optionalText(null, "x"), optionalText(undefined, "x")]).toEqual([
    "",
    undefined,
    undefined,
  ]);
  expect([optionalNumber(0, "x"), optionalNumber(null, "x"), optionalNumber(undefined, "x")]).toEqual([
    0,
    undefined,
    undefined,
  ]);
  expect([optionalFlag(false, "x"), optionalFlag(null, "x"), optionalFlag(undefined, "x")]).toEqual([
    false,
    undefined,
    undefined,
  ]);
  expect(bytesAt("AQI=", "x")).toEqual(new Uint8Array([1, 2]));
});

test("a file is the bytes in its URL, or where it is", () => {
  expect(fileAt("data:image/png;name=a;base64,AQI=", "x", "image/*")).toEqual({
    type: "file",
    mediaType: "image/png",
    data: new Uint8Array([1, 2]),
  });
  expect(fileAt("https://a.example/b.png", "x", "image/*")).toEqual({
    type: "file",
    mediaType: "image/*",
    data: new URL("https://a.example/b.png"),
  });
});

test.each<[string, () => unknown, RegExp]>([
  ["an object", () => objectAt([], "a.b"), /^`a.b` must be an object; it is \[\]\.$/],
  ["a list", () => listAt("x", "a"), /^`a` must be a list; it is "x"\.$/],
  ["a list, not nothing", () => itemsAt(undefined, "a"), /^`a` must be a list; it is nothing\.$/],
  ["a text that may be left out", () => optionalText(1, "a"), /^`a` must be a text; it is 1\.$/],
  ["a text", () => textAt(undefined, "a"), /^`a` must be a text; it is nothing\.$/],
  ["a name", () => nameAt("", "a"), /^`a` must be a name; it is ""\.$/],
  ["a number", () => optionalNumber("1", "a"), /^`a` must be a number/],
  ["a flag", () => optionalFlag(1, "a"), /^`a` must be true or false/],
  ["base64", () => bytesAt("§".repeat(100), "a"), /^`a` must be base64; it is "§{20}"\.$/],
  ["base64 that is no text", () => bytesAt(7, "a"), /^`a` must be base64; it is 7\.$/],
  ["a URL", () => fileAt("nowhere", "a", "image/*"), /^`a` must be a URL; it is "nowhere"\.$/],
  ["bytes in a URL", () => fileAt("data:image/png;base64,§", "a", "image/*"), /^`a` must be base64/],
])("names the field that must be %s, and shows no more than the beginning of what it is", (_, read, message) => {
  expect(read).toThrow(expect.objectContaining({ code: "invalid-request", message: expect.stringMatching(message) }));
});
