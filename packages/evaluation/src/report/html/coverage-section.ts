import type { Comparison, Names } from "../../parity/comparison.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { count } from "../words.ts";

/** What was compared with what, and what was left out. */
export function coverageSection({ coverage, models, baseline, candidate }: Comparison): Markup {
  const { paired, onlyBaseline, onlyCandidate, superseded, clusters, repeats, untestedSegments } = coverage;
  const failures = models.flatMap(({ model, errors }) =>
    Object.entries(errors).map(([code, times]) => `${model} gave no answer ${times} times: ${code}.`),
  );
  const notes = [
    `${count(paired, "item")} were asked of both${repeats > 1 ? `, up to ${repeats} times` : ""}${clusters === undefined ? "" : `, in ${count(clusters, "cluster")}`}.`,
    ...onlyOne(baseline, onlyBaseline),
    ...onlyOne(candidate, onlyCandidate),
    ...failures,
    ...(superseded > 0
      ? [`${count(superseded, "line")} had a later one of the same item and repeat, which counts.`]
      : []),
    ...(untestedSegments.length > 0 ? [`Not tested by group: ${untestedSegments.join(", ")}.`] : []),
  ];
  return markup`<section id="coverage">
    <h2>What was compared</h2>
    <ul>
      ${notes.map((note) => markup`<li>${note}</li>`)}
    </ul>
  </section>`;
}

function onlyOne(model: string, { count: number, first }: Names): readonly string[] {
  if (number === 0) return [];
  return [
    `${count(number, "item")} were asked of ${model} alone: ${first.join(", ")}${number > first.length ? ", …" : ""}.`,
  ];
}
