import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { quote } from "plugboard";
import { sqliteStore } from "@plugboard/store-sqlite";
import { simulate } from "@plugboard/testing";
import { expect, test } from "vitest";
import { newKey } from "./keys/new-key.ts";
import { until } from "./test-gateway.ts";

const runner = fileURLToPath(new URL("config/run-gateway.ts", import.meta.url));

/** A process of its own that runs the gateway of a file. */
async function start(config: string, env: Record<string, string>): Promise<{ url: string; kill: (signal: NodeJS.Signals) => void; gone: Promise<number | null> }> {
  const code = `const { runGateway } = await import(${JSON.stringify(runner)});
const { server, ended } = await runGateway(${JSON.stringify(config)});
console.log(server.url);
await ended;`;
  const child = spawn(process.execPath, ["--no-warnings", "--input-type=module", "-e", code], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = new Promise<number | null>((resolve) => void child.once("exit", resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (bytes) => resolve(String(bytes).trim()));
    child.once("exit", () => reject(new Error("It ended before it listened.")));
  });
  return { url, kill: (signal) => void child.kill(signal), gone };
}

async function world() {
  const folder = await mkdtemp(join(tmpdir(), "gateway-kill-"));
  const simulator = await simulate({
    models: {
      "gpt-4o": { answer: "word ".repeat(20) },
      "gpt-4o-mini": { answer: "word ".repeat(500), pace: { tokensPerSecond: 50 } },
    },
  });
  const { key, hash } = newKey();
  const config = join(folder, "g.yaml");
  const database = join(folder, "g.db");
  const model = (id: string) => `{ provider: openai, model: ${id}, key: TEST_KEY, baseURL: "${simulator.url}/v1" }`;
  await writeFile(
    config,
    `models: { quick: ${model("gpt-4o")}, slow: ${model("gpt-4o-mini")} }
keys: [{ name: a, hash: "${hash}", budget: { usd: 1 } }]
store: { sqlite: "${database}" }
listen: { port: 0 }
lease: 1500
grace: 300
log: none
`,
  );
  const ask = (url: string, model: string): Promise<Response> =>
    fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ model, stream: true, max_tokens: 2000, messages: [{ role: "user", content: "Hello" }] }),
    });
  return {
    simulator,
    config,
    database,
    ask,
    async [Symbol.asyncDispose]() {
      await simulator.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** What the provider bills, by what it says that it said. */
function billed(simulator: Awaited<ReturnType<typeof simulate>>): number {
  return simulator.requests.reduce((sum, { model, usage }) => {
    const { cost } = quote(usage!, { provider: "openai", id: model });
    return sum + cost!.total;
  }, 0);
}

test("a process that is killed loses no spend: what was settled stays, and what was under way is charged in full", async () => {
  await using at = await world();
  const child = await start(at.config, { TEST_KEY: "sk-any" });
  for (let call = 0; call < 5; call++) await (await at.ask(child.url, "quick")).text();
  const quickly = billed(at.simulator);
  const cut = await Promise.all(Array.from({ length: 4 }, () => at.ask(child.url, "slow")));
  const broken = cut.map((response) => expect(response.text()).rejects.toThrow());
  await until(() => at.simulator.open === 4);
  child.kill("SIGKILL");
  await child.gone;
  await Promise.all(broken);
  await until(() => at.simulator.open === 0);

  using store = sqliteStore({ path: at.database });
  const key = "gateway%2Fa/all";
  const now = await store.ledger.spend(key, "total");
  expect(now.spent).toBe(quickly);
  expect(now.spent + now.held + now.assumed).toBeGreaterThanOrEqual(billed(at.simulator));
  await new Promise((resolve) => setTimeout(resolve, 1600));
  const later = await store.ledger.spend(key, "total");
  expect(later.held).toBe(0);
  expect(later.spent + later.assumed).toBeGreaterThanOrEqual(billed(at.simulator));
});

test("told to end by SIGTERM, it says so in the streams, books what they cost, and is gone", async () => {
  await using at = await world();
  const child = await start(at.config, { TEST_KEY: "sk-any" });
  const responses = await Promise.all(Array.from({ length: 4 }, () => at.ask(child.url, "slow")));
  child.kill("SIGTERM");
  const texts = await Promise.all(responses.map((response) => response.text()));
  for (const text of texts) expect(text).toContain("shut down");
  expect(await child.gone).toBe(0);
  using store = sqliteStore({ path: at.database });
  const { spent, held, assumed } = await store.ledger.spend("gateway%2Fa/all", "total");
  expect([held, assumed]).toEqual([0, 0]);
  expect(spent).toBeGreaterThan(0);
});
