import type { JsonObject, ModelKey, ProviderData } from "@plugboard/core";

/** How long a provider keeps what is marked, from when it was last used. */
export type MarkTtl = "5m" | "1h";

/** How the end of what is to be cached is marked for a model. */
export interface MarkForm {
  /** Whose data it is, and what stands there. */
  readonly owner: string;
  readonly data: (ttl: MarkTtl) => JsonObject;
  /** Whether a mark may stand on a tool. */
  readonly tools: boolean;
  /** A beginning with fewer tokens is not cached, marked or not. */
  readonly least: number;
}

const claude = (least: number): MarkForm => ({
  owner: "anthropic",
  data: (ttl) => ({ cacheControl: { type: "ephemeral", ...(ttl === "1h" && { ttl }) } }),
  tools: true,
  least,
});

const nova: MarkForm = { owner: "bedrock", data: () => ({ cachePoint: {} }), tools: false, least: 1000 };

// Sources, all read in November 2026: Anthropic's page on prompt caching and the pages on what is new in each generation; the table of
// Bedrock's user guide (prompt-caching), by which Nova takes marks on system and messages alone, and keeps them for five minutes.
const claudes: readonly (readonly [pattern: RegExp, least: number])[] = [
  [/claude-3([.-]5)?-haiku/, 2048],
  [/claude-opus-4[.-][56](?!\d)|claude-haiku-4[.-]5/, 4096],
  [/claude-opus-4[.-]7(?!\d)/, 2048],
  [/claude-(opus|fable|mythos)-5/, 512],
];
const usual = 1024;

/** Where Claude answers, besides at Anthropic. */
const platforms = new Set(["bedrock", "vertex", "azure"]);

/** The form for a model; none for one that caches by itself, or not at all. */
export function markFormOf({ provider, id, catalogId = id }: ModelKey): MarkForm | undefined {
  const name = `${id} ${catalogId}`.toLowerCase();
  if (provider === "anthropic" || (platforms.has(provider) && /claude|anthropic/.test(name))) {
    return claude(claudes.find(([pattern]) => pattern.test(name))?.[1] ?? usual);
  }
  return provider === "bedrock" && /amazon\.nova/.test(name) ? nova : undefined;
}

/** Whether something that belongs to a provider is marked already. */
export function isMarked(data: ProviderData | undefined): boolean {
  const { anthropic, bedrock } = data ?? {};
  return (
    anthropic?.["cacheControl"] !== undefined ||
    anthropic?.["cache_control"] !== undefined ||
    bedrock?.["cachePoint"] !== undefined
  );
}
