/** Where a quality model comes from. */
export interface QualityProvenance {
  /** When it was trained, as an ISO date and time. */
  readonly trained: string;
  /** How many items, of how many measurements. */
  readonly items: number;
  readonly measurements: number;
  /** Which scorer's scores it learned to expect. */
  readonly scorer: string;
  /** What the measurements are, in the words of whoever trained it. */
  readonly source?: string;
}

/** A quality model as plain JSON: below 2 MB, and read again by the same or a later version. */
export interface QualityModelFile {
  readonly format: "plugboard-quality-model";
  readonly version: 1;
  readonly provenance: QualityProvenance;
  readonly models: readonly string[];
}
