import type { Measurement } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { linesOf } from "../dataset/lines-of.ts";

/**
 * The measurements of a file that `evaluate` wrote, as they are read. A last line without an end, as a crash leaves it, is passed over.
 *
 * @throws {ModelError} `parse` for any other line that is no measurement, with its number
 * @example
 * for await (const { model, item, scores } of measurements("results.jsonl")) console.log(model, item, scores["exact"]);
 */
export async function* measurements(path: string): AsyncGenerator<Measurement, void> {
  for await (const lines of linesOf(path)) {
    for (const { text, number, ended } of lines) {
      if (text.trim() === "") continue;
      const measurement = measurementOf(text);
      if (measurement) yield measurement;
      else if (ended) {
        throw new ModelError(
          `${path}:${number} is no measurement: an object with \`item\`, \`model\` and \`scores\`.`,
          {
            code: "parse",
          },
        );
      }
    }
  }
}

/** The measurement of a line; `undefined` for what is none. */
export function measurementOf(line: string): Measurement | undefined {
  try {
    const value = JSON.parse(line) as Partial<Measurement> | null;
    const right =
      typeof value?.item === "string" && typeof value.model === "string" && typeof value.scores === "object";
    return right ? (value as Measurement) : undefined;
  } catch {
    return undefined;
  }
}
