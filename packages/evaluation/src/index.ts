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
export type { KeptTexts } from "./evaluate/measurement-of.ts";
export { evaluationRow } from "./evaluate/evaluation-row.ts";
export type { EvaluationRow, RecordedAnswer } from "./evaluate/evaluation-row.ts";
export type { Progress } from "./evaluate/progress.ts";
export { progressBar } from "./evaluate/progress-bar.ts";
export type { ProgressBarOptions } from "./evaluate/progress-bar.ts";
export type { EvaluationSummary, MeanScore, ModelSummary } from "./evaluate/summary.ts";
export { asPromptfooResults, promptfooResults } from "./exchange/promptfoo-results.ts";
export type { PromptfooExportOptions, PromptfooOutput, PromptfooResult } from "./exchange/promptfoo-results.ts";
export { asPromptfooTest, promptfooTests } from "./exchange/promptfoo-tests.ts";
export type { PromptfooTest, PromptfooTestsOptions } from "./exchange/promptfoo-tests.ts";
export { migrate } from "./feature/migrate.ts";
export type { MigrateOptions, Migrated } from "./feature/migrate.ts";
export { compare } from "./parity/compare.ts";
export type { CompareOptions } from "./parity/compare.ts";
export type {
  ComparedModel,
  Comparison,
  Coverage,
  EarlyEnd,
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
export { parseGate } from "./parity/parse-gate.ts";
export { parity } from "./parity/parity.ts";
export type { GateOptions, LogOptions, NoModels, Parity, StopOptions } from "./parity/parity.ts";
export { htmlReport } from "./report/html/html-report.ts";
export type { HtmlOptions } from "./report/html/html-report.ts";
export { junitReport } from "./report/junit-report.ts";
export { markdownReport } from "./report/markdown-report.ts";
export type { MarkdownOptions } from "./report/markdown-report.ts";
export { textReport } from "./report/text-report.ts";
export { measurements } from "./results/measurements.ts";
export type { Answer, AnsweredCall, Score, ScoreFunction, Scorer, Scorers, Scores } from "./scorer.ts";
export type { AlikeOptions } from "./scorers/alike.ts";
export { contains } from "./scorers/contains.ts";
export type { ContainsOptions } from "./scorers/contains.ts";
export { embeddingSimilarity } from "./scorers/embedding-similarity.ts";
export type { EmbeddingSimilarityOptions } from "./scorers/embedding-similarity.ts";
export { exact } from "./scorers/exact.ts";
export type { ExpectedOptions } from "./scorers/expected.ts";
export { firstContent } from "./scorers/first-content.ts";
export { jsonDifference } from "./scorers/json-difference.ts";
export type { JsonDifferenceOptions } from "./scorers/json-difference.ts";
export { jsonSchema } from "./scorers/json-schema.ts";
export { agreement } from "./scorers/judge/agreement.ts";
export type { Agreement } from "./scorers/judge/agreement.ts";
export { judge } from "./scorers/judge/judge.ts";
export type { JudgeOptions } from "./scorers/judge/judge.ts";
export { pairwise } from "./scorers/judge/pairwise.ts";
export type { PairwiseOptions } from "./scorers/judge/pairwise.ts";
export { panel } from "./scorers/judge/panel.ts";
export type { PanelOptions } from "./scorers/judge/panel.ts";
export { latency } from "./scorers/latency.ts";
export { length } from "./scorers/length.ts";
export type { LengthOptions } from "./scorers/length.ts";
export { matches } from "./scorers/matches.ts";
export { normalised } from "./scorers/normalised.ts";
export { numeric } from "./scorers/numeric.ts";
export type { NumericOptions } from "./scorers/numeric.ts";
export { price } from "./scorers/price.ts";
export { recorded } from "./scorers/recorded.ts";
export { classifyRefusal } from "./scorers/refusal/classify-refusal.ts";
export type { Compliance } from "./scorers/refusal/linear.ts";
export { refusal } from "./scorers/refusal/refusal.ts";
export type { RefusalOptions } from "./scorers/refusal/refusal.ts";
export { noPii } from "./scorers/safety/no-pii.ts";
export type { PiiKind, PiiOptions } from "./scorers/safety/no-pii.ts";
export { notToxic } from "./scorers/safety/not-toxic.ts";
export type { ToxicityOptions } from "./scorers/safety/not-toxic.ts";
export { similarity } from "./scorers/similarity.ts";
export { throughput } from "./scorers/throughput.ts";
export { toolCalls } from "./scorers/tool-calls.ts";
export type { ExpectedCall, ToolCallsOptions } from "./scorers/tool-calls.ts";
export type { BoundOptions } from "./scorers/within-bound.ts";
