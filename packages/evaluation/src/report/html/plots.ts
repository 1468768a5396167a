import type { CustomSeriesOption, LineSeriesOption } from "echarts/charts";
import type { ComparedModel, GateResult } from "../../parity/comparison.ts";
import { figureText, differenceText } from "../words.ts";
import { axis, colours } from "./plot.ts";
import type { PlotOption } from "./plot.ts";

/** A point with an interval either way, as ECharts takes it: x, y, and the ends of both. */
type Cross = readonly [x: number, y: number, left: number, right: number, bottom: number, top: number];

/** Lines through points, from end to end of their intervals. */
function crosses(points: readonly Cross[], colourOf: (place: number) => string): CustomSeriesOption {
  return {
    type: "custom",
    silent: true,
    clip: true,
    data: points.map((point) => [...point]),
    encode: { x: 0, y: 1 },
    renderItem: (params, api) => {
      const value = (dimension: number): number => api.value(dimension) as number;
      const [left, right] = [api.coord([value(2), value(1)]), api.coord([value(3), value(1)])];
      const [bottom, top] = [api.coord([value(0), value(4)]), api.coord([value(0), value(5)])];
      const style = { stroke: colourOf(params.dataIndex), lineWidth: 1.5, opacity: 0.75 };
      const segment = (from: readonly number[], to: readonly number[]) => ({
        type: "line" as const,
        shape: { x1: from[0]!, y1: from[1]!, x2: to[0]!, y2: to[1]! },
        style,
      });
      return { type: "group", children: [segment(left, right), segment(bottom, top)] };
    },
  };
}

/** A line from the bottom to the top. */
function upright(at: number, color: string, type: "dashed" | "solid"): LineSeriesOption {
  return {
    type: "line",
    silent: true,
    symbol: "none",
    data: [
      [at, 0],
      [at, 1],
    ],
    lineStyle: { color, width: 1.5, type },
  };
}

/** A gate's difference with its interval, the line of no difference, and the margin that it must not cross. */
export function gatePlot({ difference, margin, better, unit, relative, verdict }: GateResult): PlotOption | undefined {
  if (!difference) return undefined;
  const { estimate, lower, upper } = difference;
  if (!Number.isFinite(lower) || !Number.isFinite(upper)) return undefined;
  const lines = [...(better === "lower" ? [] : [-margin]), ...(better === "higher" ? [] : [margin])];
  const reach = Math.max(...[lower, upper, ...lines].map(Math.abs), 1e-9) * 1.15;
  const colour = verdict === "pass" ? colours.good : verdict === "fail" ? colours.bad : colours.soft;
  return {
    grid: { left: 4, right: 4, top: 4, bottom: 18 },
    xAxis: {
      type: "value",
      min: -reach,
      max: reach,
      ...axis,
      splitLine: { show: false },
      axisLabel: {
        ...axis.axisLabel,
        fontSize: 10,
        showMinLabel: false,
        showMaxLabel: false,
        formatter: (value: number) => shortened(differenceText(value, { unit, relative })),
      },
      splitNumber: 2,
    },
    yAxis: { type: "value", min: 0, max: 1, show: false },
    series: [
      upright(0, colours.line, "solid"),
      ...lines.map((line) => upright(line, colours.bad, "dashed")),
      crosses([[estimate, 0.5, lower, upper, 0.5, 0.5]], () => colour),
      {
        type: "scatter",
        silent: true,
        symbolSize: 9,
        itemStyle: { color: colour, opacity: 1 },
        data: [[estimate, 0.5]],
      },
    ],
  };
}

/** Cost and quality of every model, with their intervals, and the front: the models that none beats at both, by the estimates. */
export function scatterPlot(models: readonly ComparedModel[]): PlotOption | undefined {
  const shown = models.flatMap((summary, place) =>
    summary.quality && summary.cost ? [{ ...summary, quality: summary.quality, cost: summary.cost, place }] : [],
  );
  if (shown.length < 2) return undefined;
  const colourOf = (place: number): string =>
    [colours.baseline, colours.candidate][shown[place]!.place] ?? colours.soft;
  const costs = shown.map(({ cost }) => cost.estimate);
  const isWide = Math.min(...costs) > 0 && Math.max(...costs) / Math.min(...costs) > 10;
  const least = Math.min(...shown.map(({ cost }) => Math.max(cost.lower, isWide ? cost.estimate / 10 : 0)));
  const front = shown.filter(({ isOnFront }) => isOnFront).toSorted((a, b) => a.cost.estimate - b.cost.estimate);
  return {
    grid: { left: 60, right: 30, top: 30, bottom: 48 },
    xAxis: {
      type: isWide ? "log" : "value",
      name: "cost an item",
      nameLocation: "middle",
      nameGap: 30,
      ...(isWide ? { min: least / 3 } : { min: 0 }),
      ...axis,
      axisLabel: { ...axis.axisLabel, formatter: (value: number) => figureText(value, "nano-dollars") },
    },
    yAxis: {
      type: "value",
      name: "quality",
      scale: true,
      ...axis,
      axisLabel: { ...axis.axisLabel, formatter: (value: number) => shortened(figureText(value, "share")) },
    },
    series: [
      {
        type: "line",
        silent: true,
        step: "end",
        symbol: "none",
        lineStyle: { color: colours.soft, type: "dashed", width: 1 },
        data: front.map(({ cost, quality }) => [cost.estimate, quality.estimate]),
      },
      crosses(
        shown.map(({ cost, quality }) => [
          cost.estimate,
          quality.estimate,
          Math.max(cost.lower, isWide ? least : 0),
          cost.upper,
          quality.lower,
          quality.upper,
        ]),
        colourOf,
      ),
      {
        type: "scatter",
        silent: true,
        symbolSize: 10,
        labelLayout: { hideOverlap: true },
        data: shown.map(({ model, cost, quality }, place) => ({
          name: model,
          value: [cost.estimate, quality.estimate],
          itemStyle: { color: colourOf(place), opacity: 1 },
          label: { show: true, position: "top", color: colours.ink, formatter: () => clipped(model) },
        })),
      },
    ],
  };
}

