import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { simulate } from "@plugboard/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { start } from "../test-terminal.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "cli-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function fileOf(text: string): Promise<string> {
  const path = join(directory, `${crypto.randomUUID()}.yaml`);
  await writeFile(path, text);
  return path;
}

test("serves what a file says until it is told to end", { timeout: 20_000 }, async () => {
  await using simulator = await simulate({ models: { "llama3.2": { answer: "Hello there." } } });
  const { key, hash } = JSON.parse(await newKey()) as { readonly key: string; readonly hash: string };
  const path = await fileOf(`
listen: { port: 0 }
store: memory
log: none
models:
  small: { provider: ollama, model: llama3.2, baseURL: "${simulator.url}" }
keys:
  - { name: team, hash: "${hash}" }
`);
  const { ended, said, stop } = start(["gateway", path, "--json"]);
  while (!said.out.includes("\n")) await Promise.race([ended, new Promise((resolve) => void setTimeout(resolve, 5))]);
  const { url } = JSON.parse(said.out) as { readonly url: string };

  const asked = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "small", messages: [{ role: "user", content: "hi" }] }),
  });
  await expect(asked.json()).resolves.toMatchObject({ choices: [{ message: { content: "Hello there." } }] });
  stop();
  await expect(ended).resolves.toBe(0);
  expect(said.error).toContain(url);
});

async function newKey(): Promise<string> {
  const { ended, said } = start(["gateway", "--new-key"]);
  await expect(ended).resolves.toBe(0);
  return said.out;
}

test("says what is wrong with a file, with the line", async () => {
  const path = await fileOf("models:\n  small: { provider: nobody, model: x }\nkeys: none\n");
  const { ended, said } = start(["gateway", path, "--check"]);
  await expect(ended).resolves.toBe(1);
  expect(said.error).toMatch(/line 2|:2:/);
  expect(said.error).toContain("nobody");
});

test.each([
  [["nowhere.yaml"], 1, "nowhere.yaml"],
  [["a.yaml", "b.yaml"], 2, "Give one file"],
  [[], 2, "Give a file"],
])("gateway %j is refused", async (words, code, text) => {
  const { ended, said } = start(["gateway", ...words]);
  await expect(ended).resolves.toBe(code);
  expect(said.error).toContain(text);
});
