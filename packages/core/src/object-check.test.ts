import { expect, test } from "vitest";
import { z } from "zod";
import { answer, text, toolCall } from "../test/scripted-model.ts";
import { objectCheck } from "./object-check.ts";

const check = objectCheck(z.object({ city: z.string() }));

test.each([
  ["a value of the schema", answer('{"city":"Lisbon"}'), undefined],
  ["one in a fenced block", answer('Here:\n```json\n{"city":"Lisbon"}\n```'), undefined],
  ["an answer that asks for tools", answer({ content: [toolCall("1", "weather", {})] }), undefined],
  ["a refusal", answer({ content: [text("No.")], finishReason: "refusal" }), undefined],
  ["text", answer("Lisbon"), "it is not JSON"],
  ["nothing", answer(""), "it is empty"],
  ["another value", answer('{"city":7}'), expect.stringContaining("city")],
  [
    "half of one",
    answer({ content: [text('{"ci')], finishReason: "length" }),
    expect.stringContaining("limit of output"),
  ],
])("judges %s", async (_, result, problem) => {
  expect(await check(result)).toEqual(problem);
});

test("takes a list out of the object that it is asked for in", async () => {
  const list = objectCheck(z.array(z.number()));
  expect(await list(answer('{"value":[1,2]}'))).toBeUndefined();
  expect(await list(answer("[1,2]"))).toContain("value");
});

test("throws where the schema throws", async () => {
  const broken = objectCheck(
    z.object({}).refine(() => {
      throw new Error("oops");
    }),
  );
  await expect(broken(answer("{}"))).rejects.toMatchObject({ code: "parse", cause: { message: "oops" } });
});
