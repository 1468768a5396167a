import type { Json, JsonSchema, ModelRequest } from "@plugboard/core";
import { textOf } from "@plugboard/core";
import { fitsSchema, schemaKinds } from "@plugboard/recordings";
import { expect, test } from "vitest";
import { decodeConverse } from "./decode.ts";
import type { EncodedRequest } from "./encode.ts";
import { encodeConverse } from "./encode.ts";

const claude = "us.anthropic.claude-sonnet-4-6";
const qwen = "qwen.qwen3-32b-v1:0";
const nova = "us.amazon.nova-lite-v1:0";

function encode(request: Partial<ModelRequest>, model: string): EncodedRequest {
  return encodeConverse({ messages: [{ role: "user", content: "?" }], ...request }, model);
}

/** The keywords that a warning says stand in descriptions alone. */
function toldIn({ warnings }: EncodedRequest): string {
  const names = warnings.flatMap(({ message }) => message.match(/(?<=hold a model to .*`)\w+(?=`)/g) ?? []);
  return names.length > 0 ? `, told of ${names.length}` : "";
}

/** How an answer in the schema is asked for: by the schema, or by a tool whose input is the answer, or has it. */
function answerWay(schema: JsonSchema, model: string): string {
  const encoded = encode({ output: { schema } }, model);
  if (encoded.body["outputConfig"] !== undefined) return `held${toldIn(encoded)}`;
  return encoded.outputTool?.wrapped ? "a tool with the answer" : "a tool";
}

/** How arguments in the schema are asked for, of a strict tool. */
function toolWay(schema: JsonSchema): string {
  if (schema["type"] !== "object") return "refused";
  const encoded = encode({ tools: [{ name: "f", input: schema, strict: true }] }, claude);
  const { tools } = encoded.body["toolConfig"] as unknown as { readonly tools: [{ toolSpec: { strict?: boolean } }] };
  return tools[0].toolSpec.strict === true ? `held${toldIn(encoded)}` : "not held";
}

test("each kind of schema is held to, told of in descriptions, or stood for by a tool", () => {
  const ways = Object.entries(schemaKinds).map(([name, { schema }]) => [
    name,
    answerWay(schema, claude),
    answerWay(schema, qwen),
    answerWay(schema, nova),
    toolWay(schema),
  ]);
  // https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html, as of November 2026; Nova is not in its list of models.
  expect(ways).toEqual([
    ["plain", "held", "held", "a tool", "held"],
    ["optional", "held", "held", "a tool", "held"],
    ["nullable", "held", "held", "a tool", "held"],
    ["union", "held", "held", "a tool", "held"],
    ["discriminated union", "held", "held", "a tool", "held"],
    ["enum", "held", "held", "a tool", "held"],
    ["enum of numbers", "held", "held", "a tool", "held"],
    ["default", "held", "held", "a tool", "held"],
    ["format", "held", "held", "a tool", "held"],
    ["rare format", "held", "held", "a tool", "held"],
    ["pattern", "held, told of 1", "held, told of 1", "a tool", "held, told of 1"],
    ["limits", "held, told of 6", "held, told of 6", "a tool", "held, told of 6"],
    ["reference", "held", "held", "a tool", "held"],
    ["recursion", "a tool", "a tool", "a tool", "not held"],
    ["record", "a tool", "a tool", "a tool", "not held"],
    ["record within", "a tool", "a tool", "a tool", "not held"],
    ["open object", "a tool", "a tool", "a tool", "not held"],
    ["tuple", "a tool", "a tool", "a tool", "not held"],
    ["anything", "a tool", "a tool", "a tool", "not held"],
    ["list", "held", "held", "a tool with the answer", "refused"],
    ["list of references", "held", "held", "a tool with the answer", "refused"],
    ["text", "held", "held", "a tool with the answer", "refused"],
  ]);
});

const cases = Object.entries(schemaKinds).flatMap(([name, { schema, fits }]) =>
  [claude, nova].flatMap((model) =>
    fits.map((value) => [`${name} of ${model}: ${JSON.stringify(value)}`, schema, value, model] as const),
  ),
);

test.for(cases)(
  "an answer that the model can give fits the schema that was asked for: %s",
  ([, schema, value, model]) => {
    const { body, outputTool, names } = encode({ output: { schema } }, model);
    const held = body["outputConfig"] as
      | { readonly textFormat: { readonly structure: { readonly jsonSchema: { readonly schema: string } } } }
      | undefined;
    const offered = body["toolConfig"] as
      | { readonly tools: readonly { readonly toolSpec: { readonly inputSchema: { readonly json: JsonSchema } } }[] }
      | undefined;
    const asked = held
      ? (JSON.parse(held.textFormat.structure.jsonSchema.schema) as JsonSchema)
      : offered!.tools[0]!.toolSpec.inputSchema.json;
    const input = outputTool?.wrapped ? { value } : value;
    expect(fitsSchema(asked, input)).toBe(true);

    const block: Json = outputTool
      ? { toolUse: { toolUseId: "t", name: outputTool.name, input } }
      : { text: JSON.stringify(value) };
    const answered = {
      output: { message: { role: "assistant", content: [block] } },
      stopReason: "tool_use",
      usage: {},
    };
    const answer = decodeConverse(answered, {}, { model, toolName: names.toOurs, outputTool });
    const read = JSON.parse(textOf(answer)) as Json;
    expect(read).toEqual(value);
    expect(fitsSchema(schema, read)).toBe(true);
  },
);
