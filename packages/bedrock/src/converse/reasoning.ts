import type { Json, ModelRequest, Reasoning, Warning } from "@plugboard/core";
import type { ClaudeAbilities } from "@plugboard/wire";
import { claudeSampling, claudeThinking } from "@plugboard/wire";
import type { Family } from "./family.ts";

/** How a model is asked to think, and what is left of the limit and the sampling parameters then. */
export interface Inference {
  readonly config: Record<string, Json>;
  /** Those of the model's own. */
  readonly fields: Record<string, Json>;
  readonly thinks: boolean;
  /** The model may think without a word of it. */
  readonly hiddenReasoning: boolean;
}

type Warn = (warning: Warning) => void;
type Level = "low" | "medium" | "high";

/** Of Claude: thoughts are written within the limit, and what is taken depends on the generation. */
export function claudeInference(
  request: ModelRequest,
  abilities: ClaudeAbilities,
  forced: boolean,
  warn: Warn,
): Inference {
  const { thinking, effort, maxTokens, thinks } = claudeThinking(request, abilities, forced, warn);
  const { temperature, topP, topK } = claudeSampling(request, abilities, thinks, warn);
  return {
    config: {
      maxTokens,
      ...(temperature !== undefined && { temperature }),
      ...(topP !== undefined && { topP }),
    },
    fields: {
      ...(topK !== undefined && { top_k: topK }),
      ...(thinking && { thinking }),
      ...(effort !== undefined && { output_config: { effort } }),
    },
    thinks,
    hiddenReasoning: thinks && abilities.hidesThoughts && thinking?.["display"] !== "summarized",
  };
}

/** Of the others. */
export function plainInference(request: ModelRequest, { effort, topK: place }: Family, warn: Warn): Inference {
  const { temperature, topP, topK, maxOutputTokens } = request;
  const config: Record<string, Json> = {};
  const level = levelOf(request.reasoning, effort, warn);
  if (level === "high" && effort?.freeAtHigh) {
    for (const name of ["maxOutputTokens", "temperature", "topP", "topK"] as const) {
      if (request[name] === undefined) continue;
      const message = `The model takes no \`${name}\` when it thinks at its highest level.`;
      warn({ code: "dropped", path: name, message });
    }
    return { config, fields: { ...effort.fields(level) }, thinks: true, hiddenReasoning: effort.hidden === true };
  }
  if (maxOutputTokens !== undefined) config["maxTokens"] = maxOutputTokens;
  if (temperature !== undefined) {
    config["temperature"] = Math.min(temperature, 1);
    if (temperature > 1) warn({ code: "adapted", path: "temperature", message: "The highest temperature is 1." });
  }
  if (topP !== undefined) config["topP"] = topP;
  let fields: Record<string, Json> = level && effort ? { ...effort.fields(level) } : {};
  if (topK !== undefined && place) {
    const placed = place.toReversed().reduce<Json>((value, name) => ({ [name]: value }), topK);
    fields = { ...fields, ...(placed as Record<string, Json>) };
  } else if (topK !== undefined) {
    warn({ code: "dropped", path: "topK", message: "The model takes no `topK`, or nothing is known of it." });
  }
  return {
    config,
    fields,
    thinks: level !== undefined,
    hiddenReasoning: level !== undefined && effort?.hidden === true,
  };
}

function levelOf(reasoning: Reasoning | undefined, effort: Family["effort"], warn: Warn): Level | undefined {
  if (reasoning === undefined) return undefined;
  const off = reasoning === "none" || (typeof reasoning === "object" && reasoning.budgetTokens === 0);
  if (off && !effort?.always) return undefined;
  if (!effort) {
    warn({ code: "dropped", path: "reasoning", message: "It is not known how this model is asked to think." });
    return undefined;
  }
  const level = nearest(reasoning);
  if (reasoning !== level) {
    const message = `The model takes no such measure; it is asked for the effort \`${level}\`.`;
    warn({ code: "adapted", path: "reasoning", message });
  }
  return level;
}

function nearest(reasoning: Reasoning): Level {
  if (typeof reasoning === "object") {
    if (reasoning.budgetTokens <= 4096) return "low";
    return reasoning.budgetTokens <= 12_288 ? "medium" : "high";
  }
  if (reasoning === "medium" || reasoning === "high") return reasoning;
  return reasoning === "max" ? "high" : "low";
}
