import type { Ledger } from "@plugboard/core";

/** What a module in `stores/` exports, so that its ledger can be raced. It is loaded in every process. */
export interface RaceStoreModule {
  /** Done once, before the others start: gives the `place` that all of them open, and clears up in the end. @default the directory */
  prepare?(directory: string): Promise<{ readonly place: string; end(): Promise<void> }>;
  /** Opens the ledger that all processes share. */
  open(place: string): Promise<RaceStore>;
}

/** The ledger of one process. */
export interface RaceStore {
  readonly ledger: Ledger;
  close(): Promise<void>;
}
