/** Names and values of labels, in the order in which they are written. */
export type Labels = Readonly<Record<string, string>>;

/** Something that is counted, by labels. */
export interface Counter {
  add(labels: Labels, amount?: number): void;
}

/** How long things take, by labels. */
export interface Histogram {
  observe(labels: Labels, value: number): void;
}

/** Metrics, and their text for Prometheus. */
export interface Registry {
  counter(name: string, help: string): Counter;
  histogram(name: string, help: string, bounds: readonly number[]): Histogram;
  /** Asked when the text is written. */
  gauge(name: string, help: string, value: () => number): void;
  /** In the text format 0.0.4. */
  text(): string;
}

/** Rows of one metric, at most: beyond them, nothing new is counted, and what is there goes on. */
const mostRows = 5000;

/** A registry of its own: nothing is global. */
export function registry(): Registry {
  const writers: (() => string)[] = [];

  return {
    counter(name, help) {
      const rows = new Map<string, number>();
      writers.push(() => written(name, help, "counter", [...rows].map(([labels, value]) => `${name}${braced(labels)} ${value}`)));
      return {
        add(labels, amount = 1) {
          const row = labelText(labels);
          const before = rows.get(row);
          if (before !== undefined || rows.size < mostRows) rows.set(row, (before ?? 0) + amount);
        },
      };
    },
    histogram(name, help, bounds) {
      const rows = new Map<string, { readonly counts: number[]; sum: number; count: number }>();
      writers.push(() => written(name, help, "histogram", [...rows].flatMap(([labels, row]) => [
        ...bounds.map((bound, place) => `${name}_bucket${braced(joined(labels, `le="${bound}"`))} ${row.counts[place]}`),
        `${name}_bucket${braced(joined(labels, 'le="+Inf"'))} ${row.count}`,
        `${name}_sum${braced(labels)} ${row.sum}`,
        `${name}_count${braced(labels)} ${row.count}`,
      ])));
      return {
        observe(labels, value) {
          const text = labelText(labels);
          let row = rows.get(text);
          if (!row) {
            if (rows.size >= mostRows) return;
            rows.set(text, (row = { counts: bounds.map(() => 0), sum: 0, count: 0 }));
          }
          for (let place = bounds.length - 1; place >= 0 && value <= bounds[place]!; place--) row.counts[place]!++;
          row.sum += value;
          row.count++;
        },
      };
    },
    gauge(name, help, value) {
      writers.push(() => written(name, help, "gauge", [`${name} ${value()}`]));
    },
    text: () => writers.map((write) => write()).join(""),
  };
}

function written(name: string, help: string, type: string, lines: readonly string[]): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.map((line) => `${line}\n`).join("")}`;
}

function labelText(labels: Labels): string {
  let text = "";
  for (const name in labels) text = joined(text, `${name}="${escaped(labels[name]!)}"`);
  return text;
}

function joined(before: string, label: string): string {
  return before === "" ? label : `${before},${label}`;
}

function braced(labels: string): string {
  return labels === "" ? "" : `{${labels}}`;
}

function escaped(value: string): string {
  return /[\\"\n]/.test(value) ? value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n") : value;
}
