import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadConfig } from "./load-config.ts";

test("the example is a configuration", async () => {
  const path = fileURLToPath(new URL("../../../../examples/gateway.yaml", import.meta.url));
  const { models, keys } = await loadConfig(path);
  expect(Object.keys(models)).toEqual(["fast", "gpt", "haiku", "search", "local"]);
  expect(keys).toMatchObject([{ name: "team-a", limits: { tokens: 200_000 } }, { name: "monitoring" }]);
});
