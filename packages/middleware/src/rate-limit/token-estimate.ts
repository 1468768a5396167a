import type { AttemptPlan, Prompt, TokenCount, TokenCounter, Usage } from "@plugboard/core";
import { asPrompt, isPrompt } from "../as-prompt.ts";
import { bytesOfPrompt } from "../budget/count-bytes.ts";

/** Tokens that an attempt takes of its limits. */
export interface TokenEstimate {
  readonly input: number;
  readonly output: number;
}

/** Bytes that a token stands for: about 4 in English, 3 in code and in scripts of three bytes a character. */
const bytesPerToken = 3;
/** What a file is taken for where nobody counts it: an image of middling size. */
const tokensPerFile = 1500;

/** What a prompt comes to, roughly: the answer tells, and the difference is booked then. */
function roughly(prompt: Prompt): TokenCount {
  const bytes = bytesOfPrompt(prompt, tokensPerFile * bytesPerToken);
  return { tokens: Math.ceil(bytes / bytesPerToken), bound: { error: 0.5 } };
}

/** What an attempt will use, as far as can be known before. A counter that fails is told of, and does not stop the call. */
export async function estimateTokens(
  { request, ...model }: AttemptPlan,
  { count = roughly, outputTokens }: { readonly count: TokenCounter | undefined; readonly outputTokens: number },
  onFault: (error: unknown) => void,
): Promise<TokenEstimate> {
  const prompt = asPrompt(request);
  // What is no chat request, an embedding, has no output.
  const output = isPrompt(request) ? (request.maxOutputTokens ?? outputTokens) : 0;
  let counted: TokenCount;
  try {
    counted = await count(prompt, model);
    if (!Number.isFinite(counted.tokens) || counted.tokens < 0) counted = roughly(prompt);
  } catch (error) {
    onFault(error);
    counted = roughly(prompt);
  }
  return { input: Math.ceil(counted.tokens), output };
}

/** What it did use, where the provider told; what it did not tell is as it was taken to be. */
export function usedTokens({ input, output }: Usage, estimate: TokenEstimate): TokenEstimate {
  return { input: sane(input) ?? estimate.input, output: sane(output) ?? estimate.output };
}

function sane(count: number | undefined): number | undefined {
  return count !== undefined && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}
