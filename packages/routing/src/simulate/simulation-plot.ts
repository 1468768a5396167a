import type { RunFigures, Simulation } from "./simulate.ts";

const [left, top, width, height] = [64, 40, 480, 280] as const;
const colours = ["#1f6feb", "#bf3989", "#1a7f37", "#9a6700", "#8250df"] as const;

/**
 * Simulations of the same items as one SVG: quality by cost, each curve with its 95 % band, the models by themselves, what mixing the cheapest
 * and the reference at random gives, and the oracle.
 *
 * @param simulations - of the same items; up to five are told apart by colour
 */
export function simulationPlot(simulations: readonly Simulation[], title = ""): string {
  const first = simulations[0];
  if (!first) return `<svg xmlns="http://www.w3.org/2000/svg"/>`;
  const alone = Object.entries(first.alone);
  const all: readonly RunFigures[] = [
    ...alone.map(([, figures]) => figures),
    first.oracle,
    ...simulations.flatMap(({ curve }) => curve),
  ];
  const [costs, qualities] = [all.map(({ cost }) => cost), all.map(({ quality }) => quality)];
  const x = scale([Math.min(0, ...costs), Math.max(...costs) * 1.05], [left, left + width]);
  const y = scale([Math.min(...qualities) - 0.02, Math.max(...qualities) + 0.02], [top + height, top]);
  const at = ({ cost, quality }: RunFigures): string => `${x(cost).toFixed(1)},${y(quality).toFixed(1)}`;

  const curves = simulations.map(({ curve, policy }, place) => {
    const colour = colours[place % colours.length]!;
    const upper = curve.map(({ cost, interval }) => at({ cost, quality: interval.upper }));
    const lower = curve.map(({ cost, interval }) => at({ cost, quality: interval.lower })).toReversed();
    return [
      `<polygon points="${[...upper, ...lower].join(" ")}" fill="${colour}" fill-opacity="0.12" clip-path="url(#area)"/>`,
      `<polyline points="${curve.map(at).join(" ")}" fill="none" stroke="${colour}" stroke-width="1.8"/>`,
      `<text x="${left + width - 8}" y="${top + height - 10 - place * 16}" text-anchor="end" fill="${colour}">${escaped(policy)}</text>`,
    ].join("\n");
  });
  const reference = first.alone[first.reference]!;
  const cheapest = alone.map(([, figures]) => figures).reduce((one, other) => (other.cost < one.cost ? other : one));
  const models = alone.map(
    ([name, figures]) =>
      `<circle cx="${x(figures.cost).toFixed(1)}" cy="${y(figures.quality).toFixed(1)}" r="3.5" fill="#57606a"/><text x="${(x(figures.cost) + 6).toFixed(1)}" y="${(y(figures.quality) + 12).toFixed(1)}" font-size="9">${escaped(name)}</text>`,
  );
  const size = [left + width + 24, top + height + 48];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" viewBox="0 0 ${size.join(" ")}" font-family="system-ui, sans-serif" font-size="11" fill="#57606a">
<rect width="100%" height="100%" fill="#ffffff"/>
<clipPath id="area"><rect x="${left}" y="${top}" width="${width}" height="${height}"/></clipPath>
<text x="${left}" y="22" font-size="13" fill="#24292f">${escaped(title)}</text>
<path d="M${left},${top}V${top + height}H${left + width}" fill="none" stroke="#9aa4b2"/>
${ticks(x.from, x.to)
  .map(
    (cost) =>
      `<text x="${x(cost).toFixed(1)}" y="${top + height + 16}" text-anchor="middle">${Number((cost / 1e6).toPrecision(3))}</text>`,
  )
  .join("\n")}
${ticks(y.from, y.to)
  .map(
    (quality) =>
      `<text x="${left - 6}" y="${(y(quality) + 4).toFixed(1)}" text-anchor="end">${(quality * 100).toFixed(0)} %</text>`,
  )
  .join("\n")}
<text x="${left + width / 2}" y="${top + height + 36}" text-anchor="middle">USD per 1,000 requests</text>
<line x1="${x(cheapest.cost).toFixed(1)}" y1="${y(cheapest.quality).toFixed(1)}" x2="${x(reference.cost).toFixed(1)}" y2="${y(reference.quality).toFixed(1)}" stroke="#9aa4b2" stroke-dasharray="4 3"/>
<circle cx="${x(first.oracle.cost).toFixed(1)}" cy="${y(first.oracle.quality).toFixed(1)}" r="4" fill="none" stroke="#57606a"/><text x="${(x(first.oracle.cost) + 7).toFixed(1)}" y="${(y(first.oracle.quality) + 4).toFixed(1)}" font-size="9">oracle</text>
${models.join("\n")}
${curves.join("\n")}
</svg>
`;
}

interface Scale {
  (value: number): number;
  readonly from: number;
  readonly to: number;
}

function scale([from, to]: readonly [number, number], [start, end]: readonly [number, number]): Scale {
  const place = (value: number): number => start + ((value - from) / (to - from || 1)) * (end - start);
  return Object.assign(place, { from, to });
}

/** Round figures between two, about five. */
function ticks(from: number, to: number): readonly number[] {
  const rough = (to - from) / 5;
  if (!(rough > 0)) return [from];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough)!;
  const count = Math.floor(to / step) - Math.ceil(from / step) + 1;
  return Array.from({ length: count }, (_, place) => (Math.ceil(from / step) + place) * step);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
