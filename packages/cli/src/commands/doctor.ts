import { catalog } from "@plugboard/catalog";
import { flag } from "../command.ts";
import type { Command } from "../command.ts";
import { table } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";

/** What was looked at, and what came of it. */
interface Finding {
  readonly what: string;
  readonly state: "good" | "look" | "bad";
  readonly detail: string;
}

/** Where a provider is reached, and which variables hold its key. No key is sent: any answer at all shows that the way is open. */
const reached: readonly { readonly provider: string; readonly url: string; readonly keys: readonly string[] }[] = [
  { provider: "openai", url: "https://api.openai.com/v1/models", keys: ["OPENAI_API_KEY"] },
  { provider: "anthropic", url: "https://api.anthropic.com/v1/models", keys: ["ANTHROPIC_API_KEY"] },
  {
    provider: "google",
    url: "https://generativelanguage.googleapis.com/v1beta/models",
    keys: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
  },
  { provider: "mistral", url: "https://api.mistral.ai/v1/models", keys: ["MISTRAL_API_KEY"] },
  { provider: "cohere", url: "https://api.cohere.com/v2/models", keys: ["COHERE_API_KEY", "CO_API_KEY"] },
  { provider: "groq", url: "https://api.groq.com/openai/v1/models", keys: ["GROQ_API_KEY"] },
];

/** Seconds that the clock may be off before signatures and deadlines suffer: AWS refuses five minutes. */
const clockTolerance = 60;
const patience = 5000;

/** `plugboard doctor`: keys, reachability, clock, versions. */
export const doctorCommand: Command = {
  name: "doctor",
  summary: "Look for what is wrong: keys, whether providers can be reached, the clock, versions.",
  usage: "doctor [--offline] [--json]",
  options: { offline: { type: "boolean" }, json: { type: "boolean" } },
  help: { offline: "look at what is here alone; ask nobody", json: "as JSON, one array" },
  async run(given, terminal) {
    const findings = [...versions(), ...keys(terminal)];
    if (!flag(given, "offline")) findings.push(...(await reachability(terminal)));
    if (flag(given, "json")) terminal.out.write(`${JSON.stringify(findings, undefined, 2)}\n`);
    else {
      const rows = findings.map(({ what, state, detail }) => [state, what, detail]);
      terminal.out.write(table(["", "what", "detail"], rows));
    }
    return findings.some(({ state }) => state === "bad") ? 1 : 0;
  },
};

/** The oldest Node that is supported; `engines` of every package says so too. */
const oldestNode = [22, 19] as const;

function versions(): Finding[] {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const supported = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  const age = catalog().age();
  return [
    { what: "plugboard", state: "good", detail: version },
    {
      what: "node",
      state: supported ? "good" : "bad",
      detail: `${process.versions.node}${supported ? "" : `; at least ${oldestNode.join(".")} is needed`}`,
    },
    {
      what: "prices",
      state: age > 90 ? "look" : "good",
      detail: `of ${catalog().snapshot.date}, ${age} days old${age > 90 ? "; loadCatalog() takes newer ones" : ""}`,
    },
  ];
}

/** Whether there is a key, never what it is. */
function keys({ env }: Terminal): Finding[] {
  return reached.map(({ provider, keys }) => {
    const set = keys.find((name) => env[name]?.trim());
    return {
      what: `key of ${provider}`,
      state: set ? "good" : "look",
      detail: set ? `in ${set}` : `neither option nor ${keys.join(" or ")}`,
    };
  });
}

async function reachability({ signal }: Terminal): Promise<Finding[]> {
  const answers = await Promise.all(
    reached.map(async ({ provider, url }) => {
      const began = performance.now();
      try {
        const bounded = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
        const response = await fetch(url, { redirect: "manual", signal: bounded });
        await response.body?.cancel();
        const took = Math.round(performance.now() - began);
        return { provider, date: response.headers.get("date"), detail: `answers ${response.status} in ${took} ms` };
      } catch (error) {
        const { cause, message } = error as Error;
        return { provider, failed: cause instanceof Error ? cause.message : message };
      }
    }),
  );
  signal.throwIfAborted();
  const found = answers.map(({ provider, failed, detail }): Finding => ({
    what: `way to ${provider}`,
    state: failed === undefined ? "good" : "bad",
    detail: failed ?? detail,
  }));
  return [...found, clock(answers.flatMap(({ date }) => (date ? [Date.parse(date)] : [])))];
}

/** Compared with what servers say their time is, to the second. */
function clock(theirs: readonly number[]): Finding {
  if (theirs.length === 0) return { what: "clock", state: "look", detail: "nobody to compare it with" };
  const middle = theirs.toSorted((a, b) => a - b)[Math.floor(theirs.length / 2)]!;
  const off = Math.round((Date.now() - middle) / 1000);
  const right = Math.abs(off) <= clockTolerance;
  return { what: "clock", state: right ? "good" : "bad", detail: right ? "right" : `${off} seconds off` };
}
