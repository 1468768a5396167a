import type { Comparison, GateResult } from "../../parity/comparison.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { count, differenceText, figureText, marginText, missingText, subjectText } from "../words.ts";
import type { Plotter } from "./plot.ts";
import { gatePlot } from "./plots.ts";
import { split, table } from "./table.ts";

/** A row for each gate: its verdict, its figures with their intervals, and what it takes to decide. */
export function gateSection({ gates }: Comparison, plot: Plotter): Markup {
  const rows = gates.map((gate) => {
    const option = gatePlot(gate);
    const label = `The difference of ${gate.name} with its interval, and its margin.`;
    const differences = (value: number): string => differenceText(value, gate);
    const figures = (value: number): string => figureText(value, gate.unit);
    return markup`<tr>
      <td><b class="${gate.verdict}">${gate.verdict}</b></td>
      <td>
        <b>${gate.name}</b><br /><span class="soft">${subjectText(gate)}<br />${marginText(gate)}</span>
      </td>
      <td class="number">${gate.figures && split(gate.figures.baseline, figures)}</td>
      <td class="number">${gate.figures && split(gate.figures.candidate, figures)}</td>
      <td class="number">${gate.difference && split(gate.difference, differences)}</td>
      <td class="figure">${option && plot(option, { width: 240, height: 52, label })}</td>
      <td class="number tally">${gate.items}<br /><span class="soft">${tallyText(gate)}</span></td>
      <td class="decide">${missingText(gate)}</td>
    </tr>`;
  });
  const names = ["", "gate", "baseline", "candidate", "difference", "", "items", "to decide"];
  return markup`<section id="gates">
    <h2>Gates</h2>
    <div class="scroll">${table(names, rows)}</div>
    <p class="soft note">
      A gate passes when its whole interval is within the margin (dashed), and all must pass. It fails when its interval
      is beyond, after correction by Holm for ${count(gates.length, "gate")}. Otherwise it is undecided.
    </p>
  </section>`;
}

function tallyText({ tally: { better, same, worse } }: GateResult): string {
  return `${better} better · ${same} same · ${worse} worse`;
}
