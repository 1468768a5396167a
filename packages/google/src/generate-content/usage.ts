import type { Json, JsonObject, Usage } from "@plugboard/core";
import { countOf, listOf, objectOf } from "@plugboard/wire";

/** Takes over what a usage object tells. A stream tells it again and again, and the later value wins. */
export function addWireUsage(known: Record<string, Json>, told: JsonObject): void {
  for (const [name, value] of Object.entries(told)) {
    if (value !== undefined && value !== null) known[name] = value;
  }
}

/**
 * The usage in our words. Google counts thoughts apart from the answer, and what its tools read apart from the prompt; both are
 * billed, as output and as input. A count of zero is left out on the wire, and so told by the total alone.
 *
 * @param queries - searches that Google ran
 */
export function usageOf(wire: JsonObject, queries: number): Usage {
  const input = sum(countOf(wire["promptTokenCount"]), countOf(wire["toolUsePromptTokenCount"]));
  const reasoning = countOf(wire["thoughtsTokenCount"]);
  const total = countOf(wire["totalTokenCount"]);
  const rest = total === undefined || input === undefined ? undefined : Math.max(total - input, 0);
  const output = sum(countOf(wire["candidatesTokenCount"]), reasoning) ?? rest;
  const cached = countOf(wire["cachedContentTokenCount"]);
  const inputAudio = audioOf(wire["promptTokensDetails"]);
  const outputAudio = audioOf(wire["candidatesTokensDetails"]);
  return {
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    ...(cached !== undefined && { cachedInput: Math.min(cached, input ?? cached) }),
    ...(reasoning !== undefined && { reasoning }),
    ...(inputAudio !== undefined && { inputAudio: Math.min(inputAudio, input ?? inputAudio) }),
    ...(outputAudio !== undefined && { outputAudio: Math.min(outputAudio, output ?? outputAudio) }),
    ...(queries > 0 && { serverTools: { google_search: queries } }),
  };
}

/** The usage in the wire's words: what `usageOf` reads back. */
export function wireUsageOf({ input, output, cachedInput, reasoning, inputAudio, outputAudio }: Usage): JsonObject {
  const said = output === undefined ? undefined : Math.max(output - (reasoning ?? 0), 0);
  const total = sum(input, output);
  return {
    ...(input !== undefined && { promptTokenCount: input }),
    ...(said !== undefined && { candidatesTokenCount: said }),
    ...(cachedInput !== undefined && { cachedContentTokenCount: cachedInput }),
    ...(reasoning !== undefined && { thoughtsTokenCount: reasoning }),
    ...(inputAudio !== undefined && { promptTokensDetails: [{ modality: "AUDIO", tokenCount: inputAudio }] }),
    ...(outputAudio !== undefined && { candidatesTokensDetails: [{ modality: "AUDIO", tokenCount: outputAudio }] }),
    ...(total !== undefined && { totalTokenCount: total }),
  };
}

function audioOf(details: Json | undefined): number | undefined {
  const audio = listOf(details)
    .map(objectOf)
    .find((detail) => detail?.["modality"] === "AUDIO");
  return countOf(audio?.["tokenCount"]);
}

function sum(first: number | undefined, second: number | undefined): number | undefined {
  return first === undefined ? second : first + (second ?? 0);
}
