import { generateObject } from "@plugboard/core";
import type { Json, Message, StandardSchema } from "@plugboard/core";
import { validator } from "@plugboard/recordings";
import { scripted } from "@plugboard/testing";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { adapters } from "./adapters.ts";
import { classIn, outputClasses, toolClasses } from "./schema-classes.ts";
import type { SchemaClasses } from "./schema-classes.ts";
import { outputClassOf, toolClassOf } from "./schema-class.ts";
import { schemaFeatures } from "./schema-features.ts";
import type { SchemaFeature } from "./schema-features.ts";

const schemas = await validator();
const features = Object.entries(schemaFeatures);
const question: readonly Message[] = [{ role: "user", content: "Go." }];
const ajv = new Ajv2020({ strict: false });

describe.each(adapters.map((adapter) => [adapter.name, adapter] as const))("%s", (name, adapter) => {
  test("takes each feature of a schema for its answer as the table says", async () => {
    expect(await observed(features, (feature) => outputClassOf(adapter, feature))).toStrictEqual(
      told(features, columnOf(outputClasses, name)),
    );
  });

  test("takes each feature of a schema for a strict tool as the table says", async () => {
    const objects = features.filter(([, { schema }]) => schema["type"] === "object");
    expect(await observed(objects, (feature) => toolClassOf(adapter, feature))).toStrictEqual(
      told(objects, columnOf(toolClasses, name)),
    );
  });

  test("sends no schema that the provider's own would refuse", async () => {
    if (!adapter.schema || !schemas) return;
    const [folder, operation] = adapter.schema;
    for (const [feature, { schema }] of features) {
      const { body } = await adapter.create(adapter.model).plan({ messages: question, output: { schema } });
      expect([feature, ...schemas.requestErrors(folder, body, operation)]).toStrictEqual([feature]);
    }
  });
});

function columnOf(table: Readonly<Record<string, SchemaClasses>>, name: string): SchemaClasses {
  const column = Object.values(table).find((classes) => classes.adapters.includes(name));
  if (!column) throw new Error(`No column of the table is of ${name}.`);
  return column;
}

async function observed(
  list: typeof features,
  classOf: (feature: SchemaFeature) => Promise<string>,
): Promise<Record<string, string>> {
  const entries = await Promise.all(list.map(async ([name, feature]) => [name, await classOf(feature)] as const));
  return Object.fromEntries(entries);
}

function told(list: typeof features, classes: SchemaClasses): Record<string, string> {
  return Object.fromEntries(list.map(([name]) => [name, classIn(classes, name)]));
}

test("every name in the table is one of a feature", () => {
  const named = [...Object.values(outputClasses), ...Object.values(toolClasses)].flatMap(({ but }) =>
    Object.values(but).flat(),
  );
  expect(named.filter((name) => !(name in schemaFeatures))).toStrictEqual([]);
});

/** The original schema, in the words of Standard Schema. */
function checked({ schema }: SchemaFeature): { schema: StandardSchema; jsonSchema: SchemaFeature["schema"] } {
  const validate = ajv.compile(schema);
  return {
    jsonSchema: schema,
    schema: {
      "~standard": {
        version: 1,
        vendor: "ajv",
        validate: (value) => (validate(value) ? { value } : { issues: [{ message: ajv.errorsText(validate.errors) }] }),
      },
    },
  };
}

/** As a model writes it: what is no object at the root is asked for inside one. */
function written({ schema }: SchemaFeature, value: Json): string {
  return JSON.stringify(schema["type"] === "object" ? value : { value });
}

describe.each(features)("an answer of a schema with %s", (_, feature) => {
  const { fits, fails } = feature;

  test("is checked against the schema as the application wrote it", async () => {
    const model = scripted(written(feature, fits));
    const { object } = await generateObject(model, { schema: checked(feature), messages: question });
    expect(object).toStrictEqual(fits);
  });

  test.skipIf(fails === undefined)("is repaired within a bound, or raised with its text", async () => {
    const broken = written(feature, fails!);
    const mended = scripted(broken, written(feature, fits));
    const request = { schema: checked(feature), messages: question };
    expect((await generateObject(mended, request)).object).toStrictEqual(fits);
    expect(mended.requests).toHaveLength(2);

    const stubborn = scripted(broken);
    await expect(generateObject(stubborn, { ...request, repair: 2 })).rejects.toMatchObject({
      code: "parse",
      partial: { content: [{ type: "text", text: broken }] },
    });
    expect(stubborn.requests).toHaveLength(3);
  });
});
