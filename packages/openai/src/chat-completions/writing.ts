import type { JsonObject, Owned } from "@plugboard/core";
import * as shared from "../shared/writing.ts";
import type { ChatDialect } from "./dialect.ts";

/** What is known while a request of this protocol is written. */
export type Writing = shared.Writing<ChatDialect>;

/** The data that this vendor wants handed back, without what is of its other protocol, responses: items, and whole answers kept as one. */
export function ownData(owned: Owned, path: string, writing: Writing): JsonObject | undefined {
  const data = shared.ownData(owned, path, writing);
  if (!data || !("item" in data || "completion" in data)) return data;
  const { item: _, completion: __, ...rest } = data;
  return Object.keys(rest).length > 0 ? rest : undefined;
}
