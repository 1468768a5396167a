import type { Attempt, AttemptPlan, ModelResult, TokenCount, TokenCounter, Usage } from "@plugboard/core";
import { asPrompt } from "../as-prompt.ts";

/**
 * What an attempt that broke off has used: its prompt and what had arrived, counted here where the provider did not tell. Nothing for
 * one that finished, since its provider had its say, and for one that provably cost nothing.
 *
 * @throws whatever the counter fails with
 */
export async function estimate(
  { outcome, unbilled, usage = {} }: Attempt,
  plan: AttemptPlan,
  partial: ModelResult | undefined,
  count: TokenCounter,
): Promise<Usage | undefined> {
  if (outcome === "finished" || unbilled) return undefined;
  const [input, said] = await Promise.all([
    usage.input ?? tokensOf(count(asPrompt(plan.request), plan)),
    answerTokens(partial?.content ?? [], plan, count),
  ]);
  // Some providers tell a first count at the start of an answer, and the last one never came.
  const output = Math.max(usage.output ?? 0, said);
  if (input === usage.input && output === usage.output) return undefined;
  return { ...usage, input, output, estimated: true };
}

async function answerTokens(content: ModelResult["content"], plan: AttemptPlan, count: TokenCounter): Promise<number> {
  if (content.length === 0) return 0;
  // Thoughts are billed as they are spoken; counters of prompts leave them out.
  const spoken = content.map((part) =>
    part.type === "reasoning" ? ({ type: "text", text: part.text } as const) : part,
  );
  const [whole, frame] = await Promise.all([
    tokensOf(count({ messages: [{ role: "assistant", content: spoken }] }, plan)),
    tokensOf(count({ messages: [{ role: "assistant", content: "" }] }, plan)),
  ]);
  return Math.max(0, whole - frame);
}

async function tokensOf(counted: TokenCount | Promise<TokenCount>): Promise<number> {
  return (await counted).tokens;
}
