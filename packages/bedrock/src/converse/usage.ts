import type { Json, JsonObject, Usage } from "@plugboard/core";
import { countOf, listOf, objectOf } from "@plugboard/wire";

/** The usage in our words. Bedrock's `inputTokens` leaves out what was read from or written to the cache; both are billed. */
export function usageOf(told: Json | undefined): Usage {
  const wire = objectOf(told) ?? {};
  const read = countOf(wire["cacheReadInputTokens"]);
  const written = countOf(wire["cacheWriteInputTokens"]);
  const long = longWrites(wire, written);
  let input = countOf(wire["inputTokens"]);
  if (input !== undefined) input += (read ?? 0) + (written ?? 0);
  const output = countOf(wire["outputTokens"]);
  const serverTools = countsOf(objectOf(wire["serverToolUsage"]));
  return {
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    ...(read !== undefined && { cachedInput: read }),
    ...(written !== undefined && { cacheWrite5m: written - (long ?? 0) }),
    ...(long !== undefined && { cacheWrite1h: long }),
    ...(serverTools && { serverTools }),
  };
}

/** What of the writes is kept for an hour, where that is told apart. */
function longWrites(wire: JsonObject, written: number | undefined): number | undefined {
  if (written === undefined) return undefined;
  let long: number | undefined;
  for (const item of listOf(wire["cacheDetails"])) {
    const detail = objectOf(item);
    if (detail?.["ttl"] === "1h") long = (long ?? 0) + (countOf(detail["inputTokens"]) ?? 0);
  }
  return long === undefined ? undefined : Math.min(long, written);
}

function countsOf(wire: JsonObject | undefined): Record<string, number> | undefined {
  const counts: Record<string, number> = {};
  for (const [name, value] of Object.entries(wire ?? {})) {
    const count = countOf(value);
    if (count !== undefined && count > 0) counts[name] = count;
  }
  return Object.keys(counts).length > 0 ? counts : undefined;
}

/** The same in Bedrock's words, which wants three counts: one that nobody told is 0. */
export function writeUsage(usage: Usage): JsonObject {
  const { input = 0, output = 0, cachedInput, cacheWrite5m, cacheWrite1h, serverTools } = usage;
  const written = (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0);
  const counted = cacheWrite5m !== undefined || cacheWrite1h !== undefined;
  return {
    inputTokens: Math.max(0, input - (cachedInput ?? 0) - written),
    outputTokens: output,
    totalTokens: input + output,
    ...(cachedInput !== undefined && { cacheReadInputTokens: cachedInput }),
    ...(counted && { cacheWriteInputTokens: written }),
    ...(cacheWrite1h !== undefined && { cacheDetails: [{ ttl: "1h", inputTokens: cacheWrite1h }] }),
    ...(serverTools && { serverToolUsage: serverTools }),
  };
}
