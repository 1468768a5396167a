import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";

/** A search, and for each name a choice among its values; the script finds them by what they are. */
export function controls(
  of: string,
  choices: readonly { readonly name: string; readonly values: readonly string[] }[],
): Markup {
  return markup`<div class="controls">
    <input type="search" placeholder="search ${of}" aria-label="search ${of}" /> ${choices
      .filter(({ values }) => values.length > 1)
      .map(
        ({ name, values }) =>
          markup`<select name="${name}" aria-label="${name}">
            <option value="">every ${name}</option>
            ${values.map((value) => markup`<option value="${value}">${value}</option>`)}
          </select>`,
      )}<output class="soft"></output>
  </div>`;
}

/** A list in an attribute, as the script reads it. */
export function list(values: readonly string[]): string {
  return JSON.stringify(values);
}
