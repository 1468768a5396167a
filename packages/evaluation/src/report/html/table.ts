import type { Interval } from "@plugboard/statistics";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { rangeText } from "../words.ts";

/** Rows under the names of their columns. */
export function table(names: readonly string[], rows: readonly Markup[]): Markup {
  return markup`<table>
    <thead>
      <tr>
        ${names.map((name) => markup`<th scope="col">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

/** An estimate, and its interval below. */
export function split(interval: Interval, text: (value: number) => string): Markup {
  return markup`${text(interval.estimate)}<br /><span class="soft">${rangeText(interval, text)}</span>`;
}
