import type { Json, Usage } from "@plugboard/core";
import { isObject } from "../shared/fields.ts";
import { readUsage, writeUsage } from "../shared/usage.ts";

/**
 * The counts of an answer in our words.
 *
 * @param tools - how often the provider ran each of its tools, as far as the answer shows
 */
export function usageOf(wire: Json | undefined, tools: Readonly<Record<string, number>> = {}): Usage {
  if (!isObject(wire)) return {};
  const usage = readUsage({
    prompt_tokens: wire["input_tokens"],
    completion_tokens: wire["output_tokens"],
    prompt_tokens_details: detailsOf(wire["input_tokens_details"]),
    completion_tokens_details: detailsOf(wire["output_tokens_details"]),
  });
  const serverTools = toldTools(wire["server_side_tool_usage_details"]) ?? tools;
  return Object.keys(serverTools).length > 0 ? { ...usage, serverTools } : usage;
}

function detailsOf(value: Json | undefined): Readonly<Record<string, unknown>> | null {
  return isObject(value) ? value : null;
}

/** xAI counts itself: `{ web_search_calls: 2 }`. */
function toldTools(details: Json | undefined): Record<string, number> | undefined {
  if (!isObject(details)) return undefined;
  const tools: Record<string, number> = {};
  for (const [name, count] of Object.entries(details)) {
    if (typeof count === "number" && count > 0 && name !== "mcp_calls") tools[name.replace(/_calls$/, "")] = count;
  }
  return tools;
}

/** Our counts in the words of the protocol, which wants all of them; null where nothing is known. */
export function usageForClient(usage: Usage): Json {
  if (usage.input === undefined && usage.output === undefined) return null;
  const { prompt_tokens, completion_tokens, total_tokens } = writeUsage(usage);
  return {
    input_tokens: prompt_tokens!,
    input_tokens_details: { cached_tokens: usage.cachedInput ?? 0, cache_write_tokens: usage.cacheWrite5m ?? 0 },
    output_tokens: completion_tokens!,
    output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
    total_tokens: total_tokens!,
  };
}
