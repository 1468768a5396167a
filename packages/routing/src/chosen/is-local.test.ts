import { expect, test } from "vitest";
import { isLocal, placesOf } from "./is-local.ts";
import type { Placed } from "./is-local.ts";

const at = (fingerprint: string): Placed => ({ id: "m", fingerprint, models: [] });

test.each([
  ["ollama:llama3.2@http://127.0.0.1:11434#chat/1", "here"],
  ["openai:m@http://localhost:8080/v1#chat-completions/3", "here"],
  ["openai:m@http://[::1]:8080/v1#chat-completions/3", "here"],
  ["openai:m@http://vllm.localhost/v1#x", "here"],
  ["openai:gpt-4o@https://api.openai.com/v1#chat-completions/3", "elsewhere"],
  ["openai:m@http://10.0.0.7:8080/v1#x", "elsewhere"],
  ["openai:m@http://127.0.0.1.evil.example/v1#x", "elsewhere"],
  ["openai:m@http://localhost.evil.example/v1#x", "elsewhere"],
  ["openai:x@http://127.0.0.1/#y@https://api.openai.com/v1#z", "elsewhere"],
  ["openai:m@http://127.0.0.1:80@evil.example/v1#x", "unknown"],
  ["script:m", "unknown"],
])("%s is %s", (fingerprint, place) => {
  expect(placesOf(at(fingerprint))).toEqual([{ id: "m", place }]);
});

test("a model of several is here where all of them are", () => {
  const here = at("a:m@http://127.0.0.1:1#x");
  const away = at("a:m@https://example.com#x");
  expect(isLocal({ id: "f", fingerprint: "f", models: [here, here] })).toBe(true);
  expect(isLocal({ id: "f", fingerprint: "f", models: [here, away] })).toBe(false);
});
