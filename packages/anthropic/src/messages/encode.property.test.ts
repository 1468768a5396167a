import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "@plugboard/core";
import type { Block } from "./messages.ts";
import { validator } from "@plugboard/recordings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyModel, anyRequest } from "../../test/arbitrary-request.ts";
import { claudeAbilities } from "@plugboard/wire";
import { encodeCount } from "./count.ts";
import { anthropicDialect as dialect } from "./dialect.ts";
import { encodeRequest } from "./encode.ts";

const versions = { "2023-06-01": "anthropic-messages-2023-06-01", "2026-10-21": "anthropic-messages" } as const;
const anyVersion = fc.constantFrom(...(Object.keys(versions) as (keyof typeof versions)[]));
const schemas = await validator();

interface Turn {
  readonly role: string;
  readonly content: readonly Block[];
}

/** What Anthropic's documentation asks of a request, beyond its schema. */
function brokenRules(body: JsonObject, model: string): string[] {
  const abilities = claudeAbilities(model);
  const broken: string[] = [];
  const turns = body["messages"] as unknown as readonly Turn[];
  const rule = (holds: boolean, what: string): void => void (holds || broken.push(what));
  rule(turns.length > 0, "has a message");
  turns.forEach(({ role, content }, place) => {
    const before = turns[place - 1];
    const next = turns[place + 1];
    rule(role !== before?.role, `turn ${place} follows one of the same role`);
    rule(
      content.some(({ type, text }) => type !== "text" || (text as string).trim() !== ""),
      `turn ${place} is blank`,
    );
    if (role === "system") {
      rule(abilities.laterSystem, `turn ${place} is a system message for ${model}`);
      rule(before?.role === "user" && (!next || next.role === "assistant"), `the system message ${place} is misplaced`);
    }
    const calls =
      role === "assistant" ? content.filter(({ type }) => type === "tool_use").map(({ id }) => id as string) : [];
    const results =
      next?.content.filter(({ type }) => type === "tool_result").map((block) => block["tool_use_id"] as string) ?? [];
    if (role === "assistant")
      rule(
        isDeepStrictEqual(new Set(calls), new Set(results)) && results.length === new Set(results).size,
        `calls ${calls.join()} of turn ${place} have the results ${results.join()}`,
      );
    if (place === 0)
      rule(
        content.every(({ type }) => type !== "tool_result"),
        "a result stands first",
      );
    const firstWords = content.findIndex(({ type }) => type !== "tool_result");
    rule(
      firstWords < 0 || content.slice(firstWords).every(({ type }) => type !== "tool_result"),
      `results of turn ${place} do not stand first`,
    );
  });
  const thinking = body["thinking"] as { type: string; budget_tokens?: number } | undefined;
  const choice = body["tool_choice"] as { type: string } | undefined;
  const thinks = thinking ? thinking.type !== "disabled" : abilities.thinksUnasked !== "no";
  if (thinking?.budget_tokens !== undefined) {
    rule(thinking.budget_tokens < (body["max_tokens"] as number), "the budget reaches max_tokens");
    rule(abilities.thinking.includes("budget"), `a budget for ${model}`);
  }
  if (thinking?.type === "adaptive") rule(abilities.thinking.includes("effort"), `adaptive thinking for ${model}`);
  rule(!thinks || (choice?.type !== "any" && choice?.type !== "tool"), "a model that thinks is forced to call a tool");
  rule(
    !thinks || (body["temperature"] === undefined && body["top_k"] === undefined),
    "a model that thinks is given a temperature",
  );
  rule(
    abilities.sampling || ["temperature", "top_p", "top_k"].every((name) => body[name] === undefined),
    `sampling for ${model}`,
  );
  rule(choice === undefined || Array.isArray(body["tools"]), "a choice without tools");
  const names = ((body["tools"] ?? []) as Block[]).flatMap(({ name }) => (name as string | undefined) ?? []);
  rule(new Set(names).size === names.length, `two tools of one name: ${names.join()}`);
  return broken;
}

test("keeps Anthropic's documented rules, whatever the history holds", () => {
  fc.assert(
    fc.property(anyRequest, anyModel, anyVersion, (request, model, version) => {
      const { body } = encodeRequest(request, { model, dialect, version });
      expect(brokenRules(body, model)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test.skipIf(!schemas)(
  "writes what the schema of its API version allows (skipped where the schemas are not there)",
  () => {
    fc.assert(
      fc.property(anyRequest, anyModel, anyVersion, (request, model, version) => {
        const { body } = encodeRequest(request, { model, dialect, version });
        const sent: unknown = JSON.parse(JSON.stringify(body));
        expect(schemas!.requestErrors(versions[version], sent)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  },
);

test.skipIf(!schemas)(
  "asks for tokens to be counted as the schema of its API version allows (skipped where the schemas are not there)",
  () => {
    fc.assert(
      fc.property(anyRequest, anyModel, anyVersion, (request, model, version) => {
        const { body } = encodeRequest(request, { model, dialect, version });
        const sent: unknown = JSON.parse(JSON.stringify(encodeCount(body, { form: "messages", model, beta: false })));
        expect(schemas!.requestErrors(versions[version], sent, "count_tokens")).toEqual([]);
      }),
      { numRuns: 200 },
    );
  },
);

test("is pure: the same request is written the same way, and is left as it was", () => {
  fc.assert(
    fc.property(anyRequest, anyModel, (request, model) => {
      const options = { model, dialect, version: "2023-06-01" };
      const before = structuredClone({ ...request, messages: JSON.stringify(request.messages) });
      const first = encodeRequest(request, options);
      expect(encodeRequest(request, options).body).toEqual(first.body);
      expect({ ...request, messages: JSON.stringify(request.messages) }).toEqual(before);
    }),
    { numRuns: 100 },
  );
});
