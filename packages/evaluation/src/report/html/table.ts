import type { Interval } from "@plugboard/statistics";
import { html } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { rangeText } from "../words.ts";

/** Rows under the names of their columns. */
export function table(names: readonly string[], rows: readonly Markup[]): Markup {
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

/** An estimate, and its interval below. */
export function split(interval: Interval, text: (value: number) => string): Markup {
  return html`${text(interval.estimate)}<br /><span class="soft">${rangeText(interval, text)}</span>`;
}
