import type { Simulation } from "@plugboard/routing/simulate";

const rules = ["prompt length", "swap", "random"] as const;

/** How the points of policies do against simple rules at equal cost: a table, and how many were better, ties and worse. */
export class NoHarm {
  readonly #rows: string[] = [];
  readonly #counts = Object.fromEntries(rules.map((rule) => [rule, { better: 0, tie: 0, worse: 0 }]));

  add(name: string, { policy, points }: Simulation): void {
    for (const { kind, target, saving, against = [] } of points) {
      const cells = rules.map((rule) => {
        const { gain } = against.find((one) => one.rule === rule)!;
        const verdict = gain.lower > 0 ? "better" : gain.upper < 0 ? "worse" : "tie";
        this.#counts[rule]![verdict]++;
        return `${verdict}, ${inPoints(gain.estimate)} (${inPoints(gain.lower)} to ${inPoints(gain.upper)})`;
      });
      this.#rows.push(line([name, policy, `${target * 100} %`, kind, `${(saving * 100).toFixed(1)} %`, ...cells]));
    }
  }

  toString(): string {
    const names = ["pool", "policy", "target", "point", "saved", ...rules.map((rule) => `against ${rule}`)];
    const counts = rules.map((rule) => {
      const { better, tie, worse } = this.#counts[rule]!;
      return `against ${rule}: ${better} better, ${tie} ties, ${worse} worse`;
    });
    return [
      "\n## Whether it does harm: quality at equal cost, in points, with 95 % intervals by a paired bootstrap over questions\n",
      line(names),
      line(names.map(() => "---")),
      ...this.#rows,
      `\n${counts.join("; ")}.`,
    ].join("\n");
  }
}

/** Hundredths, with their sign. */
function inPoints(value: number): string {
  return `${value >= 0 ? "+" : "−"}${Math.abs(value * 100).toFixed(2)}`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
