import { expect, test } from "vitest";
import { redact, secretsOf } from "./redact.ts";

const tail = "a1B2c3D4".repeat(4);

test.each([
  `sk-${tail}`,
  `sk-proj-${tail}_x-y`,
  `sk-ant-api03-${tail}`,
  `gsk_${tail}`,
  `xai-${tail}`,
  `hf_${tail}`,
  `AIza${tail}`,
  `AKIA${"ABCD1234".repeat(2)}`,
  `eyJ${tail}.${tail}.${tail}`,
])("takes out %s wherever it stands", (key) => {
  expect(redact(`Bad key: ${key}, see "${key}".`)).toBe('Bad key: [redacted], see "[redacted]".');
});

test("takes out what follows Bearer, and the queries of URLs", () => {
  expect(redact("authorization: Bearer abc.def-123")).toBe("authorization: Bearer [redacted]");
  expect(redact("GET https://a.example/b?key=hunter2&c failed")).toBe("GET https://a.example/b failed");
});

test("leaves words alone", () => {
  const text = "The model sk-8 and key-value task-oriented-something-long are fine; see https://a.example/b.";
  expect(redact(text, ["a"])).toBe(text);
});

test("takes out secrets it is told of, the longest first", () => {
  expect(redact("hunter2hunter2 and hunter2", ["hunter2", "hunter2hunter2"])).toBe("[redacted] and [redacted]");
});

test("knows the headers that hold secrets, and drops the scheme", () => {
  const headers = {
    authorization: "Bearer one",
    "x-goog-api-key": "two",
    "content-type": "application/json",
    cookie: "three",
  };
  expect(secretsOf(headers)).toEqual(["one", "two", "three"]);
});

test("takes long texts in reasonable time", () => {
  const began = performance.now();
  for (const piece of ["sk-", "sk-a", "key-a-", "eyJ", "https://a", "Bearer "]) redact(piece.repeat(10_000));
  expect(performance.now() - began).toBeLessThan(1000);
});
