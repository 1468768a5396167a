import type { Json, JsonSchema, ModelRequest } from "@plugboard/core";
import { textOf } from "@plugboard/core";
import { fitsSchema, schemaKinds } from "@plugboard/recordings";
import { expect, test } from "vitest";
import { decodeMessage } from "./decode.ts";
import { anthropicDialect as dialect } from "./dialect.ts";
import type { EncodedRequest } from "./encode.ts";
import { encodeRequest } from "./encode.ts";
import type { Block } from "./messages.ts";

function encode(request: Partial<ModelRequest>, model: string): EncodedRequest {
  const messages = [{ role: "user", content: "?" }] as const;
  return encodeRequest({ messages, ...request }, { model, dialect, version: "2023-06-01" });
}

/** The keywords that a warning says stand in descriptions alone. */
function toldIn({ warnings }: EncodedRequest): string {
  const names = warnings.flatMap(({ message }) => message.match(/(?<=hold a model to .*`)\w+(?=`)/g) ?? []);
  return names.length > 0 ? `, told of ${names.join(" and ")}` : "";
}

/** How an answer in the schema is asked for: by the schema, or by a tool whose input is the answer, or has it. */
function answerWay(schema: JsonSchema, model: string): string {
  const encoded = encode({ output: { schema } }, model);
  const config = encoded.body["output_config"] as Block | undefined;
  if (config?.["format"] !== undefined) return `held${toldIn(encoded)}`;
  return encoded.outputTool?.wrapped ? "a tool with the answer" : "a tool";
}

/** How arguments in the schema are asked for, of a strict tool. */
function toolWay(schema: JsonSchema): string {
  if (schema["type"] !== "object") return "refused";
  const encoded = encode({ tools: [{ name: "f", input: schema, strict: true }] }, "claude-sonnet-4-6");
  const [tool] = encoded.body["tools"] as unknown as readonly Block[];
  return tool!["strict"] === true ? `held${toldIn(encoded)}` : "not held";
}

test("each kind of schema is held to, told of in descriptions, or stood for by a tool", () => {
  const ways = Object.entries(schemaKinds).map(([name, { schema }]) => [
    name,
    answerWay(schema, "claude-sonnet-4-6"),
    answerWay(schema, "claude-sonnet-4-0"),
    toolWay(schema),
  ]);
  const limits = "minLength and maxLength and minimum and maximum and minItems and maxItems";
  // https://platform.claude.com/docs/en/build-with-claude/structured-outputs: what is supported and what is not, as of November 2026.
  expect(ways).toEqual([
    ["plain", "held", "a tool", "held"],
    ["optional", "held", "a tool", "held"],
    ["nullable", "held", "a tool", "held"],
    ["union", "held", "a tool", "held"],
    ["discriminated union", "held", "a tool", "held"],
    ["enum", "held", "a tool", "held"],
    ["enum of numbers", "held", "a tool", "held"],
    ["default", "held", "a tool", "held"],
    ["format", "held", "a tool", "held"],
    ["rare format", "held", "a tool", "held"],
    ["pattern", "held, told of pattern", "a tool", "held, told of pattern"],
    ["limits", `held, told of ${limits}`, "a tool", `held, told of ${limits}`],
    ["reference", "held", "a tool", "held"],
    ["recursion", "a tool", "a tool", "not held"],
    ["record", "a tool", "a tool", "not held"],
    ["record within", "a tool", "a tool", "not held"],
    ["open object", "a tool", "a tool", "not held"],
    ["tuple", "a tool", "a tool", "not held"],
    ["anything", "a tool", "a tool", "not held"],
    ["list", "held", "a tool with the answer", "refused"],
    ["list of references", "held", "a tool with the answer", "refused"],
    ["text", "held", "a tool with the answer", "refused"],
  ]);
});

const cases = Object.entries(schemaKinds).flatMap(([name, { schema, fits }]) =>
  ["claude-sonnet-4-6", "claude-sonnet-4-0"].flatMap((model) =>
    fits.map((value) => [`${name} of ${model}: ${JSON.stringify(value)}`, schema, value, model] as const),
  ),
);

test.for(cases)(
  "an answer that the model can give fits the schema that was asked for: %s",
  ([, schema, value, model]) => {
    const { body, outputTool, names } = encode({ output: { schema } }, model);
    const config = body["output_config"] as { readonly format?: { readonly schema: JsonSchema } } | undefined;
    const [tool] = (body["tools"] ?? []) as unknown as readonly { readonly input_schema: JsonSchema }[];
    const input = outputTool?.wrapped ? { value } : value;
    const block: Json = outputTool
      ? { type: "tool_use", id: "t", name: outputTool.name, input }
      : { type: "text", text: JSON.stringify(value) };
    expect(fitsSchema(config?.format?.schema ?? tool!.input_schema, input)).toBe(true);

    const context = { provider: "anthropic", model, toolName: names.toOurs, outputTool };
    const answer = decodeMessage({ content: [block], stop_reason: "tool_use" }, {}, context);
    const read = JSON.parse(textOf(answer)) as Json;
    expect(read).toEqual(value);
    expect(fitsSchema(schema, read)).toBe(true);
  },
);
