import type { JsonObject, Owned, Warning } from "@plugboard/core";
import type { LegalNames } from "@plugboard/wire";
import { ownersOf } from "@plugboard/wire";
import { ModelError } from "@plugboard/core";
import { owner } from "../account.ts";

/** What is known while a request is written. */
export interface Writing {
  readonly model: string;
  /** Whether the model thinks, so that thoughts can be sent back to it. */
  readonly thinks: boolean;
  readonly names: LegalNames;
  readonly warnings: Warning[];
  /** What is given to the model beside the conversation, to be cited. */
  readonly documents: JsonObject[];
}

/** Tells what was adapted or dropped. */
export function warn({ warnings }: Writing, code: "adapted" | "dropped", path: string, message: string): void {
  warnings.push({ code, path, message });
}

/** An error that says what Cohere cannot be sent. */
export function unsupported(message: string, model: string): ModelError {
  return new ModelError(message, { code: "unsupported", provider: owner, model });
}

/** The data that Cohere wants handed back. Data of others is left out, with a warning where it says something. */
export function ownData({ providerData }: Owned, path: string, writing: Writing): JsonObject | undefined {
  const own = providerData?.[owner];
  if (providerData && !own) {
    const others = ownersOf(providerData).join(", ");
    if (others !== "") warn(writing, "dropped", path, `Data of ${others} means nothing to Cohere.`);
  }
  return own;
}
