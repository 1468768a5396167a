import { expect, test } from "vitest";
import type { Gate } from "./gate.ts";
import { parseGate } from "./parse-gate.ts";

test.each<[string, string, Gate]>([
  ["exact:0.03", "exact", { score: "exact", margin: 0.03 }],
  ["rouge.1:0.03", "rouge.1", { score: "rouge.1", margin: 0.03 }],
  ["judge: tone:0", "judge: tone", { score: "judge: tone", margin: 0 }],
  ["refusal:lower:0.02", "refusal", { score: "refusal", better: "lower", margin: 0.02 }],
  ["latency.p95:10%", "latency.p95", { measure: "latency", statistic: "p95", margin: "10%" }],
  ["latency.p99.9:250", "latency.p99.9", { measure: "latency", statistic: "p99.9", margin: 250 }],
  ["length:same:20%", "length", { measure: "length", better: "same", margin: "20%" }],
  ["cost:0%", "cost", { measure: "cost", margin: "0%" }],
])("reads %s", (line, name, gate) => {
  expect(parseGate(line)).toEqual([name, gate]);
});

test.each([["exact"], [":0.03"], ["exact:"], ["exact:3 points"], ["exact:-0.03"], ["exact:10%"]])(
  "refuses %s",
  (line) => {
    expect(() => parseGate(line)).toThrow(expect.objectContaining({ code: "invalid-request" }) as Error);
  },
);
