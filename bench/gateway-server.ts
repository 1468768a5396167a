// The gateway in a process of its own: a key with a budget, limits and a log, in front of the provider that it is told.
import { openai } from "@plugboard/openai";
import { gateway, hashOfKey } from "@plugboard/gateway";
import { sqliteStore } from "@plugboard/store-sqlite";

const [upstream = "", key = "", path = ""] = process.argv.slice(2);
const fast = openai("gpt-4o", { baseURL: `http://127.0.0.1:${upstream}/v1`, apiKey: "any" });
const hash = hashOfKey(key);
let logged = 0;
const door = gateway({
  models: { fast },
  keys: [
    { name: "plain", hash },
    { name: "budgeted", hash: hashOfKey(`${key}-budgeted`), budget: { usd: 1_000_000 } },
  ],
  store: sqliteStore({ path }),
  log: (entry) => void (logged += JSON.stringify(entry).length),
});
const server = await door.serve({ port: 0 });
process.on("message", (message) => {
  if (message !== "memory") return;
  globalThis.gc?.();
  process.send?.({ memory: process.memoryUsage().rss, logged });
});
process.on("disconnect", () => process.exit());
process.send?.(Number(new URL(server.url).port));
