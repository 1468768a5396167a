import type { Table } from "./report.ts";

const [left, width, height, right] = [150, 420, 22, 90];

/** Bars on a logarithmic scale, ours in colour: subjects are too far apart for any other. */
export function barChart({ title, unit, rows, more }: Pick<Table, "title" | "unit" | "rows" | "more">): string {
  const values = rows.map(({ value }) => value).filter((value) => value > 0);
  const least = Math.min(...values) / 2;
  const scale = width / Math.log(Math.max(...values) / least || 1);
  const bars = rows.map(({ name, ours, value }, place) => {
    const y = 40 + place * height;
    const length = value > 0 ? Math.max(Math.log(value / least) * scale, 1) : 1;
    return [
      `<text x="${left - 8}" y="${y + 14}" text-anchor="end">${escaped(name)}</text>`,
      `<rect x="${left}" y="${y + 2}" width="${length.toFixed(1)}" height="${height - 6}" fill="${ours ? "#1f6feb" : "#9aa4b2"}"/>`,
      `<text x="${(left + length + 6).toFixed(1)}" y="${y + 14}">${shown(value)}</text>`,
    ].join("");
  });
  const size = [left + width + right, 48 + rows.length * height];
  const how = `${unit}, logarithmic; ${more ? "more" : "less"} is better`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" viewBox="0 0 ${size.join(" ")}" font-family="system-ui, sans-serif" font-size="12" fill="#57606a">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="8" y="16" font-size="13" fill="#24292f">${escaped(title)}</text><text x="8" y="32" font-size="10">${escaped(how)}</text>
${bars.join("\n")}
</svg>
`;
}

function shown(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
