import { expect, test } from "vitest";
import { withoutKeys } from "./without-keys.ts";

test("takes out texts under names of secrets, and all of the headers, however deep", () => {
  const settings = {
    api_key: "hunter2",
    auth: { type: "basic", password: "hunter2" },
    list: [{ authorization_token: "hunter2" }],
    headers: { "X-Team": "hunter2", accept: ["hunter2"] },
  };
  const written = withoutKeys(settings);
  expect(JSON.stringify(written)).not.toContain("hunter2");
  expect(written).toMatchObject({ api_key: "[redacted]", list: [{ authorization_token: "[redacted]" }] });
});

test("takes out keys by their shape, and queries of URLs", () => {
  const key = `sk-${"a1b2".repeat(6)}`;
  const settings = {
    note: `use ${key}`,
    server_url: "https://tools.example/mcp?access=hunter2",
    how: "Bearer hunter2hunter2",
  };
  expect(withoutKeys(settings)).toStrictEqual({
    note: "use [redacted]",
    server_url: "https://tools.example/mcp",
    how: "Bearer [redacted]",
  });
});

test("leaves what is no secret", () => {
  const settings = {
    max_tokens: 5,
    prompt_cache_key: "user-1",
    promptCacheKey: "user-1",
    effort: "low",
    top: [1, null, true],
  };
  expect(withoutKeys(settings)).toStrictEqual(settings);
});
