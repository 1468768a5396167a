import { expect, test } from "vitest";
import { validator } from "./validator.ts";

const schemas = await validator();

test.skipIf(!schemas)("holds a request against a provider's schema", () => {
  const messages = [{ role: "user", content: "Hello" }];
  expect(schemas!.requestErrors("openai-chat", { model: "a", messages })).toStrictEqual([]);
  expect(schemas!.requestErrors("openai-chat", { model: "a", messages, nonsense: 1 })).toMatchObject([
    { property: "nonsense" },
  ]);
  expect(schemas!.errorErrors("ollama", { error: "No." })).toStrictEqual([]);
});
