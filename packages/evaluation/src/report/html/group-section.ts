import type { Comparison, GroupResult } from "../../parity/comparison.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { count, differenceText } from "../words.ts";
import { controls, list } from "./controls.ts";
import { split, table } from "./table.ts";

/** A row for each group and gate, those that fail first. */
export function groupSection({ groups, gates }: Comparison): Markup | undefined {
  if (groups.length === 0) return undefined;
  const byName = new Map(gates.map((gate) => [gate.name, gate]));
  const order = ["fail", "undecided", "pass"];
  const sorted = groups.toSorted((left, right) => order.indexOf(left.verdict) - order.indexOf(right.verdict));
  const rows = sorted.map((result: GroupResult) => {
    const { segment, group, gate, items, verdict, difference, missing } = result;
    const of = byName.get(gate)!;
    return markup`<tr data-entry data-gate="${list([gate])}" data-verdict="${list([verdict])}">
      <td>${segment}</td>
      <td>${group}</td>
      <td>${gate}</td>
      <td class="number">${items}</td>
      <td class="number">${difference && split(difference, (value) => differenceText(value, of))}</td>
      <td><b class="${verdict}">${verdict}</b></td>
      <td>${verdict === "undecided" && missing !== undefined ? `about ${count(missing, "more item")}` : ""}</td>
    </tr>`;
  });
  return markup`<section id="groups" data-filtered>
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
