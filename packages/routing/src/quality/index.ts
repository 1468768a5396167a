export type { Amounts } from "./amounts.ts";
export { readMeasurements } from "./read-measurements.ts";
export { trainQuality } from "./train-quality.ts";
export type { TrainOptions } from "./train-quality.ts";
export { trainedQuality } from "./trained-quality.ts";
export type { QualityEstimate, QualityModel, QualityPrompt } from "./quality-model.ts";
export type { QualityCalibration, QualityFinding, QualityModelFile, QualityProvenance } from "./quality-model-file.ts";
export type { PackedColumns } from "./packed.ts";
export type { RecordingOptions } from "./recorded-item.ts";
