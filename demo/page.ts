/** Where the demo is shown: plain lines anywhere, colours and a line of progress on a terminal. */
export interface Page {
  heading(text: string): void;
  line(text?: string): void;
  /** Columns of text, with a line under their titles. */
  table(columns: readonly Column[], rows: readonly (readonly string[])[]): void;
  /** What is going on now; gone with the next line, and not there at all in a pipe. */
  progress(text: string): void;
}

export interface Column {
  readonly title: string;
  /** Under the title: where the figures come from. */
  readonly origin?: string;
  readonly align?: "left" | "right";
}

/** What of an output stream is needed. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Shows on a stream. */
export function pageOn(output: Output, { color = true }: { readonly color?: boolean } = {}): Page {
  const live = output.isTTY === true;
  const styled = live && color;
  const style = (code: number, text: string): string => (styled ? `\u001B[${code}m${text}\u001B[0m` : text);
  let pending = false;

  function line(text = ""): void {
    output.write(`${pending ? "\r\u001B[K" : ""}${text}\n`);
    pending = false;
  }

  return {
    line,
    heading(text) {
      line();
      line(style(1, text));
    },
    progress(text) {
      if (!live) return;
      output.write(`\r\u001B[K${style(2, text.slice(0, (output.columns ?? 80) - 1))}`);
      pending = true;
    },
    table(columns, rows) {
      const lines = [
        columns.map(({ title }) => title),
        ...(columns.some(({ origin }) => origin) ? [columns.map(({ origin }) => (origin ? `(${origin})` : ""))] : []),
        ...rows,
      ];
      const widths = columns.map((_, place) => Math.max(...lines.map((cells) => cells[place]!.length)));
      const heads = lines.length - rows.length;
      for (const [number, cells] of lines.entries()) {
        const padded = cells.map((cell, place) =>
          columns[place]!.align === "right" ? cell.padStart(widths[place]!) : cell.padEnd(widths[place]!),
        );
        const text = `  ${padded.join("  ")}`.trimEnd();
        line(number < heads ? style(2, text) : text);
        if (number === heads - 1) line(style(2, `  ${widths.map((width) => "─".repeat(width)).join("  ")}`));
      }
    },
  };
}
