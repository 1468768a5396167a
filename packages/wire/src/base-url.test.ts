import { expect, test } from "vitest";
import { checkBaseURL } from "./base-url.ts";

test.each([
  ["https://api.example.com/v1/", "https://api.example.com/v1"],
  ["https://api.example.com", "https://api.example.com"],
  ["http://localhost:11434", "http://localhost:11434"],
  ["http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"],
  ["http://0x7f.1/", "http://127.0.0.1"],
  ["http://[::1]:8080", "http://[::1]:8080"],
])("takes %s", (given, expected) => {
  expect(checkBaseURL(given)).toBe(expected);
  expect(checkBaseURL(new URL(given))).toBe(expected);
});

test.each([
  ["api.example.com/v1", /is no URL/],
  ["ftp://api.example.com", /begins with ftp:/],
  ["https://user:hunter2@api.example.com", /user or password/],
  ["https://api.example.com/v1?key=hunter2", /query or fragment/],
  ["http://api.example.com", /use https, or set allowInsecure/],
  ["http://192.168.1.5:11434", /use https, or set allowInsecure/],
  ["http://127.0.0.1.example.com", /use https/],
])("refuses %s and says why, without what it holds", (given, message) => {
  expect(() => checkBaseURL(given)).toThrow(message);
  expect(() => checkBaseURL(given)).not.toThrow(/hunter2/);
});

test("lets http go further when allowed, for a server of one's own", () => {
  expect(checkBaseURL("http://192.168.1.5:11434", { allowInsecure: true })).toBe("http://192.168.1.5:11434");
});
