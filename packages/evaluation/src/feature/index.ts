export { defineFeature, isFeature } from "./define-feature.ts";
export { readEvidence } from "./evidence-file.ts";
export type { Evidence, ParityStep, Sides } from "./evidence.ts";
export type { DatasetDigest } from "./dataset-digest.ts";
export { featureModel } from "./feature-model.ts";
export type {
  Feature,
  FeatureAnswer,
  FeatureCall,
  FeatureChecks,
  FeatureOutput,
  FeatureParts,
  FeaturePrompt,
  FeatureRow,
  FeatureRun,
  FeatureSettings,
  FeatureStream,
  FeatureVariant,
} from "./feature.ts";
export { migrationStatus } from "./migration-status.ts";
export type { MigrationStatus } from "./migration-status.ts";
