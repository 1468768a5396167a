import { ModelError } from "@plugboard/core";
import type { Gate, Margin, Statistic } from "./gate.ts";
import { measures } from "./measures.ts";
import type { MeasureName } from "./measures.ts";

const shape =
  /^(?<subject>.+?)(?:\.(?<statistic>mean|p\d+(?:\.\d+)?))?(?::(?<better>higher|lower|same))?:(?<margin>\d+(?:\.\d+)?%?)$/;

/**
 * Reads a gate from a line, for commands and files of settings: `exact:0.03`, `latency.p95:10%`, `refusal:lower:0.02`, `length:same:20%`. What is no
 * measure is a scorer's name.
 *
 * @returns the gate under the name of what it compares
 * @throws {ModelError} `invalid-request` for a line that is none
 * @example
 * const gates = Object.fromEntries(["exact:0.03", "cost:0%"].map(parseGate));
 */
export function parseGate(line: string): readonly [name: string, gate: Gate] {
  const { subject, statistic, better, margin } = shape.exec(line)?.groups ?? {};
  if (subject === undefined || margin === undefined)
    throw new ModelError(
      `A gate is \`what:margin\`, such as exact:0.03, latency.p95:10% or refusal:lower:0.02; it is ${JSON.stringify(line)}.`,
      { code: "invalid-request" },
    );
  const direction = better !== undefined && { better: better as "higher" | "lower" | "same" };
  const name = statistic === undefined ? subject : `${subject}.${statistic}`;
  const size: Margin = margin.endsWith("%") ? (margin as `${number}%`) : Number(margin);
  if (Object.hasOwn(measures, subject))
    return [
      name,
      {
        measure: subject as MeasureName,
        ...(statistic !== undefined && { statistic: statistic as Statistic }),
        ...direction,
        margin: size,
      },
    ];
  if (typeof size === "string")
    throw new ModelError(`The margin of a score is a number, such as 0.03; of ${JSON.stringify(line)} it is a share.`, {
      code: "invalid-request",
    });
  return [name, { score: name, ...direction, margin: size }];
}
