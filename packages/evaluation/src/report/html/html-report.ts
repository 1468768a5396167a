import { createHash } from "node:crypto";
import type { Measurement } from "@plugboard/core";
import type { Interval } from "@plugboard/statistics";
import type {
  ComparedModel,
  Comparison,
  GateResult,
  GroupResult,
  Names,
  Regression,
  ShownAnswer,
} from "../../parity/comparison.ts";
import { html, trusted } from "../markup.ts";
import type { Filling, Markup } from "../markup.ts";
import {
  count,
  differenceText,
  figureText,
  intervalText,
  marginText,
  missingText,
  percent,
  rangeText,
  subjectText,
  verdictWords,
} from "../words.ts";
import { figuresToPlot } from "./figures-to-plot.ts";
import type { PlottedFigures } from "./figures-to-plot.ts";
import { loadPlotter } from "./plot.ts";
import type { Plotter } from "./plot.ts";
import { differencesPlot, gatePlot, latencyPlot, scatterPlot } from "./plots.ts";
import { script } from "./script.ts";
import { sideBySide } from "./side-by-side.ts";
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
 * @param measurements - what was compared, for the plots
 * @throws {ModelError} `unsupported` if ECharts is not installed
 * @example
 * await writeFile("parity.html", await htmlReport(comparison, measurements));
 */
