// The gateway in a process of its own: a key with a budget, limits and a log, in front of the provider that it is told.
import { openai } from "@plugboard/openai";
import { gateway, hashOfKey } from "@plugboard/gateway";
import { sqliteStore } from "@plugboard/store-sqlite";
import { answerMemory } from "./memory.ts";

const [upstream = "", key = "", path = ""] = process.argv.slice(2);
const fast = openai("gpt-4o", { baseURL: `http://127.0.0.1:${upstream}/v1`, apiKey: "any" });
const hash = hashOfKey(key);
const door = gateway({
  models: { fast },
  keys: [
    { name: "plain", hash },
    { name: "budgeted", hash: hashOfKey(`${key}-budgeted`), budget: { usd: 1_000_000 } },
  ],
  store: sqliteStore({ path }),
  log: (entry) => void JSON.stringify(entry),
});
const server = await door.serve({ port: 0 });
answerMemory();
process.send?.(Number(new URL(server.url).port));
