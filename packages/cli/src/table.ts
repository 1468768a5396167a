/** Columns under their names, as wide as they need to be; numbers to the right. */
export function table(names: readonly string[], rows: readonly (readonly (string | number | undefined)[])[]): string {
  const cells = rows.map((row) => row.map((cell) => (cell === undefined ? "" : String(cell))));
  const widths = names.map((name, place) => Math.max(name.length, ...cells.map((row) => row[place]!.length)));
  const right = names.map((_, place) => rows.some((row) => typeof row[place] === "number"));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, place) => (right[place] ? cell.padStart(widths[place]!) : cell.padEnd(widths[place]!)))
      .join("  ")
      .trimEnd();
  return `${[names, ...cells].map(line).join("\n")}\n`;
}
