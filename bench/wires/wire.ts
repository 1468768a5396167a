/** What a provider sends over one protocol. */
export interface Wire {
  readonly path: string;
  /** An answer in one body, of so many tokens. */
  whole(tokens: number): string;
  /** The same as events of a stream; `varying` names a member that is another in every chunk. */
  events(tokens: number, varying?: string): string[];
}
