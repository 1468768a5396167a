// Checked by the compiler alone: what callers get without writing a type.
import { expectTypeOf } from "vitest";
import { z } from "zod";
import type {
  DeepPartial,
  JsonSchema,
  Model,
  ModelReply,
  ModelResult,
  RunnableTool,
  SchemaInput,
  SchemaOutput,
  StandardSchema,
  ToolContext,
} from "./index.ts";
import { defineTool, generateObject, runTools, streamObject } from "./index.ts";

declare const model: Model;
declare const jsonSchema: JsonSchema;
declare const other: StandardSchema<{ raw: string }, { cooked: number }>;

const messages = [{ role: "user", content: "Hello" }] as const;
const person = z.object({
  name: z.string(),
  age: z.string().transform(Number),
  tags: z.array(z.object({ label: z.string() })).default([]),
});
interface Person {
  name: string;
  age: number;
  tags: { label: string }[];
}
interface PersonWritten {
  name: string;
  age: string;
  tags?: { label: string }[] | undefined;
}

// Schemas.
expectTypeOf<SchemaOutput<typeof person>>().toEqualTypeOf<Person>();
expectTypeOf<SchemaInput<typeof person>>().toEqualTypeOf<PersonWritten>();
const pair = { schema: other, jsonSchema };
expectTypeOf<SchemaOutput<typeof pair>>().toEqualTypeOf<{ cooked: number }>();
expectTypeOf<SchemaInput<typeof pair>>().toEqualTypeOf<{ raw: string }>();

// Objects.
expectTypeOf(generateObject(model, { schema: person, messages })).resolves.toEqualTypeOf<{
  readonly object: Person;
  readonly result: ModelResult;
}>();
expectTypeOf((await generateObject(model, { schema: pair, messages })).object).toEqualTypeOf<{ cooked: number }>();
expectTypeOf((await generateObject(model, { schema: z.enum(["a", "b"]), messages })).object).toEqualTypeOf<"a" | "b">();

const streamed = await streamObject(model, { schema: person, messages });
expectTypeOf(streamed.object()).resolves.toEqualTypeOf<Person>();
for await (const partial of streamed.partials) {
  expectTypeOf(partial).toEqualTypeOf<DeepPartial<PersonWritten>>();
  // As the model writes it, and anything may be missing.
  expectTypeOf(partial.age).toEqualTypeOf<string | undefined>();
  expectTypeOf(partial.tags?.[0]?.label).toEqualTypeOf<string | undefined>();
}

// @ts-expect-error A plain JSON Schema checks nothing.
void generateObject(model, { schema: jsonSchema, messages });
// @ts-expect-error A validator that cannot say what it wants needs a JSON Schema beside it.
void generateObject(model, { schema: other, messages });
// @ts-expect-error The schema is the output.
void generateObject(model, { schema: person, messages, output: {} });

// Tools.
const tool = defineTool({
  name: "greet",
  input: person,
  needsApproval: (input) => {
    expectTypeOf(input).toEqualTypeOf<Person>();
    return input.age > 17;
  },
  execute: async (input, context) => {
    expectTypeOf(input).toEqualTypeOf<Person>();
    expectTypeOf(context).toEqualTypeOf<ToolContext>();
    return { greeting: `Hello ${input.name}` };
  },
});
expectTypeOf(tool).toEqualTypeOf<RunnableTool<Person>>();
expectTypeOf(tool.parse({})).resolves.toExtend<{ readonly value: Person } | { readonly issues: readonly unknown[] }>();

defineTool({ name: "nothing", input: z.object({}), execute: () => {} });
defineTool({ name: "parts", input: z.object({}), execute: () => [{ type: "text", text: "a" }] });
defineTool({ name: "pair", input: pair, execute: ({ cooked }) => cooked.toFixed() });
// @ts-expect-error A date is not JSON: the tool says how it is written.
defineTool({ name: "date", input: z.object({}), execute: () => ({ at: new Date() }) });

const plain = { name: "plain", input: { type: "object" } } as const;
const search = { type: "provider", id: "openai.web_search" } as const;
expectTypeOf(
  runTools(model, {
    messages,
    tools: [tool, defineTool({ name: "b", input: z.object({ b: z.number() }) }), plain, search],
  }),
).resolves.toEqualTypeOf<ModelReply>();
