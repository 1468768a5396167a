import { scripted, scriptedAs } from "@plugboard/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { defineFeature, isFeature } from "./define-feature.ts";
import { featureModel } from "./feature-model.ts";
import { clerk, triageOf } from "./triage.samples.ts";

const ticket = "(1) The roof is on fire.";

describe("run", () => {
  test("asks the first model its prompt, tagged with the feature, and gives a checked value", async () => {
    const [current, haiku] = [clerk("large"), clerk("small")];
    const { output, model, result } = await triageOf(current, haiku).run({ ticket }, { tags: { user: "ada" } });
    expect({ output, model }).toEqual({ output: { urgency: "high" }, model: "current" });
    expect(result.attempts).toHaveLength(1);
    expect(current.requests).toHaveLength(1);
    expect(haiku.requests).toHaveLength(0);
    expect(current.requests[0]).toMatchObject({
      messages: [{ role: "user", content: ticket }],
      tags: { user: "ada", feature: "triage" },
      temperature: 0.5,
      seed: 1,
      output: { name: "triage", schema: { type: "object" } },
    });
  });

  test("asks another model by its own prompt, with settings that outweigh the prompt's", async () => {
    const haiku = clerk("small");
    await triageOf(clerk("large"), haiku).run({ ticket }, { model: "haiku" });
    expect(haiku.requests[0]).toMatchObject({
      messages: [{ role: "system", content: "Be brief." }, {}],
      temperature: 0,
    });
    expect(haiku.requests[0]!.seed).toBeUndefined();
  });

  test("refuses an input that does not fit, with the field, and asks nobody", async () => {
    const current = clerk("large");
    await expect(triageOf(current, current).run({ ticket: 3 } as never)).rejects.toMatchObject({
      code: "invalid-request",
      message: expect.stringMatching(/^The input of feature "triage" does not fit: `ticket` .*string/) as string,
    });
    expect(current.requests).toHaveLength(0);
  });

  test("asks again for an output that does not fit, and fails with `parse` after as many times as `repair` says", async () => {
    const stubborn = clerk("large", () => '{"urgency":"perhaps"}');
    await expect(triageOf(stubborn, stubborn).run({ ticket })).rejects.toMatchObject({ code: "parse" });
    expect(stubborn.requests).toHaveLength(2);
  });

  test("refuses a model that there is none of", async () => {
    const run = triageOf(clerk("a"), clerk("b")).run({ ticket }, { model: "toString" as never });
    await expect(run).rejects.toThrow('has no model "toString"; there are: current, haiku.');
  });

  test("gives text without an output schema", async () => {
    const model = scripted("Short.");
    const brief = defineFeature({ name: "brief", input: z.string(), prompt: (text) => text, models: { model } });
    expect((await brief.run("Long.")).output).toBe("Short.");
    const reply = await brief.stream("Long.");
    expect(await reply.text()).toBe("Short.");
  });

  test("is called off by its signal", async () => {
    const model = scripted({ hang: true });
    const brief = defineFeature({ name: "brief", input: z.string(), prompt: (text) => text, models: { model } });
    const stop = new AbortController();
    const run = brief.run("x", { signal: stop.signal });
    stop.abort();
    await expect(run).rejects.toMatchObject({ code: "aborted" });
  });
});

test("streams partial objects of the output", async () => {
  const model = scripted(["{", '"urgency":', '"high"}']);
  await using reply = await triageOf(model, model).stream({ ticket });
  const seen: unknown[] = [];
  for await (const partial of reply.partials) seen.push(structuredClone(partial));
  expect(seen.at(-1)).toEqual({ urgency: "high" });
  await expect(reply.object()).resolves.toEqual({ urgency: "high" });
});

test.each([
  ["a name with a blank", { name: "a b" }, "letters, digits"],
  ["no model", { models: {} }, "at least one model"],
  ["repairs that cannot be", { repair: -1 }, "repair"],
])("refuses %s", (_, wrong, message) => {
  const parts = { name: "a", input: z.string(), prompt: (text: string) => text, models: { one: scripted("x") } };
  expect(() => defineFeature({ ...parts, ...(wrong as object) })).toThrow(message);
});

test("refuses an output that no model can be told of when it is defined", () => {
  const output = z.object({ at: z.date() });
  const define = () =>
    defineFeature({ name: "when", input: z.string(), output, prompt: (text) => text, models: { a: scripted("") } });
  expect(define).toThrow(expect.objectContaining({ code: "unsupported" }) as Error);
});

test("is known as a feature, and nothing else is", () => {
  expect(isFeature(triageOf(clerk("a"), clerk("b")))).toBe(true);
  expect([undefined, {}, clerk("a")].some(isFeature)).toBe(false);
});

describe("as a model", () => {
  test("takes the input as JSON and answers with the output as JSON, its attempts told once", async () => {
    const current = clerk("large");
    const model = featureModel(triageOf(current, clerk("small")), "current");
    const result = await model.generate(JSON.stringify({ ticket }));
    expect(result.content).toEqual([{ type: "text", text: '{"urgency":"high"}' }]);
    expect(result.attempts).toHaveLength(1);
    expect(model).toMatchObject({ provider: "triage", id: "current" });
  });

  test("hands every circumstance of the call on", async () => {
    const inner = scriptedAs({ id: "one" }, "x");
    const feature = defineFeature({ name: "f", input: z.string(), prompt: (text) => text, models: { inner } });
    const call = { deadline: Date.now() + 60_000, attemptTimeout: 60_000, headers: { a: "b" }, tags: { user: "ada" } };
    const admitted: string[] = [];
    await featureModel(feature, "inner").generate({
      ...call,
      messages: [{ role: "user", content: '"hello"' }],
      admit: async ({ id }) => void admitted.push(id),
    });
    expect(inner.requests[0]).toMatchObject({ ...call, tags: { user: "ada", feature: "f" } });
    expect(admitted).toEqual(["one"]);
  });

  test("refuses what is no JSON", async () => {
    const model = featureModel(triageOf(clerk("a"), clerk("b")), "current");
    await expect(model.generate("hello")).rejects.toMatchObject({ code: "invalid-request" });
  });
});
