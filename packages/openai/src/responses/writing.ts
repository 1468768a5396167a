import type { JsonObject, Owned } from "@plugboard/core";
import { isObject } from "../shared/fields.ts";
import type { Writing } from "../shared/writing.ts";
import type { ResponsesDialect } from "./dialect.ts";

/** What is known while a request of this protocol is written. */
export interface ResponsesWriting extends Writing<ResponsesDialect> {
  /** The provider keeps this conversation, or the answers it refers to: what is not in the request may be known all the same. */
  readonly stored: boolean;
}

/** The item of an answer that a part came from, if it was made by this very provider. */
export function itemOf({ providerData }: Owned, { dialect }: ResponsesWriting): JsonObject | undefined {
  const item = providerData?.[dialect.provider]?.["item"];
  return isObject(item) ? item : undefined;
}

/** Whether a call was one of a tool that takes free text. */
export function isCustom({ providerData }: Owned, { dialect }: ResponsesWriting): boolean {
  return [...(dialect.accepts ?? []), dialect.provider].some((name) => providerData?.[name]?.["type"] === "custom");
}
