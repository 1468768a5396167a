export { defineFeature, isFeature } from "./define-feature.ts";
export { readEvidence } from "./evidence-file.ts";
export type { CanaryStep, Evidence, MigrationStep, ParityStep, ShadowStep, Sides } from "./evidence.ts";
export type { LiveMigrationOptions } from "./evidence-log.ts";
export { featureCanary } from "./feature-canary.ts";
export type { CanaryFeature, FeatureCanaryOptions } from "./feature-canary.ts";
export type { DatasetDigest } from "./dataset-digest.ts";
export { featureModel } from "./feature-model.ts";
export { featureShadow } from "./feature-shadow.ts";
export type { FeatureShadowOptions, ShadowedFeature } from "./feature-shadow.ts";
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
export type { LiveRunOptions } from "./measured-run.ts";
