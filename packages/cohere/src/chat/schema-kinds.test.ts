import type { Json, JsonSchema } from "@plugboard/core";
import { fitsSchema, schemaKinds } from "@plugboard/recordings";
import { expect, test } from "vitest";
import { encodeChat } from "./encode.ts";

/** What an answer in the schema is asked for by: Cohere's schema, and what is left out of it; its JSON mode; or words alone. */
function way(schema: JsonSchema): { readonly told: string; readonly held: JsonSchema | undefined } {
  const { body, warnings } = encodeChat(
    { messages: [{ role: "user", content: "?" }], output: { schema } },
    { model: "command-a-03-2025" },
  );
  const format = body["response_format"] as { readonly json_schema?: JsonSchema } | undefined;
  const { message = "" } = warnings[0] ?? {};
  if (!format) return { told: "words", held: undefined };
  if (!format.json_schema) return { told: `JSON and words, for ${/\((.*)\)/.exec(message)![1]}`, held: undefined };
  const without = message.match(/(?<=`)\w+(?=`)/g) ?? [];
  return { told: without.length > 0 ? `held but for ${without.join(", ")}` : "held", held: format.json_schema };
}

test("each kind of schema is held to, or asked for in words", () => {
  const ways = Object.entries(schemaKinds).map(([name, { schema }]) => [name, way(schema).told]);
  // By what output-format.ts has from https://docs.cohere.com/docs/structured-outputs.
  expect(ways).toEqual([
    ["plain", "held"],
    ["optional", "held"],
    ["nullable", "JSON and words, for `anyOf`"],
    ["union", "JSON and words, for `anyOf`"],
    ["discriminated union", "JSON and words, for `oneOf`"],
    ["enum", "held"],
    ["enum of numbers", "held"],
    ["default", "held"],
    ["format", "held"],
    ["rare format", "held but for format"],
    ["pattern", "held but for pattern"],
    ["limits", "held but for minLength, maxLength, minimum, maximum, minItems, maxItems"],
    ["reference", "held"],
    ["recursion", "JSON and words, for `anyOf`"],
    ["record", "JSON and words, for an object without a required member"],
    ["record within", "JSON and words, for an object without a required member"],
    ["open object", "held"],
    ["tuple", "held"],
    ["anything", "held"],
    ["list", "words"],
    ["list of references", "words"],
    ["text", "words"],
  ]);
});

const cases = Object.entries(schemaKinds).flatMap(([name, { schema, fits }]) =>
  fits.map((value): [string, JsonSchema, Json] => [`${name}: ${JSON.stringify(value)}`, schema, value]),
);

test.for(cases)(
  "an answer that fits the schema that was asked for is one that Cohere may give: %s",
  ([, schema, value]) => {
    const { held } = way(schema);
    expect(fitsSchema(held ?? {}, value)).toBe(true);
  },
);
