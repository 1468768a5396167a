import { diffWordsWithSpace } from "diff";
import { markup } from "../markup.ts";
import type { Filling, Markup } from "../markup.ts";
import { count } from "../words.ts";

/** Two texts beside each other, marked where they differ. */
export interface SideBySide {
  readonly before: Markup;
  readonly after: Markup;
}

/** Characters of a text that are shown. */
const mostShown = 10_000;
/** Words that may differ before the marks are given up: everything would be marked. */
const mostEdits = 3000;

/** Marks what only one of two texts has, word by word. */
export function sideBySide(before: string, after: string): SideBySide {
  const [left, right] = [before.slice(0, mostShown), after.slice(0, mostShown)];
  // No look at a clock: the same comparison is the same page.
  const changes = diffWordsWithSpace(left, right, { maxEditLength: mostEdits });
  if (!changes) return { before: markup`${left}${rest(before)}`, after: markup`${right}${rest(after)}` };

  const [beforePieces, afterPieces]: [Filling[], Filling[]] = [[], []];
  for (const { added, removed, value } of changes) {
    if (removed) beforePieces.push(markup`<del>${value}</del>`);
    else if (added) afterPieces.push(markup`<ins>${value}</ins>`);
    else {
      beforePieces.push(value);
      afterPieces.push(value);
    }
  }
  return { before: markup`${beforePieces}${rest(before)}`, after: markup`${afterPieces}${rest(after)}` };
}

function rest(text: string): Markup | undefined {
  return text.length > mostShown ? markup`<i>… ${count(text.length - mostShown, "more character")}</i>` : undefined;
}
