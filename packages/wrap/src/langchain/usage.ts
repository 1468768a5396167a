import type { Usage } from "@plugboard/core";
import type { UsageMetadata } from "@langchain/core/messages";
import { countOf } from "@plugboard/wire";
import { countWithin } from "../count-within.ts";

/** Our usage in LangChain's words, which want both totals: absent where one of them was not told. */
export function writeUsage(usage: Usage): UsageMetadata | undefined {
  const { input, output, cachedInput, cacheWrite5m, cacheWrite1h, reasoning, inputAudio, outputAudio } = usage;
  if (input === undefined || output === undefined) return undefined;
  const written =
    cacheWrite5m === undefined && cacheWrite1h === undefined ? undefined : (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0);
  const inputDetails = {
    ...(cachedInput !== undefined && { cache_read: cachedInput }),
    ...(written !== undefined && { cache_creation: written }),
    ...(inputAudio !== undefined && { audio: inputAudio }),
  };
  const outputDetails = {
    ...(reasoning !== undefined && { reasoning }),
    ...(outputAudio !== undefined && { audio: outputAudio }),
  };
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + output,
    ...(Object.keys(inputDetails).length > 0 && { input_token_details: inputDetails }),
    ...(Object.keys(outputDetails).length > 0 && { output_token_details: outputDetails }),
  };
}

/** LangChain's usage in our words. It does not say how long a write to a cache is kept: it counts as one of five minutes. */
export function readUsage(usage: UsageMetadata | undefined): Usage {
  if (!usage) return {};
  const { input_token_details: inputs, output_token_details: outputs } = usage;
  const input = countOf(usage.input_tokens);
  const output = countOf(usage.output_tokens);
  return {
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    ...countWithin("cachedInput", inputs?.cache_read, input),
    ...countWithin("cacheWrite5m", inputs?.cache_creation, input),
    ...countWithin("inputAudio", inputs?.audio, input),
    ...countWithin("reasoning", outputs?.reasoning, output),
    ...countWithin("outputAudio", outputs?.audio, output),
  };
}
