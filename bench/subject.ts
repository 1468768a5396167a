/** The answer as a subject gave it; checked before any figure counts. */
export interface Given {
  readonly text: string;
  readonly tokens: number | undefined;
}

/** Something that answers over a fetch. What it needs but once is made before the clock runs. */
export interface Subject {
  readonly name: string;
  generate(fetch: typeof globalThis.fetch): () => Promise<Given>;
  stream(fetch: typeof globalThis.fetch): () => Promise<Given>;
}
