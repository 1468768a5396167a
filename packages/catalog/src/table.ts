/**
 * The form in which the catalogue is kept: short, since an application carries it, and one model a line, since people read its
 * changes. `scripts/generate.ts` writes it.
 */
export interface CatalogTable {
  readonly snapshot: CatalogSnapshot;
  /** By provider, then by the name that goes on the wire. */
  readonly providers: Readonly<Record<string, Readonly<Record<string, CatalogRow>>>>;
}

/** Where the facts are from. */
export interface CatalogSnapshot {
  readonly source: string;
  readonly licence: string;
  /** The day they were taken: `2026-07-02`. Prices change; the older this is, the less it proves. */
  readonly date: string;
}

/** One model. What is unknown is left out at the end of a row, and `null` before it. */
export type CatalogRow = readonly [
  /** Letters of {@link flags}. */
  flags: string,
  /** Letters of {@link modalities}: `ti>t` takes text and images, and gives text. */
  modalities: string,
  /** Tokens: `context`, `output` and `input`; 0 where unknown. */
  limits: readonly number[],
  /** In the order of {@link columns}. */
  prices?: Prices | null,
  /** Other prices for longer prompts: the length above which they hold, then the prices. They replace all those before. */
  tiers?: readonly (readonly [above: number, ...prices: Prices])[] | null,
  /** Charges that the source names and a count of tokens does not tell: the price of a call is unknown. */
  charges?: readonly string[],
];

/** Whole pico-dollars a token; 2,500,000 of them are 2.50 US dollars a million tokens. */
type Prices = readonly (number | null)[];

/** What the numbers of a price row are for. */
export const columns = [
  "input",
  "output",
  "cachedInput",
  "cacheWrite5m",
  "reasoning",
  "inputAudio",
  "outputAudio",
] as const;

/** Letters for what a model can do. Of `s` and `c` the capital says that it cannot; without either nobody knows. */
export const flags = {
  tools: "t",
  structuredOutput: "s",
  reasoning: "r",
  temperature: "c",
  openWeights: "o",
  deprecated: "d",
  beta: "b",
  alpha: "a",
} as const;

/** Letters for what goes in and comes out. */
export const modalities = { t: "text", i: "image", a: "audio", v: "video", p: "pdf" } as const;
