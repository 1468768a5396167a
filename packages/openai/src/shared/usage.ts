import type { Json, Usage } from "@plugboard/core";

/** Token counts as servers of the protocol send them; whatever a server left out or wrote otherwise is not a number. */
export interface WireUsage {
  readonly prompt_tokens?: unknown;
  readonly completion_tokens?: unknown;
  readonly total_tokens?: unknown;
  readonly prompt_tokens_details?: WireUsageDetails | null;
  readonly completion_tokens_details?: WireUsageDetails | null;
  /** DeepSeek. */
  readonly prompt_cache_hit_tokens?: unknown;
  /** Moonshot. */
  readonly cached_tokens?: unknown;
  /** Mistral, before 2026. */
  readonly num_cached_tokens?: unknown;
  /** Perplexity and some vLLM builds. */
  readonly reasoning_tokens?: unknown;
  /** OpenRouter: what was charged, in dollars. */
  readonly cost?: unknown;
}

interface WireUsageDetails {
  readonly cached_tokens?: unknown;
  readonly cache_write_tokens?: unknown;
  readonly audio_tokens?: unknown;
  readonly reasoning_tokens?: unknown;
}

/** The counts in our words: totals with their parts in them, no part above its total. */
export function readUsage(wire: WireUsage): Usage {
  const sent = wire.prompt_tokens_details;
  const made = wire.completion_tokens_details;
  const input = count(wire.prompt_tokens);
  const reasoning = count(made?.reasoning_tokens) ?? count(wire.reasoning_tokens);
  const output = outputOf(wire, reasoning);
  const usage: Record<string, number> = {};

  tell(usage, "input", input);
  tell(usage, "output", output);
  // Grok on Azure tells more cached tokens than the prompt has.
  const cached =
    count(sent?.cached_tokens) ??
    count(wire.prompt_cache_hit_tokens) ??
    count(wire.cached_tokens) ??
    count(wire.num_cached_tokens);
  tell(usage, "cachedInput", cached, input);
  tell(usage, "cacheWrite5m", count(sent?.cache_write_tokens), (input ?? Infinity) - (usage["cachedInput"] ?? 0));
  tell(usage, "reasoning", reasoning, output);
  tell(usage, "inputAudio", count(sent?.audio_tokens), input);
  tell(usage, "outputAudio", count(made?.audio_tokens), output);
  return usage;
}

function tell(usage: Record<string, number>, name: keyof Usage, value: number | undefined, total = Infinity): void {
  if (value !== undefined) usage[name] = Math.min(value, total);
}

/** xAI leaves reasoning out of the completion tokens; its total gives that away. */
function outputOf(wire: WireUsage, reasoning: number | undefined): number | undefined {
  const output = count(wire.completion_tokens);
  const total = count(wire.total_tokens);
  if (output === undefined || !reasoning || total === undefined) return output;
  return (count(wire.prompt_tokens) ?? 0) + output + reasoning === total ? output + reasoning : output;
}

function count(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && Number.isFinite(value) ? value : undefined;
}

/** Our counts in the words of the protocol, which wants all three totals. */
export function writeUsage(usage: Usage): Record<string, Json> {
  const { input = 0, output = 0, cachedInput, cacheWrite5m, reasoning, inputAudio, outputAudio } = usage;
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...told("prompt_tokens_details", {
      cached_tokens: cachedInput,
      cache_write_tokens: cacheWrite5m,
      audio_tokens: inputAudio,
    }),
    ...told("completion_tokens_details", { reasoning_tokens: reasoning, audio_tokens: outputAudio }),
  };
}

function told(name: string, counts: Record<string, number | undefined>): Record<string, Json> {
  const known = Object.entries(counts).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return known.length > 0 ? { [name]: Object.fromEntries(known) } : {};
}