export async function htmlReport(
  comparison: Comparison,
  measurements: Iterable<Measurement>,
  options: HtmlOptions = {},
): Promise<string> {
  const plot = await loadPlotter();
  const figures = figuresToPlot(comparison, measurements);
  const { baseline, candidate } = comparison;
  const title = options.title ?? `${candidate} in place of ${baseline}`;
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        <title>Parity: ${title}</title>
        <style>
          ${trusted(style)}
        </style>
      </head>
      <body>
        <main>
          ${header(comparison, title)} ${gateSection(comparison, plot)} ${plotSection(comparison, figures, plot)}
          ${groupSection(comparison)} ${regressionSection(comparison)} ${coverageSection(comparison)}
        </main>
        <script>
          ${trusted(script)};
        </script>
      </body>
    </html> `.toString();
}

function header({ verdict, reasons, baseline, candidate, items, confidence }: Comparison, title: string): Markup {
  return html`<header>
    <h1>${title}</h1>
    <p>
      <span class="verdict ${verdict}">${verdict}</span> ${candidate} ${verdictWords[verdict]}, by
      ${count(items, "item")}.
    </p>
    ${
      reasons.length > 0
        ? html`<ul>
            ${reasons.map((reason) => html`<li>${reason}</li>`)}
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

function gateSection({ gates }: Comparison, plot: Plotter): Markup {
  const rows = gates.map((gate) => {
    const option = gatePlot(gate);
    const label = `The difference of ${gate.name} with its interval, and its margin.`;
    return html`<tr>
      <td><b class="${gate.verdict}">${gate.verdict}</b></td>
      <td><b>${gate.name}</b><br /><span class="soft">${subjectText(gate)}</span></td>
      <td>${marginText(gate)}</td>
      <td class="number">${gate.figures && withInterval(gate.figures.baseline, gate)}</td>
      <td class="number">${gate.figures && withInterval(gate.figures.candidate, gate)}</td>
      <td class="number">${gate.difference && split(gate.difference, (value) => differenceText(value, gate))}</td>
      <td class="figure">${option && plot(option, { width: 240, height: 52, label })}</td>
      <td class="number">
        ${gate.items}<br /><span class="soft"
          >${gate.tally.better} better · ${gate.tally.same} same · ${gate.tally.worse} worse</span
        >
      </td>
      <td>${missingText(gate)}</td>
    </tr>`;
  });
  const names = ["", "gate", "margin", "baseline", "candidate", "difference", "", "items", "to decide"];
  return html`<section id="gates">
    <h2>Gates</h2>
    <div class="scroll">${table(names, rows)}</div>
    <p class="soft note">
      A gate passes when its whole interval is within the margin (dashed), and all must pass. It fails when its interval
      is beyond, after correction by Holm for ${count(gates.length, "gate")}. Otherwise it is undecided.
    </p>
  </section>`;
}

function plotSection(
  comparison: Comparison,
  { differences, latencies, percentiles }: PlottedFigures,
  plot: Plotter,
): Markup {
  const { models } = comparison;
  const scatter = scatterPlot(models);
  const latency = latencyPlot(latencies.baseline, latencies.candidate);
  const size = { width: 560, height: 340 };
  return html`<section id="plots">
    <h2>Figures</h2>
    <div class="plots">
      ${
        scatter &&
        html`<figure id="scatter">
          <h3>Cost and quality</h3>
          ${plot(scatter, { ...size, label: "Cost and quality of each model, with intervals." })}
          <figcaption>
            The dashed front joins models that no other beats at both, by the estimates; whether one <em>is</em> better,
            only a gate's test says.
          </figcaption>
          ${modelTable(models)}
        </figure>`
      }
      ${differences.map(
        ({ gate, values }) =>
          html`<figure class="differences">
            <h3>Differences of ${gate.name}, item by item</h3>
            ${plot(differencesPlot(values, gate), { ...size, label: `The difference of ${gate.name} on each item, sorted.` })}
            <figcaption>
              ${gate.tally.worse} worse, ${gate.tally.same} the same, ${gate.tally.better}
              better${gate.difference ? `; mean ${intervalText(gate.difference, (value) => differenceText(value, gate))}` : ""}.
            </figcaption>
          </figure>`,
      )}
      ${
        latency &&
        html`<figure id="latency">
          <h3>Latency</h3>
          ${plot(latency, { ...size, label: "The share of answers that was there by each time." })}
          <figcaption>The share of answers that was there by each time: baseline dashed, candidate solid.</figcaption>
          ${
            percentiles.length > 0
              ? table(
                  ["", "baseline", "candidate"],
                  percentiles.map(
                    ({ name, baseline, candidate }) =>
                      html`<tr>
                        <td>${name}</td>
                        ${[baseline, candidate].map(
                          (interval) =>
                            html`<td class="number">
                              ${split(interval, (value) => figureText(value, "milliseconds"))}
                            </td>`,
                        )}
                      </tr>`,
                  ),
                )
              : undefined
          }
        </figure>`
      }
    </div>
  </section>`;
}

function modelTable(models: readonly ComparedModel[]): Markup {
  const rows = models.map(
    ({ model, quality, cost, items }) =>
      html`<tr>
        <td>${model}</td>
        <td class="number">${quality && split(quality, (value) => figureText(value, "share"))}</td>
        <td class="number">${cost && split(cost, (value) => figureText(value, "nano-dollars"))}</td>
        <td class="number">${items}</td>
      </tr>`,
  );
  return table(["model", "quality", "cost an item", "items"], rows);
}

function groupSection({ groups, gates }: Comparison): Markup | undefined {
  if (groups.length === 0) return undefined;
  const byName = new Map(gates.map((gate) => [gate.name, gate]));
  const order = ["fail", "undecided", "pass"];
  const sorted = groups.toSorted((left, right) => order.indexOf(left.verdict) - order.indexOf(right.verdict));
  const rows = sorted.map((result: GroupResult) => {
    const { segment, group, gate, items, verdict, difference, missing } = result;
    const of = byName.get(gate)!;
    return html`<tr data-entry data-gate="${list([gate])}" data-verdict="${list([verdict])}">
      <td>${segment}</td>
      <td>${group}</td>
      <td>${gate}</td>
      <td class="number">${items}</td>
      <td class="number">${difference && split(difference, (value) => differenceText(value, of))}</td>
      <td><b class="${verdict}">${verdict}</b></td>
      <td>${verdict === "undecided" && missing !== undefined ? `about ${count(missing, "more item")}` : ""}</td>
    </tr>`;
  });
  return html`<section id="groups" data-filtered>
    <h2>Groups</h2>
    ${controls("groups", [
      { name: "gate", values: gates.map(({ name }) => name) },
      { name: "verdict", values: ["fail", "undecided", "pass"] },
    ])}
    <div class="scroll">
      ${table(["segment", "group", "gate", "items", "difference", "verdict", "to decide"], rows)}
    </div>
    <p class="soft note">
      A group fails when it is shown to miss the gate after correction by Holm for all groups and gates here: if all
      truly hold, the chance that any is named is at most what one interval's end may be wrong. Passes and intervals
      here are without correction, as nothing hangs on them.
    </p>
  </section>`;
}

function regressionSection({ regressions, regressed, gates }: Comparison): Markup | undefined {
  if (regressions.length === 0) return undefined;
  const segments = new Set(regressions.flatMap((regression) => segmentsOf(regression)));
  return html`<section id="regressions" data-filtered>
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
  return html`<article class="regression" data-entry data-gate="${list(gates)}" data-segment="${list(segments)}">
    <h3>${item}</h3>
    <p>
      ${drops.map((drop) => html`<span>${drop.gate} <span class="fail">${round(drop.baseline)} → ${round(drop.candidate)}</span> </span>`)}
      <span class="soft">${segments.join(" · ")}</span>
    </p>
    ${
      prompt === undefined
        ? undefined
        : html`<details open>
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

function coverageSection({ coverage, models, baseline, candidate }: Comparison): Markup {
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
  return html`<section id="coverage">
    <h2>What was compared</h2>
    <ul>
      ${notes.map((note) => html`<li>${note}</li>`)}
    </ul>
  </section>`;
}

function onlyOne(model: string, { count: number, first }: Names): readonly string[] {
  if (number === 0) return [];
  return [
    `${count(number, "item")} were asked of ${model} alone: ${first.join(", ")}${number > first.length ? ", …" : ""}.`,
  ];
}

/** A search, and for each name a choice among its values; the script finds them by what they are. */
function controls(
  of: string,
  choices: readonly { readonly name: string; readonly values: readonly string[] }[],
): Markup {
  return html`<div class="controls">
    <input type="search" placeholder="search ${of}" aria-label="search ${of}" /> ${choices
      .filter(({ values }) => values.length > 1)
      .map(
        ({ name, values }) =>
          html`<select name="${name}" aria-label="${name}">
            <option value="">every ${name}</option>
            ${values.map((value) => html`<option value="${value}">${value}</option>`)}
          </select>`,
      )}<output class="soft"></output>
  </div>`;
}

function table(names: readonly string[], rows: readonly Markup[]): Markup {
  return html`<table>
    <thead>
      <tr>
        ${names.map((name) => html`<th scope="col">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

function withInterval(interval: Interval, { unit }: GateResult): Filling {
  return split(interval, (value) => figureText(value, unit));
}

/** An estimate, and its interval below. */
function split({ estimate, lower, upper }: Interval, text: (value: number) => string): Markup {
  return html`${text(estimate)}<br /><span class="soft">${text(lower)} to ${text(upper)}</span>`;
}

function answerText({ output, error }: ShownAnswer): string {
  return error ? `${error.code}: ${error.message}` : (output ?? "(the answer was not kept)");
}

function segmentsOf({ segments }: Regression): readonly string[] {
  return Object.entries(segments).map(([segment, group]) => `${segment}: ${group}`);
}

/** A list in an attribute. */
function list(values: readonly string[]): string {
  return JSON.stringify(values);
}

function round(score: number): string {
  return String(Number(score.toFixed(3)));
}
