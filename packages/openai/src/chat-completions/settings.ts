import type { Json, ModelRequest } from "@plugboard/core";
import { cooled } from "../shared/cooled.ts";
import { warn } from "../shared/writing.ts";
import type { Writing } from "./writing.ts";

/** The numbers and stop sequences of a request, within what the vendor takes. */
export function writeSettings(request: ModelRequest, writing: Writing): Record<string, Json> {
  const { dialect } = writing;
  const { maxOutputTokens, temperature, topP, topK, presencePenalty, frequencyPenalty, stop, seed } = request;
  const stops = dialect.stops ?? 4;
  if (topK !== undefined) warn(writing, "dropped", "topK", `${dialect.provider} does not take \`topK\`.`);
  const heat = temperature === undefined ? undefined : cooled(temperature, dialect.hottest ?? 2, writing);
  const leastSeed = dialect.seed === "random_seed" ? 0 : -Infinity;
  if (seed !== undefined && seed < leastSeed) {
    warn(writing, "adapted", "seed", `The seed is ${leastSeed}, the least that ${dialect.provider} takes.`);
  }
  if (stop && stop.length > stops) {
    warn(writing, "dropped", "stop", `Only the first ${stops} of ${stop.length} stop sequences are sent.`);
  }
  return {
    ...(maxOutputTokens !== undefined && { [dialect.maxTokens ?? "max_tokens"]: maxOutputTokens }),
    ...(heat !== undefined && { temperature: heat }),
    ...(topP !== undefined && { top_p: topP }),
    ...(presencePenalty !== undefined && { presence_penalty: presencePenalty }),
    ...(frequencyPenalty !== undefined && { frequency_penalty: frequencyPenalty }),
    ...(stop && stop.length > 0 && { stop: stop.slice(0, stops) }),
    ...(seed !== undefined && { [dialect.seed ?? "seed"]: Math.max(seed, leastSeed) }),
  };
}
