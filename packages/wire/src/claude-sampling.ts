import type { ModelRequest, Warning } from "@plugboard/core";
import type { ClaudeAbilities } from "./claude-abilities.ts";

/** Sampling parameters that a model takes. */
export type ClaudeSampling = { temperature?: number; topP?: number; topK?: number };

/**
 * What a Claude model takes of the sampling parameters that a request has; the rest is dropped with a warning.
 *
 * @param thinks - whether it will think: then it takes next to none
 */
export function claudeSampling(
  { temperature, topP, topK }: Pick<ModelRequest, "temperature" | "topP" | "topK">,
  { sampling, bothSamplings }: Pick<ClaudeAbilities, "sampling" | "bothSamplings">,
  thinks: boolean,
  warn: (warning: Warning) => void,
): ClaudeSampling {
  const given = { temperature, topP, topK };
  const taken: ClaudeSampling = {};
  const drop = (name: keyof typeof given, message: string): void => {
    if (given[name] !== undefined) warn({ code: "dropped", path: name, message });
  };
  if (!sampling) {
    for (const name of ["temperature", "topP", "topK"] as const) drop(name, "The model takes no sampling parameters.");
    return taken;
  }
  if (thinks) {
    drop("temperature", "A model that thinks takes no `temperature`.");
    drop("topK", "A model that thinks takes no `topK`.");
    if (topP !== undefined && topP >= 0.95) taken.topP = topP;
    else drop("topP", "A model that thinks takes `topP` from 0.95 to 1 only.");
    return taken;
  }
  if (temperature !== undefined) {
    taken.temperature = Math.min(temperature, 1);
    if (temperature > 1) warn({ code: "adapted", path: "temperature", message: "The highest temperature is 1." });
  }
  if (topK !== undefined) taken.topK = topK;
  if (temperature !== undefined && !bothSamplings) drop("topP", "The model takes `temperature` or `topP`, not both.");
  else if (topP !== undefined) taken.topP = topP;
  return taken;
}
