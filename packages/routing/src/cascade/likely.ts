import { ModelError, checkOption } from "@plugboard/core";
import type { Json, ModelResult } from "@plugboard/core";
import type { Accept } from "./accept.ts";

/** How sure a model must have been of its tokens. */
export interface LikelyOptions {
  /** The least log-probability: 0 is certain, -0.7 about one in two. */
  readonly least: number;
  /** Of which tokens: their mean, or the least likely of them. @default "mean" */
  readonly of?: "mean" | "least";
}

/**
 * Trusts an answer of whose tokens the model was sure, where the provider gives their log-probabilities: OpenAI and who speaks its protocol
 * with `providerOptions: { openai: { logprobs: true } }`, Google with `responseLogprobs`. Where it gives none, no answer is trusted, and a
 * `fault` notice says so (`unsupported`).
 *
 * @throws {ModelError} `invalid-request` for a number above 0
 * @example
 * const model = cascade([small, large], { accept: likely({ least: -0.15 }) });
 */
export function likely({ least, of = "mean" }: LikelyOptions): Accept {
  checkOption("least", least, { least: -Infinity, most: 0 });
  return ({ result, model }) => {
    const score = scoreOf(result, of);
    if (score === undefined) {
      throw new ModelError(
        `${model.id} gave no log-probabilities of its tokens; they must be asked for, by \`logprobs: true\` in \`providerOptions\`, where the provider has them.`,
        { code: "unsupported", provider: model.provider, model: model.id },
      );
    }
    const said = `has ${score.toFixed(3)} as the ${of === "mean" ? "mean" : "least"} log-probability of its tokens`;
    return { accepted: score >= least, why: said, score };
  };
}

function scoreOf({ providerData = {} }: ModelResult, of: "mean" | "least"): number | undefined {
  for (const data of Object.values(providerData)) {
    const tokens = tokensIn(data["logprobs"]) ?? tokensIn(memberOf(data["logprobsResult"], "chosenCandidates"));
    if (tokens) return of === "least" ? Math.min(...tokens) : tokens.reduce((sum, one) => sum + one, 0) / tokens.length;
    const mean = data["avgLogprobs"];
    if (of === "mean" && typeof mean === "number") return mean;
  }
  return undefined;
}

/** `logprob` is OpenAI's name, `logProbability` Google's. */
function tokensIn(list: Json | undefined): readonly number[] | undefined {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const found = list.map((one: Json) => memberOf(one, "logprob") ?? memberOf(one, "logProbability"));
  return found.every((one) => typeof one === "number") ? found : undefined;
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json })[name]
    : undefined;
}
