import type { Json, ModelRequest, Reasoning, Warning } from "@plugboard/core";
import type { ClaudeAbilities } from "./claude-abilities.ts";

/** How a model is asked to think, and how much it may write. */
export interface ClaudeThinking {
  readonly maxTokens: number;
  readonly thinking?: Record<string, Json>;
  readonly effort?: string;
  /** Whether it will think: then it takes no sampling parameters and no forced tool. */
  readonly thinks: boolean;
}

/** What is written at most when the request does not say: short enough for an answer in one body, which Anthropic bounds to ten minutes. */
const usualLimit = 16_000;

/** What Anthropic takes as a budget at least. */
const leastBudget = 1024;

type Level = Exclude<Reasoning, "none" | object>;

const budgets: Readonly<Record<Level, number>> = { minimal: 1024, low: 2048, medium: 8192, high: 16_384, max: 32_768 };
const efforts: Readonly<Record<Level, string>> = {
  minimal: "low",
  low: "low",
  medium: "medium",
  high: "high",
  max: "max",
};

/**
 * Takes `reasoning` and `maxOutputTokens` together, since thoughts are written within `max_tokens`.
 *
 * @param unforced - a tool is forced, so thinking that nobody asked for is turned off
 */
export function claudeThinking(
  { reasoning, maxOutputTokens }: ModelRequest,
  abilities: ClaudeAbilities,
  unforced: boolean,
  warn: (warning: Warning) => void,
): ClaudeThinking {
  const { thinksUnasked, hidesThoughts, outputLimit } = abilities;
  const maxTokens = maxOutputTokens ?? Math.min(usualLimit, outputLimit);

  if (reasoning === undefined) {
    if (thinksUnasked === "yes" && unforced) {
      warn({
        code: "adapted",
        path: "toolChoice",
        message: "Thinking is turned off, since it does not go with a forced tool.",
      });
      return { maxTokens, thinking: { type: "disabled" }, thinks: false };
    }
    return { maxTokens, thinks: thinksUnasked !== "no" };
  }

  if (reasoning === "none" || (typeof reasoning === "object" && reasoning.budgetTokens === 0)) {
    if (thinksUnasked === "no") return { maxTokens, thinks: false };
    if (thinksUnasked === "yes") return { maxTokens, thinking: { type: "disabled" }, thinks: false };
    warn({
      code: "adapted",
      path: "reasoning",
      message: "The model always thinks; it is asked for its lowest effort.",
    });
    return { maxTokens, effort: "low", thinks: true };
  }

  if (abilities.thinking.length === 0) {
    warn({ code: "dropped", path: "reasoning", message: "The model does not think before it answers." });
    return { maxTokens, thinks: false };
  }

  const byBudget =
    abilities.thinking.includes("budget") && (typeof reasoning === "object" || abilities.thinking.length === 1);
  if (!byBudget) {
    const level = typeof reasoning === "object" ? levelOf(reasoning.budgetTokens) : reasoning;
    const effort = efforts[level];
    if (typeof reasoning === "object" || level === "minimal") {
      warn({
        code: "adapted",
        path: "reasoning",
        message: `The model takes no such measure; it is asked for the effort \`${effort}\`.`,
      });
    }
    return {
      maxTokens,
      thinking: { type: "adaptive", ...(hidesThoughts && { display: "summarized" }) },
      effort,
      thinks: true,
    };
  }

  const wanted = typeof reasoning === "object" ? reasoning.budgetTokens : budgets[reasoning];
  // What the application allows is for thoughts and answer together; where it says nothing, thoughts come on top.
  const most = maxOutputTokens ?? Math.min(maxTokens + Math.max(wanted, leastBudget), outputLimit);
  if (most <= leastBudget) {
    const message = `\`maxOutputTokens\` leaves no room to think; ${leastBudget + 1} is the least.`;
    warn({ code: "dropped", path: "reasoning", message });
    return { maxTokens: most, thinks: false };
  }
  let budget = Math.max(wanted, leastBudget);
  // A budget that fills everything would leave nothing for the answer.
  if (budget >= most) budget = Math.min(most - 1, Math.max(leastBudget, Math.floor(most * 0.8)));
  if (budget !== wanted) {
    warn({
      code: "adapted",
      path: "reasoning",
      message: `The budget for thinking is ${budget} tokens instead of ${wanted}.`,
    });
  }
  return { maxTokens: most, thinking: { type: "enabled", budget_tokens: budget }, thinks: true };
}

/** The nearest step by tokens. */
function levelOf(budget: number): Level {
  if (budget <= 4096) return "low";
  if (budget <= 12_288) return "medium";
  return budget <= 24_576 ? "high" : "max";
}
