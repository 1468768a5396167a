import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "@plugboard/core";
import { validator } from "@plugboard/recordings";
import { claudeAbilities } from "@plugboard/wire";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyModel, anyRequest } from "../../test/any-request.ts";
import { encodeConverse } from "./encode.ts";
import { familyOf } from "./family.ts";

const schemas = await validator();

type WireBlock = Readonly<Record<string, { readonly [name: string]: unknown } | string | undefined>>;
interface WireTurn {
  readonly role: string;
  readonly content: readonly WireBlock[];
}

function idsOf(content: readonly WireBlock[] | undefined, kind: "toolUse" | "toolResult"): string[] {
  return (content ?? []).flatMap((block) => {
    const inner = block[kind];
    return typeof inner === "object" && inner["type"] === undefined ? (inner["toolUseId"] as string) : [];
  });
}

/** What the documentation of Bedrock asks of a request, beyond its schema. */
function brokenRules(body: JsonObject, model: string): string[] {
  const broken: string[] = [];
  const rule = (holds: boolean, what: string): void => void (holds || broken.push(what));
  const turns = body["messages"] as unknown as readonly WireTurn[];
  const toolConfig = body["toolConfig"] as { tools: readonly WireBlock[]; toolChoice?: JsonObject } | undefined;
  const names = (toolConfig?.tools ?? []).flatMap(({ toolSpec, systemTool }) => {
    const tool = (toolSpec ?? systemTool) as { readonly name: string } | undefined;
    return tool?.name ?? [];
  });
  const documents: string[] = [];

  rule(turns[0]?.role === "user", "the user speaks first");
  turns.forEach(({ role, content }, place) => {
    rule(role !== turns[place - 1]?.role, `turn ${place} follows one of the same role`);
    rule(content.length > 0 && content[0]!["cachePoint"] === undefined, `turn ${place} begins with a mark or nothing`);
    for (const block of content) {
      if (typeof block["text"] === "string") rule(block["text"].trim() !== "", `a text of turn ${place} is blank`);
      const document = block["document"];
      if (typeof document === "object") {
        documents.push(document["name"] as string);
        rule(
          content.some(({ text, guardContent }) => text ?? guardContent),
          `a document of turn ${place} stands alone`,
        );
      }
      const result = block["toolResult"];
      if (typeof result === "object") rule((result["content"] as unknown[]).length > 0, "a result is empty");
    }
    const calls = role === "assistant" ? idsOf(content, "toolUse") : [];
    const results = idsOf(turns[place + 1]?.content, "toolResult");
    if (role === "assistant") {
      const answered = isDeepStrictEqual(new Set(calls), new Set(results)) && results.length === new Set(results).size;
      rule(answered, `the calls ${calls.join()} of turn ${place} have the results ${results.join()}`);
      rule(idsOf(content, "toolResult").length === 0, `turn ${place} of the assistant has results`);
    } else rule(idsOf(content, "toolUse").length === 0, `turn ${place} of the user has calls`);
    if (place === 0) rule(idsOf(content, "toolResult").length === 0, "a result stands first");
    if (calls.length + results.length > 0) rule(toolConfig !== undefined, "calls without `toolConfig`");
  });
  rule(new Set(documents).size === documents.length, `two documents of one name: ${documents.join()}`);
  for (const name of documents)
    rule(/^[a-zA-Z0-9()[\]-]+( [a-zA-Z0-9()[\]-]+)*$/.test(name), `a document named ${name}`);
  rule(new Set(names).size === names.length, `two tools of one name: ${names.join()}`);
  const choice = toolConfig?.toolChoice;
  const wanted = (choice?.["tool"] as { readonly name: string } | undefined)?.name;
  rule(wanted === undefined || names.includes(wanted), `the tool ${wanted} is chosen and not there`);
  rule(familyOf(model).forced !== "none" || !(choice?.["any"] ?? choice?.["tool"]), `${model} is forced to call`);

  const fields = body["additionalModelRequestFields"] as JsonObject | undefined;
  const thinking = fields?.["thinking"] as { type: string; budget_tokens?: number } | undefined;
  const config = (body["inferenceConfig"] ?? {}) as JsonObject;
  if (familyOf(model).claude) {
    const abilities = claudeAbilities(model);
    const thinks = thinking ? thinking.type !== "disabled" : abilities.thinksUnasked !== "no";
    const budget = thinking?.budget_tokens ?? 0;
    rule(budget === 0 || budget < (config["maxTokens"] as number), "the budget reaches the limit");
    rule(!thinks || !(choice?.["any"] ?? choice?.["tool"]), "a model that thinks is forced to call");
    rule(
      !thinks || (config["temperature"] ?? fields?.["top_k"]) === undefined,
      "a model that thinks has a temperature",
    );
  } else rule(thinking === undefined, `thinking for ${model}`);
  return broken;
}

test("keeps Bedrock's documented rules, whatever the history holds", () => {
  fc.assert(
    fc.property(anyRequest, anyModel, (request, model) => {
      expect(brokenRules(encodeConverse(request, model).body, model)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test.skipIf(!schemas)("writes what Bedrock's schema allows (skipped where the schemas are not there)", () => {
  fc.assert(
    fc.property(anyRequest, anyModel, fc.constantFrom("converse", "converse-stream"), (request, model, operation) => {
      const sent: unknown = JSON.parse(JSON.stringify(encodeConverse(request, model).body));
      expect(schemas!.requestErrors("bedrock", sent, operation)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("is pure: the same request is written the same way, and is left as it was", () => {
  fc.assert(
    fc.property(anyRequest, anyModel, (request, model) => {
      const before = JSON.stringify(request);
      const first = encodeConverse(request, model);
      expect(encodeConverse(request, model).body).toEqual(first.body);
      expect(JSON.stringify(request)).toBe(before);
    }),
    { numRuns: 100 },
  );
});
