import { defineEmbeddingModel } from "@plugboard/core";
import type { Notice } from "@plugboard/core";
import { expect, test } from "vitest";
import { pieces, testModel } from "../test-model.ts";
import { deprecation } from "./deprecation.ts";

/** Each test has a model of its own name: what is told once in a process stays told. */
function oldModel(id: string): ReturnType<typeof testModel>["model"] {
  return testModel(() => pieces(["hi"]), { id }).model;
}

const statusOf = ({ id }: { readonly id: string }): string | undefined =>
  id.startsWith("old") ? "deprecated" : undefined;
const warned = { code: "deprecated", message: expect.stringContaining("is going to be retired") as string };

test("warns with every answer, and tells once in a process, whichever chain it is", async () => {
  const notices: Notice[] = [];
  const request = { messages: [{ role: "user", content: "hello" } as const], notify: notices.push.bind(notices) };
  for (const model of [oldModel("old-1"), oldModel("old-1")].map((model) => model.with(deprecation(statusOf)))) {
    const { warnings } = await model.generate(request);
    expect(warnings).toEqual([warned]);
    expect((await (await model.stream(request)).result()).warnings).toEqual([warned]);
  }
  expect(notices.filter(({ type }) => type === "deprecated")).toEqual([
    { type: "deprecated", provider: "test", model: "old-1" },
  ]);
});

test("says nothing of a model in ordinary use", async () => {
  const { warnings } = await oldModel("new-1").with(deprecation(statusOf)).generate("hello");
  expect(warnings).toEqual([]);
});

test("warns with the results of other kinds, too", async () => {
  const model = defineEmbeddingModel({
    provider: "test",
    id: "old-2",
    call: async () => ({ model: "old-2", embeddings: [[1]], usage: {}, warnings: [] }),
  });
  const { warnings } = await model.with(deprecation(statusOf)).embed(["a"]);
  expect(warnings).toEqual([warned]);
});
