import { checkOption, textOf } from "@plugboard/core";
import type { ModelResult } from "@plugboard/core";
import { answerFeatures } from "../quality/answer-features.ts";
import type { Accept } from "./accept.ts";

/** How many models must come to the same. */
export interface CorroboratedOptions {
  /** Answers that must agree, the one that is judged included. @default 2 */
  readonly least?: number;
  /**
   * What of an answer must be the same; an answer without it agrees with none. @default the `answer` of a JSON object, else the last line,
   * without regard to case, blanks, how a number is written, and what stands around it
   */
  readonly key?: (result: ModelResult) => string | undefined;
}

/**
 * Trusts an answer that models before it in the cascade gave, too. That of the first model is never trusted by itself, so with three models
 * at least two are asked: worth it where they cost little beside the last.
 *
 * @throws {ModelError} `invalid-request` for numbers that cannot be meant
 * @example
 * const model = cascade([llama, phi, gpt], { accept: corroborated() }); // gpt where llama and phi differ
 */
export function corroborated({ least = 2, key = resultOf }: CorroboratedOptions = {}): Accept {
  checkOption("least", least, { least: 2, whole: true });
  return ({ result, earlier }) => {
    const own = key(result);
    if (own === undefined) return { accepted: false, why: "gave nothing that could be compared" };
    const same = earlier.filter((other) => key(other) === own).length + 1;
    const asked = earlier.length + 1;
    const why = asked === 1 ? "is the first to answer" : `came to a result that ${same} of ${asked} models came to`;
    return { accepted: same >= least, why, score: same / asked };
  };
}

function resultOf(result: ModelResult): string | undefined {
  return answerFeatures(textOf(result)).result;
}
