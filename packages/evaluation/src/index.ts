export { csv } from "./dataset/csv.ts";
export type { CsvOptions } from "./dataset/csv.ts";
export { jsonl } from "./dataset/jsonl.ts";
export type { Dataset, PlacedRow, RowSource } from "./dataset/row-source.ts";
export { evaluate } from "./evaluate/evaluate.ts";
export type { Evaluation } from "./evaluate/evaluate.ts";
export type {
  CheckedEvaluation,
  EvaluatedModels,
  EvaluationOptions,
  ItemFacts,
  TypedEvaluation,
} from "./evaluate/evaluation-options.ts";
export { evaluationRow } from "./evaluate/evaluation-row.ts";
export type { EvaluationRow, RecordedAnswer } from "./evaluate/evaluation-row.ts";
export type { Progress } from "./evaluate/progress.ts";
export type { EvaluationSummary, MeanScore, ModelSummary } from "./evaluate/summary.ts";
export { measurements } from "./results/measurements.ts";
export type { Answer, AnsweredCall, Score, ScoreFunction, Scorer, Scorers, Scores } from "./scorer.ts";
export { exact } from "./scorers/exact.ts";
export type { ExpectedOptions } from "./scorers/expected.ts";
export { normalised } from "./scorers/normalised.ts";
export { compare } from "./parity/compare.ts";
export type { CompareOptions } from "./parity/compare.ts";
export type {
  ComparedModel,
  Comparison,
  Coverage,
  GateResult,
  GroupResult,
  Names,
  Regression,
  ShownAnswer,
} from "./parity/comparison.ts";
export type { Verdict } from "./parity/contest.ts";
export { exitCode } from "./parity/exit-code.ts";
export type { Gate, Margin, MeasureGate, ScoreGate, Statistic } from "./parity/gate.ts";
export type { MeasureName, Unit } from "./parity/measures.ts";
export { htmlReport } from "./report/html/html-report.ts";
export type { HtmlOptions } from "./report/html/html-report.ts";
export { junitReport } from "./report/junit-report.ts";
export { markdownReport } from "./report/markdown-report.ts";
export type { MarkdownOptions } from "./report/markdown-report.ts";
