import type { ComparedModel, Comparison } from "../../parity/comparison.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { differenceText, figureText, intervalText } from "../words.ts";
import type { PlottedFigures } from "./figures-to-plot.ts";
import type { Plotter } from "./plot.ts";
import { differencesPlot, latencyPlot, scatterPlot } from "./plots.ts";
import { split, table } from "./table.ts";

/** Cost and quality of all models, differences item by item, and latencies. */
export function plotSection(
  comparison: Comparison,
  { differences, latencies, percentiles }: PlottedFigures,
  plot: Plotter,
): Markup {
  const { models } = comparison;
  const scatter = scatterPlot(models);
  const latency = latencyPlot(latencies.baseline, latencies.candidate);
  const size = { width: 560, height: 340 };
  return markup`<section id="plots">
    <h2>Figures</h2>
    <div class="plots">
      ${
        scatter &&
        markup`<figure id="scatter">
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
          markup`<figure class="differences">
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
        markup`<figure id="latency">
          <h3>Latency</h3>
          ${plot(latency, { ...size, label: "The share of answers that was there by each time." })}
          <figcaption>The share of answers that was there by each time: baseline dashed, candidate solid.</figcaption>
          ${
            percentiles.length > 0
              ? table(
                  ["", "baseline", "candidate"],
                  percentiles.map(
                    ({ name, baseline, candidate }) =>
                      markup`<tr>
                        <td>${name}</td>
                        ${[baseline, candidate].map(
                          (interval) =>
                            markup`<td class="number">
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
      markup`<tr>
        <td>${model}</td>
        <td class="number">${quality && split(quality, (value) => figureText(value, "share"))}</td>
        <td class="number">${cost && split(cost, (value) => figureText(value, "nano-dollars"))}</td>
        <td class="number">${items}</td>
      </tr>`,
  );
  return table(["model", "quality", "cost an item", "items"], rows);
}
