import type { JsonObject, Owned } from "@plugboard/core";
import * as shared from "../shared/writing.ts";
import type { ChatDialect } from "./dialect.ts";

/** What is known while a request of this protocol is written. */
export type Writing = shared.Writing<ChatDialect>;

/** The data that this vendor wants handed back, without the items of its other protocol, responses. */
export function ownData(owned: Owned, path: string, writing: Writing): JsonObject | undefined {
  const data = shared.ownData(owned, path, writing);
  if (!data || !("item" in data)) return data;
  const { item: _, ...rest } = data;
  return Object.keys(rest).length > 0 ? rest : undefined;
}
