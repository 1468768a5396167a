import type { JsonObject } from "@plugboard/core";
import type { WirePart } from "./messages.ts";
import { validator } from "@plugboard/recordings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyModel, anyRequest } from "../../test/arbitrary-request.ts";
import { abilitiesOf } from "./abilities.ts";
import { encodeCount } from "./count.ts";
import { encodeRequest } from "./encode.ts";

const schemas = await validator();

interface Content {
  readonly role: string;
  readonly parts: readonly WirePart[];
}

interface Named {
  readonly name: string;
  readonly id?: string;
}

/** What Google's documentation, and its refusals, ask of a request beyond its schema. */
function brokenRules(body: JsonObject, model: string): string[] {
  const abilities = abilitiesOf(model);
  const broken: string[] = [];
  const rule = (holds: boolean, what: string): void => void (holds || broken.push(what));
  const contents = body["contents"] as unknown as readonly Content[];
  const all = (content: Content | undefined, kind: string): Named[] =>
    (content?.parts ?? []).flatMap((part) => (part[kind] === undefined ? [] : (part[kind] as unknown as Named)));
  const shown = (named: readonly Named[]): string => named.map(({ name, id }) => `${name}#${id}`).join();

  rule(contents.length > 0, "has a content");
  contents.forEach((content, place) => {
    const before = contents[place - 1];
    const calls = all(content, "functionCall");
    const results = all(content, "functionResponse");
    rule(content.parts.length > 0, `content ${place} is empty`);
    rule(content.role !== "model" || before?.role !== "model", `content ${place} follows one of the model`);
    rule(
      calls.length === 0 || (content.role === "model" && before !== undefined),
      `calls of ${place} have no user before`,
    );
    if (calls.length > 0) {
      const answers = all(contents[place + 1], "functionResponse");
      rule(shown(answers) === shown(calls), `calls ${shown(calls)} have the results ${shown(answers)}`);
      const signed = content.parts.find(({ functionCall }) => functionCall !== undefined)?.["thoughtSignature"];
      rule(!abilities.wantsSignatures || signed !== undefined, `the first call of ${place} has no signature`);
    }
    rule(results.length === 0 || all(before, "functionCall").length > 0, `results of ${place} follow no call`);
    for (const { name } of [...calls, ...results]) {
      rule(/^[a-zA-Z_][a-zA-Z0-9_.-]{0,63}$/.test(name), `the name ${name} is not legal`);
    }
  });

  const tools = (body["tools"] ?? []) as readonly Record<string, unknown>[];
  const declared = tools.flatMap(({ functionDeclarations }) => (functionDeclarations ?? []) as readonly Named[]);
  const config = (body["generationConfig"] ?? {}) as JsonObject;
  const names = declared.map(({ name }) => name);
  rule(new Set(names).size === names.length, `two tools of one name: ${names.join()}`);
  rule(abilities.instructed || (tools.length === 0 && body["systemInstruction"] === undefined), `tools for ${model}`);
  rule(abilities.toolsTogether || declared.length === 0 || tools.length === 1, `mixed tools for ${model}`);
  rule(abilities.toolsWithJson || tools.length === 0 || config["responseMimeType"] === undefined, "JSON beside tools");
  rule(abilities.penalties || config["presencePenalty"] === undefined, `a penalty for ${model}`);
  rule(config["responseSchema"] === undefined || config["responseJsonSchema"] === undefined, "two schemas");
  rule(((config["stopSequences"] ?? []) as unknown[]).length <= 5, "too many stop sequences");
  const thinking = config["thinkingConfig"] as JsonObject | undefined;
  rule(thinking?.["thinkingLevel"] === undefined || "levels" in (abilities.thinking ?? {}), `a level for ${model}`);
  rule(thinking?.["thinkingBudget"] === undefined || "least" in (abilities.thinking ?? {}), `a budget for ${model}`);
  return broken;
}

test("keeps the rules of Google that no schema tells, whatever the history holds", () => {
  fc.assert(
    fc.property(anyRequest, anyModel, (request, model) => {
      expect(brokenRules(encodeRequest(request, model).body, model)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test.skipIf(!schemas)("writes what the schema allows (skipped where the schemas are not there)", () => {
  fc.assert(
    fc.property(anyRequest, anyModel, (request, model) => {
      const sent: unknown = JSON.parse(JSON.stringify(encodeRequest(request, model).body));
      expect(schemas!.requestErrors("gemini", sent)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test.skipIf(!schemas)("asks for a count as the schema allows (skipped where the schemas are not there)", () => {
  fc.assert(
    fc.property(anyRequest, anyModel, (request, model) => {
      const { body } = encodeRequest(request, model);
      const sent: unknown = JSON.parse(JSON.stringify(encodeCount(body, "within", model)));
      expect(schemas!.requestErrors("gemini", sent, "countTokens")).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test("is pure: the same request is written the same way, and is left as it was", () => {
  fc.assert(
    fc.property(anyRequest, anyModel, (request, model) => {
      const before = JSON.stringify(request);
      const first = encodeRequest(request, model);
      expect(encodeRequest(request, model).body).toEqual(first.body);
      expect(JSON.stringify(request)).toBe(before);
    }),
    { numRuns: 100 },
  );
});
