import { ModelError, defineModel } from "@plugboard/core";
import type { Model, ModelRequest } from "@plugboard/core";
import { route, tiers } from "plugboard";
import type { Report } from "../report.ts";

const ids = ["gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano"];
const quality = { "gpt-4o": 0.86, "gpt-4o-mini": 0.8, "gpt-4.1": 0.87, "gpt-4.1-mini": 0.83, "gpt-4.1-nano": 0.7 };
const sentence = "Which of these contracts ends first, and what does it say about notice? ";
const [warm, times] = [5000, 20_000];

/** What it takes to decide who is asked, with figures and reasons in words, and nobody asked. */
export function measureDecisions(report: Report): void {
  const request: ModelRequest = {
    messages: [{ role: "user", content: sentence.repeat(40).slice(0, 2000) }],
    tags: { user: "ada", tier: "frontier" },
  };
  const models = ids.map(unasked);
  const routed = route({ models, minimize: "cost", subjectTo: { quality: 0.95, firstTokenMs: { p95: 800 } }, quality });
  const tiered = tiers({ frontier: { models, price: { output: 20 }, context: 100_000, abilities: ["tools"] } });
  const rows = [
    { name: "route, a table of quality", decide: () => routed.explain(request) },
    { name: "tiers, three rules", decide: () => tiered.explain(request) },
  ].map(({ name, decide }) => {
    for (let time = 0; time < warm; time++) decide();
    const taken = new Float64Array(times);
    for (let time = 0; time < times; time++) {
      const since = performance.now();
      decide();
      taken[time] = (performance.now() - since) * 1000;
    }
    taken.sort();
    const at = (share: number): number => taken[Math.ceil(share * times) - 1]!;
    return { name, ours: true, value: at(0.99), cells: [0.5, 0.99, 0.999].map((share) => at(share).toFixed(1)) };
  });
  report.add({
    id: "decisions",
    title: `deciding among ${ids.length} models, for 2,000 characters, µs`,
    unit: "µs at the 99th percentile",
    wanted: "p99 < 1000",
    columns: ["median", "p99", "p99.9"],
    rows,
  });
}

function unasked(id: string): Model {
  return defineModel({ provider: "openai", id, call: neverAsked });
}

function neverAsked(): never {
  throw new ModelError("Nobody is asked here.", { code: "unknown" });
}
