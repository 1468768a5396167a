import type { Json, JsonSchema, ModelRequest } from "@plugboard/core";
import { textOf } from "@plugboard/core";
import { fitsSchema, schemaKinds } from "@plugboard/recordings";
import { expect, test } from "vitest";
import { decodeAnswer } from "./decode.ts";
import type { EncodedRequest } from "./encode.ts";
import { encodeRequest } from "./encode.ts";
import { jsonSchemaOf } from "./json-schema-of.ts";

/** One that takes JSON Schema besides Google's own kind, and one that does not. */
const [newer, older] = ["gemini-2.5-flash", "gemini-2.0-flash"] as const;

interface Config {
  readonly responseSchema?: JsonSchema;
  readonly responseJsonSchema?: JsonSchema;
}
interface Declaration {
  readonly parameters?: JsonSchema;
  readonly parametersJsonSchema?: JsonSchema;
}

function encode(request: Partial<ModelRequest>, model: string): EncodedRequest {
  return encodeRequest({ messages: [{ role: "user", content: "?" }], ...request }, model);
}

function answerConfig(schema: JsonSchema, model: string): Config {
  return encode({ output: { schema } }, model).body["generationConfig"] as Config;
}

/** The keywords that a warning says stand in descriptions alone. */
function toldIn({ warnings }: EncodedRequest): string {
  const names = warnings.flatMap(({ message }) => message.match(/(?<=hold a model to .*`)\w+(?=`)/g) ?? []);
  return names.length > 0 ? `, told of ${names.join(" and ")}` : "";
}

function answerWay(schema: JsonSchema, model: string): string {
  const { responseSchema, responseJsonSchema } = answerConfig(schema, model);
  const told = toldIn(encode({ output: { schema } }, model));
  if (responseSchema) return `own kind${told}`;
  return responseJsonSchema ? `JSON Schema${told}` : "in words";
}

function toolWay(schema: JsonSchema, model: string): string {
  if (schema["type"] !== "object") return "refused";
  const encoded = encode({ tools: [{ name: "f", input: schema }] }, model);
  const [{ functionDeclarations }] = encoded.body["tools"] as unknown as readonly [
    { readonly functionDeclarations: readonly [Declaration] },
  ];
  const [{ parameters, parametersJsonSchema }] = functionDeclarations;
  if (parameters) return `own kind${toldIn(encoded)}`;
  return parametersJsonSchema ? `JSON Schema${toldIn(encoded)}` : "in words";
}

test("each kind of schema is written in Google's own, as JSON Schema, or in words", () => {
  const ways = Object.entries(schemaKinds).map(([name, { schema }]) => [
    name,
    answerWay(schema, newer),
    answerWay(schema, older),
    toolWay(schema, newer),
    toolWay(schema, older),
  ]);
  const own = ["own kind", "own kind", "own kind", "own kind"];
  const newerOnly = ["JSON Schema", "in words", "JSON Schema", "in words"];
  const told = (keyword: string): string[] => {
    const [ofNewer, ofOlder] = [`JSON Schema, told of ${keyword}`, `own kind, told of ${keyword}`];
    return [ofNewer, ofOlder, ofNewer, ofOlder];
  };
  const noObject = ["own kind", "own kind", "refused", "refused"];
  // Google's pages on structured output and function calling, and the reference of `Schema`: as of November 2026.
  expect(ways).toEqual([
    ["plain", ...own],
    ["optional", ...own],
    ["nullable", ...own],
    ["union", ...own],
    ["discriminated union", ...own],
    ["enum", ...own],
    ["enum of numbers", ...newerOnly],
    ["default", ...own],
    ["format", ...own],
    ["rare format", ...told("format")],
    ["pattern", ...own],
    ["limits", ...own],
    ["reference", ...own],
    ["recursion", ...newerOnly],
    ["record", ...newerOnly],
    ["record within", ...newerOnly],
    [
      "open object",
      "JSON Schema",
      "own kind, told of additionalProperties",
      "JSON Schema",
      "own kind, told of additionalProperties",
    ],
    ["tuple", ...newerOnly],
    ["anything", ...newerOnly],
    ["list", ...noObject],
    ["list of references", ...noObject],
    ["text", ...noObject],
  ]);
});

const cases = Object.entries(schemaKinds).flatMap(([name, { schema, fits }]) =>
  [newer, older].flatMap((model) =>
    fits.map((value) => [`${name} of ${model}: ${JSON.stringify(value)}`, schema, value, model] as const),
  ),
);

test.for(cases)(
  "an answer that the model can give fits the schema that was asked for: %s",
  ([, schema, value, model]) => {
    const { responseSchema, responseJsonSchema } = answerConfig(schema, model);
    const held = responseSchema ? jsonSchemaOf(responseSchema) : responseJsonSchema;
    // A model that is told in words alone may give anything.
    expect(held === undefined || fitsSchema(held, value)).toBe(true);
    const part = { text: JSON.stringify(value) };
    const body = { candidates: [{ content: { parts: [part] }, finishReason: "STOP" }] };
    const context = { provider: "google", model, toolName: (name: string) => name };
    const read = JSON.parse(textOf(decodeAnswer(body, {}, context))) as Json;
    expect(read).toEqual(value);
    expect(fitsSchema(schema, read)).toBe(true);
  },
);
