import { generateObject, textOf } from "@plugboard/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { failureOf, scripted } from "../scripted-model.ts";
import { fallback } from "./fallback.ts";

const city = z.object({ city: z.string() });
const lisbon = '{"city":"Lisbon"}';

test("an answer that does not fit the schema is let go, and paid for", async () => {
  const model = fallback([scripted("a", ["Lis", "bon"]), scripted("b", [lisbon])], { when: { schema: city } });
  for (const result of [await model.generate("Where?"), await (await model.stream("Where?")).result()]) {
    expect(textOf(result)).toBe(lisbon);
    expect(result.attempts?.map(({ model, outcome, usage }) => [model, outcome, usage?.output])).toEqual([
      ["a", "finished", 2],
      ["b", "finished", 1],
    ]);
  }
});

test("generateObject gets the value of the model that can write it", async () => {
  const broken = scripted("a", [{ finishReason: "length" }]);
  const model = fallback([broken, scripted("b", ['{"value":[1,2]}'])], { when: { schema: z.array(z.number()) } });
  const { object } = await generateObject(model, {
    schema: z.array(z.number()),
    messages: [{ role: "user", content: "Count." }],
  });
  expect(object).toEqual([1, 2]);
});

test("where nobody can, the last one's answer is given as it is", async () => {
  const model = fallback([scripted("a", ["no"]), scripted("b", ["neither"])], { when: { schema: city } });
  expect(textOf(await model.generate("Where?"))).toBe("neither");
});

test("an answer that is let go when the others fail is among the failures", async () => {
  const model = fallback([scripted("a", ["no"]), scripted("b", [{ fails: "server" }])], { when: { schema: city } });
  const error = await failureOf(model.generate("Where?"));
  expect(error.code).toBe("server");
  expect(error.message).toContain("script a: The answer of a is not the object asked for: it is not JSON.");
});

test("a schema that throws is no fault of the model", async () => {
  const broken = z.object({}).refine(() => {
    throw new Error("oops");
  });
  const b = scripted("b", ["{}"]);
  const error = await failureOf(fallback([scripted("a", ["{}"]), b], { when: { schema: broken } }).generate("Where?"));
  expect(error.code).toBe("invalid-request");
  expect(b.requests).toEqual([]);
});
