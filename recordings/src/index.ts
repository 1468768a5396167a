export { AbsenceReporter } from "./absence-reporter.ts";
export { recordedEmbeddings } from "./recorded-embeddings.ts";
export { clientFaults, recordedFaults } from "./recorded-faults.ts";
export type { ClientFault } from "./recorded-faults.ts";
export { recordedSamples } from "./recorded-samples.ts";
export { sharedHas, sharedPath } from "./shared-path.ts";
export { skipCases } from "./skip-cases.ts";
export { validator } from "./validator.ts";
export type { SchemaCheck, SchemaError, Validator } from "./validator.ts";
