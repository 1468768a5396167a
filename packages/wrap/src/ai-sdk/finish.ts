import type { Finish, FinishReason, Json, JsonObject } from "@plugboard/core";
import type { LanguageModelV4FinishReason, LanguageModelV4Usage, SharedV4ProviderMetadata } from "@ai-sdk/provider";
import { ModelError } from "@plugboard/core";
import { objectOf } from "@plugboard/wire";
import { plainOf, readMetadata, writeMetadata } from "./metadata.ts";
import { readUsage, writeUsage } from "./usage.ts";

/** How an answer ends, in their words. */
export interface WrittenFinish {
  readonly finishReason: LanguageModelV4FinishReason;
  readonly usage: LanguageModelV4Usage;
  readonly providerMetadata?: SharedV4ProviderMetadata;
}

const theirReasons: { readonly [Reason in FinishReason]: LanguageModelV4FinishReason["unified"] } = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool-calls",
  "content-filter": "content-filter",
  refusal: "content-filter",
  budget: "length",
  other: "other",
  unfinished: "interrupted",
};

const ourReasons: { readonly [Reason in LanguageModelV4FinishReason["unified"]]: FinishReason } = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool-calls",
  "content-filter": "content-filter",
  error: "unfinished",
  interrupted: "unfinished",
  other: "other",
};

const reasons: ReadonlySet<unknown> = new Set(Object.keys(theirReasons));

/** The end of an answer in their words; what they have none for (cost, attempts, a refusal) stands in the metadata under `plugboard`. */
export function writeFinish(finish: Finish): WrittenFinish {
  const { finishReason, rawFinishReason, usage, providerData, warnings, cached, cost, attempts } = finish;
  const unified = theirReasons[finishReason];
  const kept: JsonObject = plainOf({
    usage,
    ...(unified !== finishReason && { finishReason }),
    ...(warnings && { warnings }),
    ...(cached && { cached }),
    ...(cost && { cost }),
    ...(attempts && { attempts }),
  });
  const providerMetadata = writeMetadata(providerData, kept);
  return {
    finishReason: { unified, raw: rawFinishReason },
    usage: writeUsage(usage),
    ...(providerMetadata && { providerMetadata }),
  };
}

/**
 * The end of an answer in our words.
 *
 * @param calls - whether the answer calls tools of the application: some providers say "stop" there, and the AI SDK passes it on
 */
export function readFinish({ finishReason, usage, providerMetadata }: WrittenFinish, calls: boolean): Finish {
  const { owned, kept } = readMetadata(providerMetadata);
  const { unified, raw } = finishReason;
  const told = isReason(kept["finishReason"]) ? kept["finishReason"] : (ourReasons[unified] ?? "other");
  const isOurs = kept["usage"] !== undefined;
  return {
    finishReason: told === "stop" && calls && !isOurs ? "tool-calls" : told,
    ...(raw !== undefined && { rawFinishReason: raw }),
    usage: objectOf(kept["usage"]) ?? readUsage(usage),
    ...(Array.isArray(kept["warnings"]) && { warnings: kept["warnings"] as NonNullable<Finish["warnings"]> }),
    ...(kept["cached"] === true && { cached: true }),
    ...owned,
  };
}

/** An answer that did not end is none: it fails, with the provider's word for how. */
export function failureOfFinish(
  { unified, raw }: LanguageModelV4FinishReason,
  whose: { readonly provider: string; readonly model: string },
): ModelError | undefined {
  const word = raw === undefined ? "" : ` (${raw})`;
  if (unified === "error")
    return new ModelError(`${whose.provider} ended the answer with an error${word}.`, { ...whose, code: "server" });
  if (unified !== "interrupted") return undefined;
  return new ModelError(`The answer of ${whose.provider} ended before it was finished${word}.`, {
    ...whose,
    code: "truncated",
  });
}

function isReason(value: Json | undefined): value is FinishReason {
  return reasons.has(value);
}
