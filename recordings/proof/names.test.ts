import type { ModelRequest } from "@plugboard/core";
import { expect, test } from "vitest";
import { adapters } from "./adapters.ts";

const name = `wetter.für heute ${"x".repeat(120)}`;
const id = "call_ü|1";
const request: ModelRequest = {
  tools: [{ name, input: { type: "object", properties: {} } }],
  messages: [
    { role: "user", content: "Hi" },
    { role: "assistant", content: [{ type: "tool-call", id, name, input: {} }] },
    { role: "tool", content: [{ type: "tool-result", id, name, output: "Rain" }] },
    { role: "user", content: "And now?" },
  ],
};

/** What the strictest of them take, but for the length: Anthropic allows 128 characters, the others 64. */
const legalName = /^[a-zA-Z_][a-zA-Z0-9_.-]{0,127}$/;
/** They take names as they are. */
const anyName: ReadonlySet<string> = new Set(["ollama"]);

test.for(adapters.map((adapter) => [adapter.name, adapter] as const))(
  "%s sends a legal name for a tool, one for its definition and its call, and says so",
  async ([adapter, { create, model }]) => {
    const { body, warnings } = await create(model).plan(request);
    const names = new Set(namesIn(body));
    const paths = warnings.map(({ path }) => path);
    // A model that takes no tools is given none; the call that was made stays.
    expect(paths.filter((path) => path === "tools" || path === "tools[0].name")).toHaveLength(
      anyName.has(adapter) ? 0 : 1,
    );
    expect(names.size).toBe(1);
    const [sent = ""] = names;
    expect(anyName.has(adapter) ? sent === name : legalName.test(sent)).toBe(true);
  },
);

test("Mistral gets ids of nine letters and digits, the same for a call and its result", async () => {
  const mistral = adapters.find((adapter) => adapter.name === "mistral")!;
  const { body } = await mistral.create(mistral.model).plan(request);
  const text = JSON.stringify(body);
  const [call, result] = [/"id":"([^"]*)"/.exec(text)?.[1], /"tool_call_id":"([^"]*)"/.exec(text)?.[1]];
  expect(call).toMatch(/^[a-zA-Z0-9]{9}$/);
  expect(result).toBe(call);
});

/** What stands as `name` of the tool or of its call, at any depth. */
function namesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    /^(tool_)?name$/.test(key) && typeof member === "string" && member.startsWith("wetter")
      ? [member]
      : namesIn(member),
  );
}
