/** What shows that a vendor is spoken to rightly: recorded traffic, its documentation alone, or nothing yet. */
export interface Proof {
  readonly by: "recordings" | "documentation" | "nothing";
  /** Where the documentation is that was read. */
  readonly source: string;
  /** When it was read, as `2026-11`. */
  readonly date: string;
}
