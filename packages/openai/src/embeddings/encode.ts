import type { EmbeddingInput, Json, JsonObject, Warning } from "@plugboard/core";
import { mergeProviderOptions } from "@plugboard/wire";
import { pick } from "../shared/writing.ts";
import { rulesFor } from "./dialect.ts";
import type { EmbeddingDialect } from "./dialect.ts";

/** What to encode for. */
export interface EmbeddingEncoding {
  readonly dialect: EmbeddingDialect;
  /** What goes on the wire. */
  readonly model: string;
  /** What the dialect's rules are looked up by. @default `model` */
  readonly catalogId?: string | undefined;
}

/** Writes texts to embed as a body of the protocol. `providerOptions` of the vendor have the last word. */
export function encodeEmbedding(
  { values, dimensions, purpose, providerOptions = {} }: EmbeddingInput,
  { dialect, model, catalogId = model }: EmbeddingEncoding,
): { readonly body: JsonObject; readonly warnings: readonly Warning[] } {
  const rules = rulesFor(dialect, catalogId);
  const warnings: Warning[] = [];
  const body: Record<string, Json> = { model, input: values };
  if (rules.encoding === "base64") body["encoding_format"] = "base64";

  if (dimensions !== undefined) {
    if (rules.dimensions !== false) body[rules.dimensionsField ?? "dimensions"] = dimensions;
    else warnings.push(dropped("dimensions", `${model} gives vectors of one length.`));
  }
  if (purpose !== undefined) {
    const told = rules.purpose?.values[purpose];
    if (told !== undefined) body[rules.purpose!.field] = told;
    else warnings.push(dropped("purpose", `${dialect.provider} is not told what vectors are for.`));
  }
  const own = pick(providerOptions, dialect);
  return { body: own ? mergeProviderOptions(body, own) : body, warnings };
}

function dropped(path: string, message: string): Warning {
  return { code: "dropped", path, message };
}