/** Points of a curve that are drawn at most. */
const mostPoints = 400;

/** The difference of every item, from the worst to the best. */
export function differencesPlot(differences: readonly number[], gate: GateResult): PlotOption {
  const sorted = evenly(differences.toSorted((left, right) => left - right));
  const part = (keep: (value: number) => boolean, colour: string): LineSeriesOption => ({
    type: "line",
    silent: true,
    symbol: "none",
    step: "middle",
    lineStyle: { color: colour, width: 1 },
    areaStyle: { color: colour, opacity: 0.35, origin: 0 },
    data: sorted.map((value, place) => [(100 * (place + 0.5)) / sorted.length, keep(value) ? value : 0]),
  });
  const [above, below] = gate.better === "lower" ? [colours.bad, colours.good] : [colours.good, colours.bad];
  return {
    grid: { left: 70, right: 20, top: 20, bottom: 48 },
    xAxis: {
      type: "value",
      min: 0,
      max: 100,
      name: "share of items, sorted",
      nameLocation: "middle",
      nameGap: 30,
      ...axis,
      axisLabel: { ...axis.axisLabel, formatter: "{value} %" },
    },
    yAxis: {
      type: "value",
      ...axis,
      axisLabel: {
        ...axis.axisLabel,
        formatter: (value: number) => shortened(differenceText(value, { ...gate, relative: false })),
      },
    },
    series: [part((value) => value > 0, above), part((value) => value < 0, below)],
  };
}

/** Which share of the answers was there by when. */
export function latencyPlot(baseline: readonly number[], candidate: readonly number[]): PlotOption | undefined {
  if (baseline.length < 2 || candidate.length < 2) return undefined;
  const all = [...baseline, ...candidate].toSorted((left, right) => left - right);
  const [least, most] = [all[0]!, all.at(-1)!];
  const isWide = least > 0 && most / least > 20;
  return {
    grid: { left: 50, right: 30, top: 20, bottom: 48 },
    xAxis: {
      type: isWide ? "log" : "value",
      name: "latency",
      nameLocation: "middle",
      nameGap: 30,
      ...(isWide && { min: least, max: most }),
      ...axis,
      axisLabel: { ...axis.axisLabel, formatter: (value: number) => figureText(value, "milliseconds") },
    },
    yAxis: { type: "value", min: 0, max: 100, ...axis, axisLabel: { ...axis.axisLabel, formatter: "{value} %" } },
    series: [curve(baseline, colours.baseline, "dashed"), curve(candidate, colours.candidate, "solid")],
  };
}

/** The share of figures up to each. */
function curve(figures: readonly number[], color: string, type: "dashed" | "solid"): LineSeriesOption {
  const sorted = evenly(figures.toSorted((left, right) => left - right));
  return {
    type: "line",
    silent: true,
    symbol: "none",
    step: "end",
    lineStyle: { color, width: 2, type },
    data: sorted.map((figure, place) => [figure, (100 * (place + 1)) / sorted.length]),
  };
}

/** So many of a sorted list that a curve through them looks the same, the first and the last among them. */
function evenly(sorted: readonly number[]): readonly number[] {
  if (sorted.length <= mostPoints) return sorted;
  return Array.from(
    { length: mostPoints },
    (_, place) => sorted[Math.round((place * (sorted.length - 1)) / (mostPoints - 1))]!,
  );
}

function clipped(name: string): string {
  return name.length > 40 ? `${name.slice(0, 39)}…` : name;
}

/** Ticks of an axis are round. */
function shortened(text: string): string {
  return text.replace(/\.0(?= )/, "");
}
