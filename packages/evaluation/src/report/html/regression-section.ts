import type { Comparison, Regression, ShownAnswer } from "../../parity/comparison.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { count } from "../words.ts";
import { controls, list } from "./controls.ts";
import { sideBySide } from "./side-by-side.ts";

/** The worst regressions, both answers side by side. */
export function regressionSection({ regressions, regressed, gates }: Comparison): Markup | undefined {
  if (regressions.length === 0) return undefined;
  const segments = new Set(regressions.flatMap((regression) => segmentsOf(regression)));
  return markup`<section id="regressions" data-filtered>
    <h2>Regressions</h2>
    <p>
      ${count(regressed, "item")} became
      worse${regressed > regressions.length ? `; these are the worst ${regressions.length}` : ""}. Single items fall by
      chance, too: what is shown, the gates say.
    </p>
    ${controls("regressions", [
      {
        name: "gate",
        values: gates
          .map(({ name }) => name)
          .filter((name) => regressions.some(({ drops }) => drops.some(({ gate }) => gate === name))),
      },
      { name: "segment", values: [...segments].toSorted() },
    ])}
    ${regressions.map(regressionArticle)}
  </section>`;
}

function regressionArticle(regression: Regression): Markup {
  const { item, prompt, drops, baseline, candidate } = regression;
  const { before, after } = sideBySide(answerText(baseline), answerText(candidate));
  const gates = drops.map(({ gate }) => gate);
  const segments = segmentsOf(regression);
  return markup`<article class="regression" data-entry data-gate="${list(gates)}" data-segment="${list(segments)}">
    <h3>${item}</h3>
    <p>
      ${drops.map((drop) => markup`<span>${drop.gate} <span class="fail">${round(drop.baseline)} → ${round(drop.candidate)}</span> </span>`)}
      <span class="soft">${segments.join(" · ")}</span>
    </p>
    ${
      prompt === undefined
        ? undefined
        : markup`<details open>
            <summary class="soft">prompt</summary>
            <pre>${prompt}</pre>
          </details>`
    }
    <div class="pair">
      <div>
        <span class="key baseline">baseline</span>
        <pre>${before}</pre>
      </div>
      <div>
        <span class="key candidate">candidate</span>
        <pre>${after}</pre>
      </div>
    </div>
  </article>`;
}

function answerText({ output, error }: ShownAnswer): string {
  if (!error) return output ?? "(the answer was not kept)";
  return `${error.code}: ${error.message}${output ? `\n\n${output}` : ""}`;
}

function segmentsOf({ segments }: Regression): readonly string[] {
  return Object.entries(segments).map(([segment, group]) => `${segment}: ${group}`);
}

function round(score: number): string {
  return String(Number(score.toFixed(3)));
}
