import { ModelError, checkOption, textOf, toolCallsOf } from "@plugboard/core";
import type { ModelResult } from "@plugboard/core";
import type { Accept } from "./accept.ts";

/** How often a model is asked the same, and how many of its answers must agree. */
export interface AgreeingOptions {
  /** Answers in all, the one that is judged included; the others are asked for at the same time. @default 3 */
  readonly samples?: number;
  /** Answers that must agree. @default more than half of them */
  readonly least?: number;
  /**
   * What of an answer must be the same: the number it ends with, the letter it chose. @default its text without regard to case, blanks and
   * what stands around it, and the tools it calls with their input
   */
  readonly key?: (result: ModelResult) => string;
  /** For the further answers. @default that of the request; 0.7 where that is 0, since answers would be the same for no reason */
  readonly temperature?: number;
}

/**
 * Trusts an answer that the model gives more often than not, and gives that one. An answer that fails agrees with none. Models behind a cache
 * give the same answer each time, and that says nothing: put the cache outside.
 *
 * @throws {ModelError} `invalid-request` for numbers that cannot be meant
 * @example
 * const model = cascade([small, large], { accept: agreeing({ samples: 3, least: 3 }) });
 */
export function agreeing({ samples = 3, least, key = wholeOf, temperature }: AgreeingOptions = {}): Accept {
  checkOption("samples", samples, { least: 2, whole: true });
  const needed = least ?? Math.floor(samples / 2) + 1;
  checkOption("least", needed, { least: 2, most: samples, whole: true });
  return async ({ request, result, ask }) => {
    const { seed: _, ...open } = request; // with a seed, all would be the same
    const warmth = temperature ?? (request.temperature === 0 ? 0.7 : undefined);
    const again = { ...open, ...(warmth !== undefined && { temperature: warmth }) };
    const more = await Promise.allSettled(Array.from({ length: samples - 1 }, () => ask(again)));
    const results = [result, ...more.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []))];
    const calledOff = more.find((one) => one.status === "rejected" && isCalledOff(one.reason));
    if (calledOff?.status === "rejected") throw calledOff.reason;

    const groups = Map.groupBy(results, key);
    let largest: readonly ModelResult[] = [];
    for (const group of groups.values()) if (group.length > largest.length) largest = group;
    const said = `gave ${groups.size} different ${groups.size === 1 ? "answer" : "answers"} in ${results.length} of ${samples} tries, and ${largest.length} agree`;
    const score = largest.length / samples;
    if (largest.length < needed) return { accepted: false, why: said, score };
    return { accepted: true, why: said, score, result: largest[0]! };
  };
}

function isCalledOff(error: unknown): boolean {
  return error instanceof ModelError && error.code === "aborted";
}

function wholeOf(result: ModelResult): string {
  const words = textOf(result)
    .toLowerCase()
    .replaceAll(/\s+/g, " ")
    .replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
  const calls = toolCallsOf(result).map(({ name, input }) => [name, input]);
  return JSON.stringify([words, calls]);
}
