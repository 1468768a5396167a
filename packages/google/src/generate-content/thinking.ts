import type { Json, ModelRequest, Reasoning, Warning } from "@plugboard/core";
import type { Abilities, ThinkingLevel } from "./abilities.ts";

/** How a model is asked to think. */
export interface Thinking {
  readonly config?: Record<string, Json>;
  /** It may think without a word of it. */
  readonly hidden: boolean;
}

type Step = Exclude<Reasoning, "none" | object>;

const steps: readonly ThinkingLevel[] = ["MINIMAL", "LOW", "MEDIUM", "HIGH"];
const levels: Readonly<Record<Step, ThinkingLevel>> = {
  minimal: "MINIMAL",
  low: "LOW",
  medium: "MEDIUM",
  high: "HIGH",
  max: "HIGH",
};
const budgets: Readonly<Record<Step, number>> = { minimal: 512, low: 2048, medium: 8192, high: 16_384, max: 32_768 };

/** Takes `reasoning` in the way of the model's generation: a budget in 2.5, a level from 3 on. Thoughts are shown where it is asked for. */
export function thinkingOf(
  { reasoning, maxOutputTokens }: Pick<ModelRequest, "reasoning" | "maxOutputTokens">,
  { thinking, thinksUnasked }: Abilities,
  warn: (warning: Warning) => void,
): Thinking {
  if (reasoning === undefined) return { hidden: thinksUnasked };
  const none = reasoning === "none" || (typeof reasoning === "object" && reasoning.budgetTokens === 0);
  if (!thinking) {
    if (!none || thinksUnasked) {
      const message = thinksUnasked
        ? "How much the model thinks cannot be set."
        : "The model does not think before it answers.";
      warn({ code: "dropped", path: "reasoning", message });
    }
    return { hidden: thinksUnasked };
  }

  if ("levels" in thinking) {
    const wanted = none
      ? "MINIMAL"
      : typeof reasoning === "object"
        ? levelOf(reasoning.budgetTokens)
        : levels[reasoning as Step];
    const level = nearest(wanted, thinking.levels);
    if (none || typeof reasoning === "object" || reasoning === "max" || level !== wanted) {
      const message = none
        ? `The model always may think; it is asked for the level ${level}.`
        : `The model has no such step; it is asked for the level ${level}.`;
      warn({ code: "adapted", path: "reasoning", message });
    }
    return { config: { thinkingLevel: level, ...(!none && { includeThoughts: true }) }, hidden: none };
  }

  const { least, most, off } = thinking;
  if (none) {
    if (off) return { config: { thinkingBudget: 0 }, hidden: false };
    const message = `The model always thinks; it is given the least budget, ${least} tokens.`;
    warn({ code: "adapted", path: "reasoning", message });
    return { config: { thinkingBudget: least }, hidden: true };
  }
  const wanted = typeof reasoning === "object" ? reasoning.budgetTokens : Math.min(budgets[reasoning as Step], most);
  let budget = Math.min(Math.max(wanted, least), most);
  // Thoughts are written within `maxOutputTokens`: a budget that fills it leaves nothing for the answer.
  if (maxOutputTokens !== undefined && budget >= maxOutputTokens) {
    budget = Math.max(least, Math.floor(maxOutputTokens * 0.8));
  }
  if (budget !== wanted) {
    const message = `The budget for thinking is ${budget} tokens instead of ${wanted}.`;
    warn({ code: "adapted", path: "reasoning", message });
  }
  return { config: { thinkingBudget: budget, ...(budget > 0 && { includeThoughts: true }) }, hidden: false };
}

/** The step that stands for a budget. */
function levelOf(budget: number): ThinkingLevel {
  if (budget <= 512) return "MINIMAL";
  if (budget <= 4096) return "LOW";
  return budget <= 12_288 ? "MEDIUM" : "HIGH";
}

/** The same step, or the next higher one: every model has the highest. */
function nearest(wanted: ThinkingLevel, offered: readonly ThinkingLevel[]): ThinkingLevel {
  return steps.slice(steps.indexOf(wanted)).find((step) => offered.includes(step))!;
}
