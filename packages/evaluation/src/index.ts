export { compare } from "./parity/compare.ts";
export type { CompareOptions } from "./parity/compare.ts";
export type {
  Comparison,
  Coverage,
  GateResult,
  GroupResult,
  ModelSummary,
  Names,
  Regression,
  ShownAnswer,
} from "./parity/comparison.ts";
export type { Verdict } from "./parity/contest.ts";
export { exitCode } from "./parity/exit-code.ts";
export type { Gate, Margin, MeasureGate, ScoreGate, Statistic } from "./parity/gate.ts";
export type { MeasureName, Unit } from "./parity/measures.ts";
