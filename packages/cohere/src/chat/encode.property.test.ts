import type { Json, JsonObject, ModelRequest } from "@plugboard/core";
import { anyRequest, validator } from "@plugboard/recordings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeChat } from "./encode.ts";

const schemas = await validator();
const anyModel = fc.constantFrom("command-a-03-2025", "command-r7b-12-2024", "command-a-reasoning-08-2025", "north-1");

interface Turn {
  readonly role: string;
  readonly content?: unknown;
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly { readonly id: string; readonly function: { name: string; arguments: string } }[];
}

/** What Cohere's documentation asks of a request, beyond its schema. */
function brokenRules(body: JsonObject): string[] {
  const broken: string[] = [];
  const rule = (holds: boolean, what: string): void => void (holds || broken.push(what));
  const turns = body["messages"] as unknown as readonly Turn[];
  rule(
    turns.some(({ role }) => role !== "system"),
    "says nothing",
  );
  let open: string[] = [];
  turns.forEach((turn, place) => {
    if (turn.role === "tool") {
      rule(open[0] === turn.tool_call_id, `the result ${turn.tool_call_id} of turn ${place} answers no open call`);
      open = open.slice(1);
      return;
    }
    rule(open.length === 0, `calls ${open.join()} have no result before turn ${place}`);
    const calls = turn.tool_calls ?? [];
    open = calls.map(({ id }) => id);
    rule(new Set(open).size === open.length && !open.includes(""), `ids of turn ${place}: ${open.join()}`);
    const content =
      typeof turn.content === "string" ? [{ type: "text" }] : ((turn.content ?? []) as { type: string }[]);
    rule(content.length + calls.length > 0 && turn.content !== "", `turn ${place} says nothing`);
    if (calls.length > 0)
      rule(
        content.every(({ type }) => type !== "text"),
        `turn ${place} has text beside calls`,
      );
    for (const { function: called } of calls) {
      const parsed = JSON.parse(called.arguments) as Json;
      rule(typeof parsed === "object" && parsed !== null && !Array.isArray(parsed), `arguments of turn ${place}`);
      rule(/^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/.test(called.name), `the name ${called.name}`);
    }
  });
  rule(open.length === 0, "ends with open calls");
  rule(((body["stop_sequences"] ?? []) as unknown[]).length <= 5, "too many stop sequences");
  for (const name of ["presence_penalty", "frequency_penalty"]) {
    const value = (body[name] ?? 0) as number;
    rule(value >= 0 && value <= 1, `${name} is ${value}`);
  }
  rule(body["tool_choice"] === undefined || body["tools"] !== undefined, "a choice without tools");
  rule(body["response_format"] === undefined || body["tools"] === undefined, "a JSON mode beside tools");
  const names = ((body["tools"] ?? []) as { function: { name: string } }[]).map((tool) => tool.function.name);
  rule(new Set(names).size === names.length, `two tools of one name: ${names.join()}`);
  return broken;
}

test("keeps Cohere's documented rules, whatever the history holds", () => {
  fc.assert(
    fc.property(anyRequest, anyModel, (request, model) => {
      expect(brokenRules(encodeChat(request, { model }).body)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test.skipIf(!schemas)("writes what Cohere's schema allows (skipped where the schemas are not there)", () => {
  fc.assert(
    fc.property(anyRequest, anyModel, (request, model) => {
      const sent = JSON.parse(JSON.stringify(encodeChat(request, { model }).body)) as Json;
      expect(schemas!.requestErrors("cohere", sent)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("is pure: the same request is written the same way, and is left as it was", () => {
  const shown = (request: ModelRequest): string => JSON.stringify(request);
  fc.assert(
    fc.property(anyRequest, anyModel, (request, model) => {
      const before = shown(request);
      const first = encodeChat(request, { model });
      expect(encodeChat(request, { model })).toMatchObject({ body: first.body, warnings: first.warnings });
      expect(shown(request)).toBe(before);
    }),
    { numRuns: 100 },
  );
});
