import { expect, test } from "vitest";
import { hostURL } from "./host.ts";

// What Ollama's own test of its configuration says these mean, in the form of a URL.
test.each([
  ["", "http://127.0.0.1:11434"],
  ["1.2.3.4", "http://1.2.3.4:11434"],
  [":1234", "http://127.0.0.1:1234"],
  ["1.2.3.4:1234", "http://1.2.3.4:1234"],
  ["example.com", "http://example.com:11434"],
  ["example.com:80", "http://example.com"],
  ["http://example.com", "http://example.com"],
  ["https://example.com:1234/ollama/", "https://example.com:1234/ollama"],
  ["example.com/ollama", "http://example.com:11434/ollama"],
  ["[::1]", "http://[::1]:11434"],
  ["[::1]:1337", "http://[::1]:1337"],
  [" 1.2.3.4 ", "http://1.2.3.4:11434"],
  ["ollama.com", "https://ollama.com"],
  ["0.0.0.0", "http://127.0.0.1:11434"],
  ["[::]:80", "http://[::1]"],
])("%j is %s", (host, url) => {
  expect(hostURL(host)).toBe(url);
});

test.each(["ftp://x", "http://", "http://user@x", "a b"])("%j is refused by name", (host) => {
  expect(() => hostURL(host)).toThrow(
    expect.objectContaining({ code: "invalid-request", message: expect.stringContaining("OLLAMA_HOST") }),
  );
});
