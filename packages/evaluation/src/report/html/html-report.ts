import { createHash } from "node:crypto";
import type { Measurement } from "@plugboard/core";
import { allOf } from "../../parity/all-of.ts";
import type { Comparison } from "../../parity/comparison.ts";
import { markup, trusted } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { count, percent, verdictWords } from "../words.ts";
import { coverageSection } from "./coverage-section.ts";
import { figuresToPlot } from "./figures-to-plot.ts";
import { gateSection } from "./gate-section.ts";
import { groupSection } from "./group-section.ts";
import { loadPlotter } from "./plot.ts";
import { plotSection } from "./plot-section.ts";
import { regressionSection } from "./regression-section.ts";
import { script } from "./script.ts";
import { style } from "./style.ts";

/** What the page says besides the comparison. */
export interface HtmlOptions {
  /** @default "candidate in place of baseline" */
  readonly title?: string;
}

/**
 * A comparison as one HTML page that needs nothing else: no network, no file beside it. Verdict, gates, cost and quality of all models, latencies,
 * differences, groups, and the worst regressions side by side, to search and to filter; in the light, in the dark and on paper.
 *
 * All that models said is text on it and nothing else, and the page's own policy lets nothing run but its filter. It draws with ECharts, which the
 * application installs: `npm install --save-dev echarts`.
 *
 * @param measurements - what was compared, for the plots: a list, or `measurements("results.jsonl")`
 * @throws {ModelError} `unsupported` if ECharts is not installed
 * @example
 * await writeFile("parity.html", await htmlReport(comparison, measurements));
 */
export async function htmlReport(
  comparison: Comparison,
  measurements: Iterable<Measurement> | AsyncIterable<Measurement>,
  options: HtmlOptions = {},
): Promise<string> {
  const plot = await loadPlotter();
  const figures = figuresToPlot(comparison, await allOf(measurements));
  const { baseline, candidate } = comparison;
  const title = options.title ?? `${candidate} in place of ${baseline}`;
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    "img-src data:",
    `script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        <title>Parity: ${title}</title>
        ${trusted(`<style>${style}</style>`)}
      </head>
      <body>
        <main>
          ${header(comparison, title)} ${gateSection(comparison, plot)} ${plotSection(comparison, figures, plot)}
          ${groupSection(comparison)} ${regressionSection(comparison)} ${coverageSection(comparison)}
        </main>
        ${trusted(`<script>${script}</script>`)}
      </body>
    </html>
`.toString();
}

function header({ verdict, reasons, baseline, candidate, items, confidence }: Comparison, title: string): Markup {
  return markup`<header>
    <h1>${title}</h1>
    <p>
      <span class="verdict ${verdict}">${verdict}</span> ${candidate} ${verdictWords[verdict]}, by
      ${count(items, "item")}.
    </p>
    ${
      reasons.length > 0
        ? markup`<ul>
            ${reasons.map((reason) => markup`<li>${reason}</li>`)}
          </ul>`
        : undefined
    }
    <p class="soft note">
      <span class="key baseline">baseline ${baseline}</span> ·
      <span class="key candidate">candidate ${candidate}</span> · intervals of ${percent(2 * confidence - 1)}: each end
      by itself holds with ${percent(confidence)}
    </p>
  </header>`;
}
