import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { contestants } from "./contestants.ts";
import { pageOn } from "./page.ts";
import { recordedWorld } from "./recorded-world.ts";
import { show } from "./show.ts";

type Said = { score: number; output?: string; outputTokens?: number };

/** A record of a question; the models say what is given, in their order. */
function record(prompt: string, task: string, said: readonly (Said | undefined)[]): string {
  const models = Object.fromEntries(
    contestants.flatMap(({ recordedAs }, place) => (said[place] ? [[recordedAs, said[place]]] : [])),
  );
  return JSON.stringify({ id: prompt, prompt, task, models: { ...models, other: { score: 1 } } });
}

const whole = (answer: string): string => `\`\`\`json\n${JSON.stringify({ reasoning: "As it is.", answer })}\n\`\`\``;

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-demo-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), gzipSync(text));
  return folder;
}

test("shows all five on records of any kind, and counts what it leaves out", async () => {
  const cut = `{"reasoning": "It goes on ${"and on ".repeat(20)}`;
  const lines = Array.from({ length: 6 }, (_, place) =>
    record(`Question ${place}?`, place < 3 ? "first" : "second", [
      { score: 1, output: whole(String(place)), outputTokens: 400 },
      { score: place % 2, output: place === 1 ? cut : whole("7") },
      { score: 0.5, output: "I do not know.", outputTokens: 9 },
    ]),
  );
  const more = [lines[0], record("Alone?", "first", [{ score: 1, output: "!" }]), "{", ""];
  const folder = await folderOf({ "a.jsonl.gz": lines.join("\n"), "b.jsonl.gz": more.join("\n") });
  const world = await recordedWorld(folder, { speedUp: 5000 });
  onTestFinished(() => world.close());
  const printed: string[] = [];

  expect(await show(world, pageOn({ write: (text) => printed.push(text) }))).toEqual([]);
  const text = printed.join("");
  expect(text).toContain(
    "3 of 3 first, 3 of 3 second (2 files; left out: 1 without a scored answer of each model, 1 repeated, 1 broken)",
  );
  // Six of the first model's, five of the second's.
  expect(text).toContain("11 of 18 answers were the typed object asked for; 7 were not");
  expect(text).toMatch(/GPT-4o +100\.0 % +100\.0 % +100\.0 %/);
  expect(text).toMatch(/Llama 3 70B +33\.3 % +66\.7 % +50\.0 %/);
  expect(text).toMatch(/Phi-3\.5-mini +50\.0 % +50\.0 % +50\.0 %/);
  expect(text).not.toMatch(/NaN|undefined/);
});

test("runs on a single record too", async () => {
  const line = record(
    "One?",
    "only",
    [0, 1, 2].map(() => ({ score: 1, output: whole("1") })),
  );
  const world = await recordedWorld(await folderOf({ "one.jsonl.gz": line }), { speedUp: 5000 });
  onTestFinished(() => world.close());
  const printed: string[] = [];
  expect(await show(world, pageOn({ write: (text) => printed.push(text) }))).toEqual([]);
  expect(printed.join("")).toContain("too few questions");
});

test("says what is wrong with a folder", async () => {
  await expect(recordedWorld("/nowhere/at/all")).rejects.toThrow("The folder /nowhere/at/all cannot be read");
  await expect(recordedWorld(await folderOf({ "a.json": "{}" }))).rejects.toThrow("no file that ends with .jsonl.gz");
  const strange = await folderOf({ "a.jsonl.gz": record("Alone?", "first", [{ score: 1, output: "!" }]) });
  await expect(recordedWorld(strange)).rejects.toThrow(
    `answers of all of these with output and score: ${contestants[0].recordedAs}`,
  );
  const folder = await folderOf({});
  await writeFile(join(folder, "torn.jsonl.gz"), "not packed");
  await expect(recordedWorld(folder)).rejects.toThrow("torn.jsonl.gz cannot be read");
});
