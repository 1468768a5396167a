import type { Json, JsonObject, RerankInput } from "@plugboard/core";
import { mergeProviderOptions } from "@plugboard/wire";
import { pick } from "../shared/writing.ts";
import type { RerankDialect } from "./dialect.ts";

/** What to encode for. */
export interface RerankEncoding {
  readonly dialect: Pick<RerankDialect, "provider" | "accepts" | "rerank">;
  /** What goes on the wire. */
  readonly model: string;
}

/** Writes a question and documents as a body of the protocol. `providerOptions` of the vendor have the last word. */
export function encodeRerank(
  { query, documents, limit, providerOptions = {} }: RerankInput,
  { dialect, model }: RerankEncoding,
): JsonObject {
  const rules = dialect.rerank ?? {};
  const limitName = rules.limit ?? "top_n";
  const body: Record<string, Json> = {
    ...(rules.model !== false && { model }),
    query,
    [rules.documents ?? "documents"]: documents,
    ...(limit !== undefined && limitName !== "none" && { [limitName]: limit }),
    ...rules.body,
  };
  return mergeProviderOptions(body, pick(providerOptions, dialect));
}
