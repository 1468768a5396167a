import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf, scripted } from "../scripted-model.ts";
import { checkTiers, loadTiers } from "./index.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tiers-"));
});
afterAll(() => rm(directory, { recursive: true }));

const model = (name: string) => scripted(name, [name]);

async function load(text: string) {
  const path = join(directory, "tiers.json");
  await writeFile(path, text);
  return loadTiers(path, { model, limits: ({ id }) => ({ context: id === "gpt" ? 8000 : 200_000 }) });
}

describe("a file of tiers", () => {
  test("says models by name, rules, and how the tier of a request is found", async () => {
    const loaded = await load(
      JSON.stringify({
        tiers: {
          frontier: { models: ["gpt", "claude"], context: 100_000 },
          edge: { models: "llama", local: "trusted" },
        },
        tiering: { default: "edge", tag: "level", localOnly: { secret: true } },
      }),
    );
    expect(loaded.tiers).toEqual(["frontier", "edge"]);
    expect((await loaded.generate("hello")).model).toBe("llama");
    const request = { messages: [{ role: "user", content: "hello" }] } as const;
    expect((await loaded.generate({ ...request, tags: { level: "frontier" } })).model).toBe("claude");
    expect((await failureOf(loaded.generate({ ...request, tags: { level: "frontier", secret: "y" } }))).code).toBe(
      "unsupported",
    );
  });

  test.each([
    [
      { tiers: { edge: { models: "llama", privat: true } } },
      "f: `tiers.edge` has no member privat; it may have models, abilities",
    ],
    [{ tiers: { edge: { models: [] } } }, "f: `tiers.edge.models` "],
    [{ tiers: { edge: {} } }, "f: `tiers.edge.models` must be the name of a model, or a list of names"],
    [{ tiers: { edge: { models: "llama", local: "yes" } } }, "f: `tiers.edge.local` must be true, false or trusted"],
    [{ tiers: { edge: { models: "llama", abilities: ["fly"] } } }, "f: `tiers.edge.abilities.0` must be one of tools"],
    [{ tiers: { edge: { models: "llama", price: { output: "5" } } } }, "f: `tiers.edge.price.output` must be a number"],
    [{ tiers: {}, tiering: { fall: "away" } }, "f: `tiering.fall` must be one of none, down, up"],
    [{ tiers: {}, tiering: { localOnly: { privacy: false } } }, "f: `tiering.localOnly.privacy` must be a value"],
    [{ edge: { models: "llama" } }, "has no member edge; it may have tiers, tiering"],
  ])("%j is refused", (value, sentence) => {
    expect(() => checkTiers(value, "f")).toThrow(sentence);
  });

  test("that is not JSON or not there is told by its name", async () => {
    expect((await failureOf(load("{"))).message).toMatch(/tiers\.json is not JSON\.$/);
    const error = await failureOf(loadTiers(join(directory, "none.json"), { model }));
    expect(error).toMatchObject({ code: "not-found" });
  });

  test("has the numbers of its rules checked, too", async () => {
    const error = await failureOf(
      load(JSON.stringify({ tiers: { edge: { models: "llama", price: { output: -1 } } } })),
    );
    expect(error.message).toContain("`edge.price.output` must be a number of at least 0; it is -1");
  });
});
