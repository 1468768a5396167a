import type { JsonObject } from "@plugboard/core";
import { validator } from "@plugboard/recordings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openaiRequests } from "../shared/request.arbitrary.ts";
import { encodeResponses } from "./encode.ts";
import { textOf } from "./items.ts";
import { openaiResponsesDialect as dialect } from "./openai-responses.ts";

const schemas = await validator();
const asked = openaiRequests(["image/png", "image/gif", "application/pdf", "text/csv"]);
const anyModel = fc.constantFrom("gpt-4o", "gpt-5", "gpt-5.2", "o3", "some-deployment");

/** Rules that no schema states. */
function brokenRules(body: JsonObject): string[] {
  const input = body["input"] as readonly JsonObject[];
  const broken: string[] = [];
  const open: string[] = [];
  input.forEach((item, place) => {
    const type = textOf(item["type"]);
    if (type === "function_call" || type === "custom_tool_call") open.push(`${type}_output ${textOf(item["call_id"])}`);
    if (type.endsWith("_call_output")) {
      const at = open.indexOf(`${type} ${textOf(item["call_id"])}`);
      if (at < 0) broken.push("a result without a call");
      else open.splice(at, 1);
    }
    if (type === "reasoning") {
      if (typeof item["encrypted_content"] !== "string") broken.push("thoughts that the provider does not have");
      const next = input[place + 1];
      const follows = next !== undefined && (next["role"] === "assistant" || next["type"] !== "message");
      if (!follows || next["role"] === "user") broken.push("thoughts that nothing follows");
    }
  });
  if (open.length > 0) broken.push(`calls without a result: ${open.join()}`);
  const tools = (body["tools"] ?? []) as readonly JsonObject[];
  const names = tools.flatMap(({ name }) => (name === undefined ? [] : [name]));
  if (new Set(names).size < names.length) broken.push("two tools of one name");
  if (body["tool_choice"] !== undefined && tools.length === 0) broken.push("a choice without tools");
  return broken;
}

test("keeps the rules of the protocol, whatever the history holds", () => {
  fc.assert(
    fc.property(asked, anyModel, (request, model) => {
      expect(brokenRules(encodeResponses(request, { dialect, model }).body)).toStrictEqual([]);
    }),
    { numRuns: 300 },
  );
});

test.skipIf(!schemas)("writes bodies that fit OpenAI's schema (skipped where the schemas are not there)", () => {
  fc.assert(
    fc.property(asked, anyModel, (request, model) => {
      const { body } = encodeResponses(request, { dialect, model });
      // What goes over the wire is JSON.
      expect(schemas!.requestErrors("openai-responses", JSON.parse(JSON.stringify(body)))).toStrictEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("is pure: the same request is written the same way", () => {
  fc.assert(
    fc.property(asked, anyModel, (request, model) => {
      const before = JSON.stringify(request);
      const first = encodeResponses(request, { dialect, model });
      expect(encodeResponses(request, { dialect, model }).body).toStrictEqual(first.body);
      expect(JSON.stringify(request)).toBe(before);
    }),
    { numRuns: 100 },
  );
});
