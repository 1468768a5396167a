import type { ProviderData } from "@plugboard/core";

/**
 * Members of requests that we have no word for and that are passed on to the provider: they change how it answers. What changes where a
 * request goes, how much it costs beyond its tokens, or how long its answer may be, is not among them.
 */
const harmless: readonly string[] = `
  user safety_identifier metadata logprobs top_logprobs logit_bias parallel_tool_calls prediction modalities verbosity
  prompt_cache_key prompt_cache_retention stream_options
  min_p top_a repetition_penalty min_tokens ignore_eos stop_token_ids enable_thinking thinking chat_template_kwargs
  reasoning include include_reasoning text truncation tool_choice max_tool_calls store
  context_management cache_control safetySettings cachedContent toolConfig generationConfig labels`
  .split(/\s+/)
  .filter((name) => name !== "");

/** Members of Gemini's generationConfig that make more of an answer, or a longer one, than was reckoned with. */
const dear = ["maxOutputTokens", "candidateCount"];

/** Which members are kept. */
export interface KeptOptions {
  /** The request with those members of `providerOptions` that may pass, and the names of those that may not. */
  of<Request extends { readonly providerOptions?: ProviderData }>(
    request: Request,
  ): { readonly request: Request; readonly dropped: readonly string[] };
}

/** @param more - names that may pass, too */
export function keptOptions(more: readonly string[] = []): KeptOptions {
  const kept = new Set([...harmless, ...more]);
  const nothing: readonly string[] = [];

  return {
    of(request) {
      if (!request.providerOptions) return { request, dropped: nothing };
      const dropped: string[] = [];
      const safe = Object.entries(request.providerOptions).map(([owner, options]) => {
        const members = Object.entries(options).flatMap(([name, value]) => {
          if (!kept.has(name)) {
            dropped.push(name);
            return [];
          }
          return [[name, name === "generationConfig" ? without(value, dear) : value] as const];
        });
        return [owner, Object.fromEntries(members)] as const;
      });
      const filled = safe.filter(([, options]) => Object.keys(options).length > 0);
      const { providerOptions: _, ...rest } = request;
      const providerOptions = filled.length > 0 ? Object.fromEntries(filled) : undefined;
      return { request: { ...rest, ...(providerOptions && { providerOptions }) } as typeof request, dropped };
    },
  };
}

function without<Value>(value: Value, names: readonly string[]): Value {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name))) as Value;
}
