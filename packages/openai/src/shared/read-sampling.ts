import type { Json, JsonObject, ModelRequest } from "@plugboard/core";
import { optionalNumber, textAt } from "@plugboard/wire";
import { isList } from "./fields.ts";

type Sampling = {
  readonly [
    Name in "temperature" | "topP" | "topK" | "presencePenalty" | "frequencyPenalty" | "stop" | "seed"
  ]: ModelRequest[Name];
};

/** How a client wants tokens chosen, which chat and completions say alike, and the members that say something else. */
export function readSampling(sent: JsonObject): { readonly sampling: Sampling; readonly rest: JsonObject } {
  const {
    temperature,
    top_p: topP,
    top_k: topK,
    presence_penalty: presencePenalty,
    frequency_penalty: frequencyPenalty,
    stop,
    seed,
    ...others
  } = sent;
  const sampling = {
    temperature: optionalNumber(temperature, "temperature"),
    topP: optionalNumber(topP, "top_p"),
    topK: optionalNumber(topK, "top_k"),
    presencePenalty: optionalNumber(presencePenalty, "presence_penalty"),
    frequencyPenalty: optionalNumber(frequencyPenalty, "frequency_penalty"),
    stop: readStop(stop),
    seed: optionalNumber(seed, "seed"),
  };
  return { sampling, rest: Object.fromEntries(Object.entries(others).filter(([, value]) => value !== null)) };
}

function readStop(stop: Json | undefined): readonly string[] | undefined {
  if (stop === undefined || stop === null) return undefined;
  return isList(stop) ? stop.map((text, place) => textAt(text, `stop[${place}]`)) : [textAt(stop, "stop")];
}
