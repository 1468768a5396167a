import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Evidence } from "@plugboard/evaluation/feature";
import { afterAll, beforeAll, expect, test } from "vitest";
import { say as sayLine } from "../test-terminal.ts";
import type { Said } from "../test-terminal.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "cli-migrate-"));
});
afterAll(() => rm(directory, { recursive: true }));

const say = (...line: readonly string[]): Promise<Said> => sayLine(["migrate", ...line]);

/** Where the module finds what it imports, as an application's does in its node_modules. */
const core = new URL("../../../core/src/index.ts", import.meta.url).href;
const evaluation = new URL("../../../evaluation/src/index.ts", import.meta.url).href;
const feature = new URL("../../../evaluation/src/feature/index.ts", import.meta.url).href;

/** A module as an application writes it: types and all. The models answer by the number that is asked, wrong below a bound. */
async function moduleOf(
  name: string,
  {
    words = "Double it.",
    wrong = 0,
    rows = 200,
    also = "",
  }: { words?: string; wrong?: number; rows?: number; also?: string } = {},
): Promise<string> {
  const path = join(directory, name);
  await writeFile(
    path,
    `import { ModelReply, defineModel } from ${JSON.stringify(core)};
import { exact } from ${JSON.stringify(evaluation)};
import { defineFeature } from ${JSON.stringify(feature)};
interface Question { readonly number: number }
const input = { "~standard": { version: 1 as const, vendor: "hand", validate(value: unknown) {
  return typeof (value as Question)?.number === "number" ? { value: value as Question } : { issues: [{ message: "expected a number", path: ["number"] }] };
} } };
const model = (id: string, wrong: number) => defineModel({ provider: "school", id, call: async ({ messages }) => {
  const number = Number(/\\d+/.exec(JSON.stringify(messages.at(-1)))![0]);
  const text = number < wrong ? "no idea" : String(2 * number);
  return ModelReply.of({ model: id, content: [{ type: "text", text }], finishReason: "stop", usage: { input: 1, output: 1 }, warnings: [] });
} });
export const double = defineFeature({
  name: "double",
  input,
  prompt: ({ number }) => ${JSON.stringify(words)} + " " + number,
  models: { large: model("large", 0), small: model("small", ${wrong}) },
  checks: {
    dataset: Array.from({ length: ${rows} }, (_, number) => ({ id: String(number), input: { number }, expected: String(2 * number) })),
    scorers: [exact()],
    gates: { quality: { score: "exact", margin: 0.03 } },
  },
});
export const same = double; // a feature that is exported twice is one
${also}
`,
  );
  return path;
}

test("asks both models offline, gives the verdict, and keeps the evidence beside the module", async () => {
  const path = await moduleOf("double.ts");
  await expect(say(path, "--status")).resolves.toMatchObject({
    code: 3,
    out: expect.stringContaining("nothing") as string,
  });
  const page = join(directory, "note.md");
  const { code, out, error } = await say(path, "--to", "small", "--markdown", page);
  expect({ code, error }).toEqual({ code: 0, error: expect.stringContaining("The evidence is in ") as string });
  expect(out).toMatch(/^pass: small in place of large, by 200 items\n/);
  expect(await readFile(page, "utf8")).toContain("Parity: pass");
  const evidence = JSON.parse(await readFile(join(directory, "double.migration.json"), "utf8")) as Evidence;
  expect(evidence).toMatchObject({ feature: "double", from: "large", to: "small", steps: [{ verdict: "pass" }] });
  const status = await say(path, "--status");
  expect(status).toMatchObject({ code: 0, out: expect.stringContaining("let small shadow the traffic") as string });
});

test("says of evidence of another prompt that it no longer counts", async () => {
  const first = await moduleOf("before.ts");
  const evidence = join(directory, "kept.json");
  await say(first, "--to", "small", "--evidence", evidence);
  const changed = await moduleOf("after.ts", { words: "Twice this, please." });
  const { code, out } = await say(changed, "--status", "--evidence", evidence);
  expect(code).toBe(3);
  expect(out).toContain("of large and small changed after the evidence of");
  expect(out).toContain("Run parity again");
});

test("fails with 1 and is undecided with 3, and so is the status", async () => {
  const bad = await moduleOf("bad.ts", { wrong: 60 });
  await expect(say(bad, "--to", "small")).resolves.toMatchObject({ code: 1 });
  await expect(say(bad, "--status")).resolves.toMatchObject({
    code: 1,
    out: expect.stringContaining("missed") as string,
  });
  const few = await moduleOf("few.ts", { rows: 12 });
  const json = await say(few, "--to", "small", "--json");
  expect(json.code).toBe(3);
  expect(JSON.parse(json.out)).toMatchObject({
    type: "parity",
    verdict: "undecided",
    missing: expect.any(Number) as number,
  });
  await expect(say(few, "--status")).resolves.toMatchObject({
    code: 3,
    out: expect.stringMatching(/Add about \d+ items/) as string,
  });
});

test("says what is wrong with a line, a module, or the evidence", { timeout: 30_000 }, async () => {
  const path = await moduleOf("right.ts");
  await expect(say()).resolves.toMatchObject({ code: 2 });
  await expect(say(path)).resolves.toMatchObject({ code: 2, error: expect.stringContaining("large, small") as string });
  await expect(say(path, "--to", "huge")).resolves.toMatchObject({
    code: 1,
    error: expect.stringContaining('no model "huge"') as string,
  });
  await expect(say(join(directory, "none.ts"), "--to", "small")).resolves.toMatchObject({
    code: 1,
    error: expect.stringMatching(/^not-found: There is no .*none\.ts/) as string,
  });

  const written = async (name: string, text: string): Promise<string> => {
    await writeFile(join(directory, name), text);
    return join(directory, name);
  };
  const broken = await written("broken.mjs", "export const = 3;");
  await expect(say(broken, "--to", "a")).resolves.toMatchObject({
    code: 1,
    error: expect.stringContaining("cannot be loaded") as string,
  });
  const lacking = await written("lacking.mjs", 'import "./nowhere.mjs";');
  await expect(say(lacking, "--to", "a")).resolves.toMatchObject({
    code: 1,
    error: expect.stringContaining("nowhere.mjs") as string,
  });
  const empty = await written("empty.mjs", "export const a = 3;");
  await expect(say(empty, "--to", "a")).resolves.toMatchObject({
    code: 1,
    error: expect.stringContaining("exports no feature") as string,
  });

  const two = await moduleOf("two.ts", {
    also: 'export const other = defineFeature({ name: "other", input, prompt: () => "1", models: { one: model("one", 0) } });',
  });
  await expect(say(two, "--to", "small")).resolves.toMatchObject({
    code: 1,
    error: expect.stringContaining("--feature: double, other") as string,
  });
  await expect(say(two, "--to", "small", "--feature", "third")).resolves.toMatchObject({
    code: 1,
    error: expect.stringContaining('no feature "third"') as string,
  });
  await expect(say(two, "--to", "small", "--feature", "double")).resolves.toMatchObject({ code: 0 });

  const evidence = await written("torn.json", '{"format": "plugb');
  await expect(say(path, "--to", "small", "--evidence", evidence)).resolves.toMatchObject({
    code: 1,
    error: expect.stringMatching(/^parse: .*torn\.json is no evidence/m) as string,
  });
  expect(await readFile(evidence, "utf8")).toBe('{"format": "plugb');
  expect((await readdir(directory)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});
