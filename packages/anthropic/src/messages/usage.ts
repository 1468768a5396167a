import type { Json, JsonObject, Usage } from "@plugboard/core";
import { countOf, listOf, objectOf } from "@plugboard/wire";

/** Members of the wire's usage that add up, as far as they have been told. A stream tells them twice, and the later value wins. */
export interface WireUsage {
  [name: string]: Json;
}

/** Takes over what a usage object tells; a member that is null was not told. */
export function addWireUsage(known: WireUsage, told: Json | undefined): void {
  for (const [name, value] of Object.entries(objectOf(told) ?? {})) {
    if (value !== undefined && value !== null) known[name] = value;
  }
}

/**
 * The usage in our words. Anthropic's `input_tokens` leaves out what was read from or written to the cache, and the top level leaves
 * out what compacting the conversation took; both are billed, so both are in `input` here.
 */
export function usageOf(wire: JsonObject): Usage {
  const read = countOf(wire["cache_read_input_tokens"]);
  const split = objectOf(wire["cache_creation"]);
  const short = countOf(split?.["ephemeral_5m_input_tokens"]);
  const long = countOf(split?.["ephemeral_1h_input_tokens"]);
  const written = countOf(wire["cache_creation_input_tokens"]) ?? (split ? (short ?? 0) + (long ?? 0) : undefined);
  const writtenLong = long === undefined ? undefined : Math.min(long, written ?? long);

  let input = countOf(wire["input_tokens"]);
  if (input !== undefined) input += (read ?? 0) + (written ?? 0);
  let output = countOf(wire["output_tokens"]);
  let cachedInput = read;
  for (const item of listOf(wire["iterations"])) {
    const iteration = objectOf(item);
    if (iteration?.["type"] !== "compaction") continue;
    const compacted = usageOf(iteration);
    // A part of a total that was not told is not the total.
    if (input !== undefined) input += compacted.input ?? 0;
    if (output !== undefined) output += compacted.output ?? 0;
    cachedInput = sum(cachedInput, compacted.cachedInput);
  }

  const reasoning = countOf(objectOf(wire["output_tokens_details"])?.["thinking_tokens"]);
  const serverTools = serverToolsOf(objectOf(wire["server_tool_use"]));
  return {
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    ...(cachedInput !== undefined && { cachedInput: Math.min(cachedInput, input ?? cachedInput) }),
    ...(written !== undefined && { cacheWrite5m: written - (writtenLong ?? 0) }),
    ...(writtenLong !== undefined && { cacheWrite1h: writtenLong }),
    ...(reasoning !== undefined && { reasoning: Math.min(reasoning, output ?? reasoning) }),
    ...(serverTools && { serverTools }),
  };
}

/** The usage in the wire's words: what `usageOf` reads back. */
export function wireUsageOf(usage: Usage): Record<string, Json> {
  const { input, output, cachedInput, cacheWrite5m, cacheWrite1h, reasoning, serverTools } = usage;
  const written = sum(cacheWrite5m, cacheWrite1h);
  const tools = Object.entries(serverTools ?? {}).map(([name, count]) => [`${name}_requests`, count] as const);
  return {
    input_tokens: Math.max(0, (input ?? 0) - (cachedInput ?? 0) - (written ?? 0)),
    output_tokens: output ?? 0,
    ...(cachedInput !== undefined && { cache_read_input_tokens: cachedInput }),
    ...(written !== undefined && { cache_creation_input_tokens: written }),
    ...(cacheWrite1h !== undefined && {
      cache_creation: { ephemeral_5m_input_tokens: cacheWrite5m ?? 0, ephemeral_1h_input_tokens: cacheWrite1h },
    }),
    ...(reasoning !== undefined && { output_tokens_details: { thinking_tokens: reasoning } }),
    ...(tools.length > 0 && { server_tool_use: { web_search_requests: 0, ...Object.fromEntries(tools) } }),
  };
}

function serverToolsOf(wire: JsonObject | undefined): Record<string, number> | undefined {
  const counts: Record<string, number> = {};
  for (const [name, value] of Object.entries(wire ?? {})) {
    const count = countOf(value);
    // Zeros are told for every tool there is, whether or not it was offered; they say nothing.
    if (count !== undefined && count > 0) counts[name.replace(/_requests$/, "")] = count;
  }
  return Object.keys(counts).length > 0 ? counts : undefined;
}

function sum(first: number | undefined, second: number | undefined): number | undefined {
  return first === undefined ? second : first + (second ?? 0);
}
