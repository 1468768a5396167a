import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { catalog } from "../catalog.ts";
import { loadCatalog } from "./load-catalog.ts";

const model = {
  tool_call: true,
  reasoning: false,
  open_weights: false,
  cost: { input: 1, output: 2 },
  limit: { context: 1000, output: 100 },
  modalities: { input: ["text"], output: ["text"] },
};
const live = { openai: { models: { "gpt-9": model, odd: { ...model, status: "retired" } } } };
const table = {
  snapshot: { source: "our own", licence: "none", date: "2026-11-01" },
  providers: { openai: { "gpt-9": ["t", "t>t", [1000, 100], [1_000_000, 2_000_000]] } },
};
const now = (): number => Date.UTC(2026, 10, 25, 12);

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "catalog-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function fileOf(content: unknown): Promise<string> {
  const path = join(directory, `${crypto.randomUUID()}.json`);
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

function answering(body: unknown, status = 200): { fetch: typeof globalThis.fetch } {
  return { fetch: vi.fn<typeof globalThis.fetch>(async () => Response.json(body, { status })) };
}

test("takes newer data from the live API of models.dev, and says what it left out", async () => {
  const { data, leftOut } = await loadCatalog("https://models.dev/api.json", { ...answering(live), now });
  expect(data.snapshot.date).toBe("2026-11-25");
  const { price, age } = catalog({ data });
  expect(price({ input: 1, output: 1 }, { provider: "openai", id: "gpt-9" }).total).toBe(3000);
  expect(age(now())).toBe(0);
  expect(leftOut).toContain('openai odd: unknown status "retired".');
  expect(leftOut).toContain('The source has no provider "anthropic".');
});

test("takes its own form from a path and from a file URL", async () => {
  const path = await fileOf(table);
  for (const from of [path, pathToFileURL(path)]) {
    const { data, leftOut } = await loadCatalog(from);
    expect(leftOut).toEqual([]);
    expect(catalog({ data }).age(now())).toBe(24);
  }
});

test.each([
  ["what is not JSON", "<html>", "it is not JSON"],
  ["what is no object", [1], "it is no object"],
  ["what has no provider that is known", { acme: { models: {} } }, "none of the providers"],
  ["a table without a day", { ...table, snapshot: {} }, "snapshot.date"],
  ["a table with a row that is none", { ...table, providers: { openai: { "gpt-9": [7] } } }, "openai gpt-9"],
])("refuses %s", async (_, content, words) => {
  await expect(loadCatalog(await fileOf(content))).rejects.toMatchObject({
    code: "parse",
    message: expect.stringContaining(words) as string,
  });
});

test("refuses what cannot be read, without its query, which may hold a key", async () => {
  await expect(loadCatalog(join(directory, "nowhere.json"))).rejects.toMatchObject({ code: "network" });
  const failing = loadCatalog("https://prices.example/x.json?key=secret", answering({}, 503));
  await expect(failing).rejects.toMatchObject({
    code: "network",
    message: "The catalogue at https://prices.example/x.json cannot be read: It answers 503.",
  });
});

test("fetches over https alone, and follows no redirect", async () => {
  const served = answering(live);
  await expect(loadCatalog("http://prices.example/x.json", served)).rejects.toMatchObject({ code: "invalid-request" });
  expect(served.fetch).not.toHaveBeenCalled();
  await loadCatalog("https://prices.example/x.json", served);
  expect(vi.mocked(served.fetch).mock.calls[0]![1]).toMatchObject({ redirect: "error" });
});
