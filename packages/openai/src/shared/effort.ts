import type { Json, Reasoning } from "@plugboard/core";
import { refusedField } from "@plugboard/wire";
import type { Effort } from "./model-rule.ts";
import type { Writing } from "./writing.ts";
import { warn } from "./writing.ts";

const steps: readonly Effort[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/** The nearest step that the model has; of two equally near the harder one. */
export function effortFor(
  wanted: Reasoning | undefined,
  efforts: readonly Effort[],
  writing: Writing,
): Effort | undefined {
  if (wanted === undefined) return undefined;
  if (efforts.length === 0) {
    if (wanted !== "none")
      warn(writing, "dropped", "reasoning", `${writing.model} is not known to take a reasoning effort.`);
    return undefined;
  }
  const effort = nearest(typeof wanted === "object" ? stepOf(wanted.budgetTokens) : wanted, efforts);
  if (typeof wanted === "object" || (effort !== wanted && wanted !== "max")) {
    warn(
      writing,
      "adapted",
      "reasoning",
      `The reasoning effort is \`${effort}\`, the nearest that ${writing.model} takes.`,
    );
  }
  return effort;
}

function nearest(step: Effort, efforts: readonly Effort[]): Effort {
  const place = steps.indexOf(step);
  let best = efforts[0]!;
  for (const effort of efforts) {
    if (Math.abs(steps.indexOf(effort) - place) <= Math.abs(steps.indexOf(best) - place)) best = effort;
  }
  return best;
}

/** The effort that thinks about as much as a budget allows. */
function stepOf(budgetTokens: number): Effort {
  if (budgetTokens === 0) return "none";
  if (budgetTokens <= 1024) return "minimal";
  if (budgetTokens <= 4096) return "low";
  return budgetTokens <= 16_384 ? "medium" : "high";
}

/** The effort that a client asks for, if it does. */
export function readEffort(effort: Json | undefined, field: string): Reasoning | undefined {
  if (effort === undefined || effort === null) return undefined;
  const step = steps.find((known) => known === effort);
  if (step === undefined) throw refusedField(field, `one of ${steps.join(", ")}`, effort);
  return step === "xhigh" ? "max" : step;
}
