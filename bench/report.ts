import { mkdirSync, writeFileSync } from "node:fs";
import { arch, cpus, loadavg, platform } from "node:os";
import { barChart } from "./bar-chart.ts";

/** One subject's figure: what a plot shows, and the cells of its line. */
export interface Row {
  readonly name: string;
  readonly ours?: boolean;
  /** What the plot is of, in the unit of the table; less is better, unless the table says otherwise. */
  readonly value: number;
  readonly cells: readonly string[];
}

export interface Table {
  /** Also the name of its plot. */
  readonly id: string;
  readonly title: string;
  /** Of `value`. */
  readonly unit: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** What is wanted of ours. */
  readonly wanted?: string;
  readonly more?: boolean;
}

/** Gathers tables, prints each as it comes, and writes them all as Markdown with a plot each. */
export class Report {
  readonly #tables: Table[] = [];
  readonly #notes: string[] = [];

  add(table: Table): void {
    this.#tables.push(table);
    console.log(table.wanted ? `${table.title}; wanted: ${table.wanted}` : table.title);
    const widths = table.columns.map((column, place) =>
      Math.max(column.length, ...table.rows.map(({ cells }) => cells[place]!.length)),
    );
    const name = Math.max(...table.rows.map(({ name }) => name.length));
    const line = (first: string, cells: readonly string[]): string =>
      `  ${first.padEnd(name)}  ${cells.map((cell, place) => cell.padStart(widths[place]!)).join("  ")}`;
    console.log(line("", table.columns));
    for (const row of table.rows) console.log(line(row.name, row.cells));
    console.log();
  }

  /** What was left out and why, or how something is to be read. */
  note(note: string): void {
    this.#notes.push(note);
    console.log(`${note}\n`);
  }

  /** Writes `results.md` and the plots. */
  write(directory: URL, versions: Readonly<Record<string, string>>): void {
    mkdirSync(directory, { recursive: true });
    const date = new Date().toISOString().slice(0, 10);
    const cores = cpus();
    const lines = [
      "# Results of the benchmark",
      "",
      `By \`npx -y pnpm@12 bench\`, on ${date}: Node ${process.version}, ${platform()} ${arch()}, ${cores.length} cores of ${cores[0]?.model ?? "an unknown kind"}.`,
      "Subjects take turns within one run, so that all see the same machine; figures are medians, with the least and the most of the rounds.",
      `Load of the machine at the end: ${loadavg()
        .map((load) => load.toFixed(1))
        .join(
          ", ",
        )} (over 1, 5 and 15 minutes). Where it is above the number of cores, read the least of the rounds, and what is by CPU.`,
      "A figure counts only once its subject has given the right answer. What is wanted is in brackets.",
      "",
      `Versions: ${Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(", ")}.`,
      "",
      ...this.#notes.flatMap((note) => [note, ""]),
    ];
    for (const table of this.#tables) {
      lines.push(`## ${table.title}${table.wanted ? ` (${table.wanted})` : ""}`, "");
      lines.push(`| | ${table.columns.join(" | ")} |`, `| --- | ${table.columns.map(() => "---:").join(" | ")} |`);
      for (const { name, ours, cells } of table.rows) {
        lines.push(`| ${ours ? `**${name}**` : name} | ${cells.join(" | ")} |`);
      }
      lines.push("", `![${table.title}](${table.id}.svg)`, "");
      writeFileSync(new URL(`${table.id}.svg`, directory), barChart(table));
    }
    writeFileSync(new URL("results.md", directory), lines.join("\n"));
  }
}
