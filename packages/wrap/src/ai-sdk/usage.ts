import type { JsonObject, Usage } from "@plugboard/core";
import type { LanguageModelV4Usage } from "@ai-sdk/provider";
import { countOf, objectOf } from "@plugboard/wire";
import { countWithin } from "../count-within.ts";

/** Our usage in their words; the whole of ours stands in `raw`. */
export function writeUsage(usage: Usage): LanguageModelV4Usage {
  const { input, output, cachedInput, cacheWrite5m, cacheWrite1h, reasoning } = usage;
  const cacheWrite = sum(cacheWrite5m, cacheWrite1h);
  return {
    inputTokens: {
      total: input,
      noCache: input === undefined ? undefined : Math.max(input - (cachedInput ?? 0) - (cacheWrite ?? 0), 0),
      cacheRead: cachedInput,
      cacheWrite,
    },
    outputTokens: {
      total: output,
      text: output === undefined || reasoning === undefined ? undefined : Math.max(output - reasoning, 0),
      reasoning,
    },
    raw: { ...usage },
  };
}

/**
 * Their usage in our words. What they call a write to the cache is one of five minutes, but for the part that the provider's own account
 * beside it, Anthropic's, says is kept for an hour.
 */
export function readUsage({ inputTokens, outputTokens, raw }: LanguageModelV4Usage): Usage {
  const input = countOf(inputTokens.total) ?? sum(inputTokens.noCache, inputTokens.cacheRead, inputTokens.cacheWrite);
  const output = countOf(outputTokens.total) ?? sum(outputTokens.text, outputTokens.reasoning);
  const written = countOf(inputTokens.cacheWrite);
  const anHour = hourOf(raw) ?? 0;
  return {
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    ...countWithin("cachedInput", inputTokens.cacheRead, input),
    ...countWithin("cacheWrite5m", written === undefined ? undefined : written - anHour, input),
    ...(anHour > 0 && { cacheWrite1h: anHour }),
    ...countWithin("reasoning", outputTokens.reasoning, output),
  };
}

function hourOf(raw: JsonObject | undefined): number | undefined {
  return countOf(objectOf(raw?.["cache_creation"])?.["ephemeral_1h_input_tokens"]);
}

function sum(...counts: readonly (number | undefined)[]): number | undefined {
  const told = counts.filter((count) => count !== undefined);
  return told.length > 0 ? told.reduce((total, count) => total + count, 0) : undefined;
}
