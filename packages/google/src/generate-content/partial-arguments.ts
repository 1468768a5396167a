import type { Json, JsonObject } from "@plugboard/core";
import { listOf, objectOf, stringOf } from "@plugboard/wire";

/** Arguments that grow. */
type Growing = { [name: string]: Json } | Json[];

/** Arguments of a call that come in pieces, each with the place where it belongs: `$.stops[0].city`. */
export class PartialArguments {
  readonly value: Record<string, Json> = {};
  /** The place of the text that goes on in the next piece. */
  #going: string | undefined;

  add(pieces: Json | undefined): void {
    for (const item of listOf(pieces)) {
      const piece = objectOf(item);
      const place = stringOf(piece?.["jsonPath"]);
      if (!piece || place === undefined) continue;
      this.#put(place, valueOf(piece));
      this.#going = piece["willContinue"] === true ? place : undefined;
    }
  }

  #put(place: string, value: Json): void {
    const steps = stepsOf(place);
    const last = steps.pop();
    if (last === undefined) return;
    let holder: Growing = this.value;
    for (const [index, step] of steps.entries()) {
      const next = steps[index + 1] ?? last;
      const found: Json | undefined = memberOf(holder, step);
      const inner: Growing =
        typeof found === "object" && found !== null ? (found as Growing) : typeof next === "number" ? [] : {};
      if (inner !== found) setMember(holder, step, inner);
      holder = inner;
    }
    const before = memberOf(holder, last);
    const goesOn = this.#going === place && typeof before === "string" && typeof value === "string";
    setMember(holder, last, goesOn ? before + value : value);
  }
}

function memberOf(holder: Growing, step: string | number): Json | undefined {
  return Object.hasOwn(holder, step) ? (holder as Record<string | number, Json>)[step] : undefined;
}

/** What a list has no value for yet is null: JSON has no holes. */
function setMember(holder: Growing, step: string | number, value: Json): void {
  if (Array.isArray(holder)) while (holder.length < Number(step)) holder.push(null);
  (holder as Record<string | number, Json>)[step] = value;
}

function valueOf(piece: JsonObject): Json {
  return piece["stringValue"] ?? piece["numberValue"] ?? piece["boolValue"] ?? null;
}

/** The steps of a JSON path: names after dots or in quotes, and numbers in brackets. */
function stepsOf(place: string): (string | number)[] {
  const steps: (string | number)[] = [];
  for (const [, name, index, quoted] of place.matchAll(/\.([^.[\]]+)|\[(\d+)\]|\[['"]([^'"]*)['"]\]/g)) {
    const step = name ?? quoted;
    if (step === "__proto__") return [];
    // A list is never so long that filling it up to a far place would hurt.
    if (step === undefined && Number(index) > 100_000) return [];
    steps.push(step ?? Number(index));
  }
  return steps;
}
