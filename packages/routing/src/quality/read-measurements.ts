import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Measurement } from "@plugboard/core";
import { refused } from "../refused.ts";

/**
 * The measurements of a JSONL file, one a line; empty lines are passed over.
 *
 * @throws {ModelError} `invalid-request` for a line that is no measurement, with its number
 * @example
 * for await (const { model, scores } of readMeasurements("evaluation.jsonl")) console.log(model, scores);
 */
export async function* readMeasurements(path: string): AsyncGenerator<Measurement, void> {
  const lines = createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Infinity });
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() !== "") yield measurementOf(line, `${path}:${number}`);
  }
}

function measurementOf(line: string, where: string): Measurement {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw refused(`${where} is not JSON.`, error);
  }
  const { item, model, scores } = (typeof value === "object" && value !== null ? value : {}) as Partial<Measurement>;
  const isScored =
    typeof scores === "object" && scores !== null && Object.values(scores).every((score) => typeof score === "number");
  if (typeof item !== "string" || typeof model !== "string" || !isScored)
    throw refused(`${where} is no measurement: it must have \`item\`, \`model\`, and \`scores\` that are numbers.`);
  return value as Measurement;
}
