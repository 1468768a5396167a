import type { Json, JsonObject } from "@plugboard/core";

/** Pieces of one detail, by type and index, become one: their texts follow each other, other members are told once. */
export function joinDetails(pieces: readonly Json[]): Json[] {
  const joined: Record<string, Json | undefined>[] = [];
  for (const piece of pieces as readonly JsonObject[]) {
    const last = joined.at(-1);
    if (!last || last["type"] !== piece["type"] || last["index"] !== piece["index"]) {
      joined.push({ ...piece });
      continue;
    }
    for (const [name, value] of Object.entries(piece)) {
      const grows = (name === "text" || name === "summary" || name === "data") && typeof value === "string";
      if (grows) last[name] = `${typeof last[name] === "string" ? last[name] : ""}${value}`;
      else if (value !== null && value !== undefined) last[name] = value;
    }
  }
  return joined;
}
