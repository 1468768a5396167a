import type { Simulation } from "./simulate.ts";

/**
 * A simulation in Markdown: the models by themselves, the operating points beside what is saved without looking at requests, the curve, and,
 * of a pair, its figures.
 */
export function simulationTable(simulation: Simulation): string {
  const { policy, items, leftOut, reference, alone, oracle, pair } = simulation;
  const out = leftOut > 0 ? `; ${leftOut} were left out, since not every model did them at a known cost` : "";
  return [
    `**${policy}**, ${items} items, measured against ${reference}${out}.`,
    table(
      ["alone", "quality", "USD per 1,000"],
      [
        ...Object.entries(alone).map(([name, { quality, cost }]) => [name, percent(quality), usd(cost)]),
        ["oracle: the best of each", percent(oracle.quality), usd(oracle.cost)],
      ],
    ),
    table(
      ["target", "point", "saved", "quality over target, on new items", "swap", "at random", "remark"],
      simulation.points.map((point) => {
        const plain = simulation.plain.find(({ target }) => target === point.target)!;
        const { estimate, lower, upper } = point.margin;
        return [
          percent(point.target),
          point.kind,
          percent(point.saving),
          `${points(estimate)} (${points(lower)} to ${points(upper)})`,
          plain.swap > 0 ? `${percent(plain.swap)}, ${plain.swapTo}` : "none",
          percent(plain.random),
          remarkOf(point),
        ];
      }),
    ),
    table(
      ["quality", "95 % interval", "against reference", "USD per 1,000", "calls", "answered by"],
      spaced(simulation.curve, 12).map(({ quality, interval, difference, cost, calls, shares }) => [
        percent(quality),
        `${percent(interval.lower)} to ${percent(interval.upper)}`,
        `${points(difference.lower)} to ${points(difference.upper)}`,
        usd(cost),
        calls.toFixed(2),
        Object.entries(shares)
          .filter(([, share]) => share >= 0.005)
          .map(([name, share]) => `${name} ${(share * 100).toFixed(0)} %`)
          .join(", "),
      ]),
    ),
    ...(pair
      ? [
          `APGR ${pair.apgr.estimate.toFixed(3)} (${pair.apgr.lower.toFixed(3)} to ${pair.apgr.upper.toFixed(3)}; at random 0.5, oracle ${pair.oracle.toFixed(3)}); CPT(50 %) ${percent(pair.cpt50)}, CPT(80 %) ${percent(pair.cpt80)}.`,
        ]
      : []),
    "",
  ].join("\n\n");
}

function remarkOf({ allToReference, missing, swapped, margin }: Simulation["points"][number]): string {
  if (allToReference && missing !== undefined)
    return Number.isFinite(missing)
      ? `all to the reference: about ${missing.toLocaleString("en")} more items would decide`
      : "all to the reference: nothing seen says that more can be saved";
  if (allToReference) return "all to the reference";
  const tie = margin.lower <= 0 && margin.upper >= 0 ? "a tie with the target" : "";
  return [swapped > 0.5 ? "a plain swap, mostly" : "", tie].filter((each) => each !== "").join("; ");
}

/** About as many, from the first to the last, without those that cost the same. */
function spaced<Type extends { readonly cost: number }>(all: readonly Type[], count: number): readonly Type[] {
  const different = all.filter((point, place) => point.cost !== all[place - 1]?.cost);
  const step = Math.max(1, (different.length - 1) / (count - 1));
  const places = new Set(Array.from({ length: count }, (_, place) => Math.round(place * step)));
  return different.filter((_, place) => places.has(place));
}

function table(names: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(names), line(names.map(() => "---")), ...rows.map((row) => line(row))].join("\n");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** Hundredths, with their sign. */
function points(value: number): string {
  return `${value >= 0 ? "+" : "−"}${Math.abs(value * 100).toFixed(2)}`;
}

function usd(nanoDollars: number): string {
  return (nanoDollars / 1e6).toFixed(4);
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
