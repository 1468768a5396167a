import type { Json, JsonObject, ModelResult, ToolResultPart } from "@plugboard/core";
import { recordedSamples } from "@plugboard/recordings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openaiRequests } from "../shared/request.arbitrary.ts";
import { decodeResponse } from "./decode.ts";
import { encodeResponses } from "./encode.ts";
import type { EncodedResponses } from "./encode.ts";
import { openaiResponsesDialect as dialect } from "./openai-responses.ts";
import { responsesProtocol } from "./serve.ts";

/** The answers in one body that OpenAI was recorded to give, with items of its own. */
const recorded = recordedSamples("openai-responses")
  .filter(({ framing, status }) => framing === "json" && status === 200)
  .map(({ name, body }) => [name, JSON.parse(new TextDecoder().decode(body)) as JsonObject] as const)
  .filter(([, body]) => body["status"] === "completed");

function answerOf(body: JsonObject): ModelResult {
  return decodeResponse(body, { dialect, model: "m" }, {});
}

/** What is sent when the conversation goes on, each call answered. */
function goneOn(
  { content }: ModelResult,
  model: string,
): { readonly input: readonly JsonObject[]; readonly body: JsonObject } {
  const results = content.flatMap((part): ToolResultPart[] =>
    part.type === "tool-call" && !part.executed
      ? [{ type: "tool-result", id: part.id, name: part.name, output: "done" }]
      : [],
  );
  const { body } = encodeResponses(
    {
      messages: [
        { role: "user", content: "Hello" },
        { role: "assistant", content },
        ...(results.length > 0 ? [{ role: "tool" as const, content: results }] : []),
        { role: "user", content: "And now?" },
      ],
    },
    { dialect, model },
  );
  return { input: body["input"] as readonly JsonObject[], body };
}

/** Without what only an answer has. */
function asSentBack({ status: _, ...item }: JsonObject): JsonObject {
  return item;
}

describe.skipIf(recorded.length === 0)(
  "an answer that was recorded goes back (skipped where the recordings are not there)",
  () => {
    test.each<readonly [string, JsonObject]>(recorded)(
      "%s: encrypted thoughts byte for byte, and what they led to after them",
      (_, body) => {
        const output = (body["output"] ?? []) as readonly JsonObject[];
        const { input, body: sent } = goneOn(answerOf(body), "gpt-5");
        expect(sent).toMatchObject({ store: false, include: ["reasoning.encrypted_content"] });
        const encrypted = output.filter(
          (item) => item["type"] === "reasoning" && typeof item["encrypted_content"] === "string",
        );
        for (const item of encrypted) expect(input.map(asSentBack)).toContainEqual(asSentBack(item));
        // Calls keep their ids, names and arguments as they were.
        for (const { type, call_id: id, name, arguments: written } of output) {
          if (type !== "function_call") continue;
          const call: Readonly<Record<string, unknown>> = { type, call_id: id, name, arguments: written };
          expect(input).toContainEqual(expect.objectContaining(call));
          expect(input).toContainEqual({ type: "function_call_output", call_id: id, output: "done" });
        }
      },
    );

    test("and there are encrypted thoughts among them", () => {
      expect(
        recorded.filter(([, body]) => JSON.stringify(body).includes('"encrypted_content":"')).length,
      ).toBeGreaterThan(0);
    });
  },
);

test("a conversation that was mended needs no mending when it is read and sent again, and stays as it is", () => {
  const asked = openaiRequests(["image/png", "application/pdf"]);
  const protocol = responsesProtocol();
  fc.assert(
    fc.property(asked, fc.constantFrom("gpt-4o", "gpt-5"), ({ providerOptions: _, ...request }, model) => {
      const sentOn = (body: JsonObject): EncodedResponses =>
        encodeResponses(protocol.readRequest(JSON.parse(JSON.stringify(body)) as Json).request, { dialect, model });
      const again = sentOn(encodeResponses(request, { dialect, model }).body);
      expect(again.warnings.filter(({ path }) => path?.startsWith("messages"))).toStrictEqual([]);
      expect(sentOn(again.body).body["input"]).toStrictEqual(again.body["input"]);
    }),
    { numRuns: 200 },
  );
});
