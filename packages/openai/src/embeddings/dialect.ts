import type { BatchLimits, EmbeddingPurpose } from "@plugboard/core";
import type { Vendor } from "../shared/writing.ts";

/** What is particular to some embedding models of a vendor. */
export interface EmbeddingRule {
  /** Tested on the model's id, or on its catalogue name where it has one. The first rule that matches counts. */
  readonly models: RegExp;
  /** Whether `dimensions` are taken; where not, they are left out with a warning. @default the vendor's */
  readonly dimensions?: boolean;
  /** @default the vendor's */
  readonly batch?: BatchLimits;
}

/** How a vendor embeds, where it is not as most servers do. */
export interface EmbeddingRules {
  /** Where requests go, after the base URL. @default "/embeddings" */
  readonly path?: string;
  /** How vectors are asked for; both are read. As base64 they are a third of the size. @default "float" */
  readonly encoding?: "float" | "base64";
  /** Whether models take `dimensions`. @default true */
  readonly dimensions?: boolean;
  /** What `dimensions` are sent as. @default "dimensions" */
  readonly dimensionsField?: string;
  /** What a purpose is sent as. @default it is left out, with a warning */
  readonly purpose?: { readonly field: string; readonly values: Readonly<Partial<Record<EmbeddingPurpose, string>>> };
  /** What goes in one request; more goes in several. @default no limit */
  readonly batch?: BatchLimits;
  readonly models?: readonly EmbeddingRule[];
}

/** The vendor whose embedding models are spoken to, as data: every chat dialect is one too. */
export interface EmbeddingDialect extends Pick<Vendor, "provider" | "accepts"> {
  readonly embeddings?: EmbeddingRules;
}

/** What holds for one model. */
export function rulesFor({ embeddings = {} }: EmbeddingDialect, model: string): EmbeddingRules {
  const rule = embeddings.models?.find((rule) => rule.models.test(model));
  return { ...embeddings, ...rule, models: [] };
}
