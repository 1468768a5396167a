import { Agent, request } from "node:http";
import type { Target } from "./target.ts";

/** How long it is measured. */
export interface OverheadPace {
  /** Milliseconds of a round. */
  readonly span: number;
  readonly rounds: number;
  /** How many ask at once. */
  readonly connections: readonly number[];
}

interface Load {
  readonly connections: number;
  readonly stream: boolean;
  /** Milliseconds. */
  readonly span: number;
}

/** Milliseconds of each call; and calls a second. */
interface Round {
  readonly first: readonly number[];
  readonly total: readonly number[];
  readonly rate: number;
}

/** One call over a kept connection. */
function call(
  { port, model, key, headers: more }: Target,
  agent: Agent,
  stream: boolean,
): Promise<{ first: number; total: number }> {
  const body = JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }], ...(stream && { stream }) });
  const headers = {
    "content-type": "application/json",
    "content-length": body.length,
    authorization: `Bearer ${key}`,
    ...more,
  };
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port, path: "/v1/chat/completions", method: "POST", agent, headers },
      (response) => {
        if (response.statusCode !== 200) return reject(new Error(`HTTP ${response.statusCode}`));
        let first = 0;
        let text = "";
        response.on("data", (bytes: Uint8Array) => {
          first ||= performance.now() - began;
          text += Buffer.from(bytes).toString("latin1");
        });
        response.on("end", () => {
          // No figure counts for a wrong answer.
          if (!(stream ? text.endsWith("data: [DONE]\n\n") : text.includes("Good day"))) return reject(new Error(text));
          resolve({ first, total: performance.now() - began });
        });
        return undefined;
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Over connections of its own: those that were idle while others were asked, a server may have closed. */
async function round(target: Target, { connections, stream, span }: Load): Promise<Round> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const first: number[] = [];
  const total: number[] = [];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() - began < span) {
        const took = await call(target, agent, stream);
        first.push(took.first);
        total.push(took.total);
      }
    }),
  );
  agent.destroy();
  return { first, total, rate: (total.length * 1000) / (performance.now() - began) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Tells how long calls take to each in turn, what that is beyond a direct call, and how many it answers in a second. */
export async function overhead(
  targets: readonly Target[],
  { span, rounds, connections: several }: OverheadPace,
): Promise<void> {
  for (const stream of [false, true]) {
    for (const connections of several) {
      console.log(`${stream ? "a stream of 20 chunks" : "an answer in one body"}, ${connections} connections`);
      const all = targets.map((): Round[] => []);
      for (const target of targets) await round(target, { connections, stream, span }); // warm
      for (let time = 0; time < rounds; time++) {
        for (const [place, target] of targets.entries()) {
          all[place]!.push(await round(target, { connections, stream, span }));
        }
      }
      const figures = all.map((list) => ({
        first: median(list.map((one) => median(one.first))),
        total: median(list.map((one) => median(one.total))),
        rate: median(list.map(({ rate }) => rate)),
      }));
      for (const [place, { name }] of targets.entries()) {
        const { first, total, rate } = figures[place]!;
        const added = stream ? first - figures[0]!.first : total - figures[0]!.total;
        const told = `${stream ? "first" : "total"} ${(stream ? first : total).toFixed(2).padStart(7)} ms`;
        const more = place === 0 ? "" : `  + ${added.toFixed(2)} ms`;
        console.log(`  ${name.padEnd(22)} ${told}   ${rate.toFixed(0).padStart(6)} calls/s${more}`);
      }
    }
  }
}
