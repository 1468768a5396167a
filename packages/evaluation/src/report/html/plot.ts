import { ModelError } from "@plugboard/core";
import type { ComposeOption } from "echarts/core";
import type { CustomSeriesOption, LineSeriesOption, ScatterSeriesOption } from "echarts/charts";
import type { GridComponentOption } from "echarts/components";
import type { Markup } from "../markup.ts";
import { markup, trusted } from "../markup.ts";

/** What a plot shows, in the words of ECharts. */
export type PlotOption = ComposeOption<
  CustomSeriesOption | LineSeriesOption | ScatterSeriesOption | GridComponentOption
>;

/** How large a plot is, and what it says to who does not see it. */
interface PlotFrame {
  /** Pixels; the page lets it shrink. */
  readonly width: number;
  readonly height: number;
  readonly label: string;
}

/** Draws a plot as SVG. */
export type Plotter = (option: PlotOption, frame: PlotFrame) => Markup;

/** The colours of a plot: variables of the page, so that one drawing is right in the light, in the dark and on paper. */
export const colours: Readonly<Record<"ink" | "soft" | "line" | "baseline" | "candidate" | "good" | "bad", string>> = {
  ink: "var(--ink)",
  soft: "var(--soft)",
  line: "var(--line)",
  baseline: "var(--baseline)",
  candidate: "var(--candidate)",
  good: "var(--good)",
  bad: "var(--bad)",
};

/** How axes look. */
export interface AxisLook {
  readonly axisLine: { readonly show: true; readonly lineStyle: { readonly color: string } };
  readonly axisTick: { readonly lineStyle: { readonly color: string } };
  readonly axisLabel: { readonly color: string; readonly hideOverlap: true };
  readonly splitLine: { readonly lineStyle: { readonly color: string; readonly opacity: number } };
  readonly nameTextStyle: { readonly color: string };
}

/** The same of all axes. */
export const axis: AxisLook = {
  axisLine: { show: true, lineStyle: { color: colours.line } },
  axisTick: { lineStyle: { color: colours.line } },
  axisLabel: { color: colours.soft, hideOverlap: true },
  splitLine: { lineStyle: { color: colours.line, opacity: 0.4 } },
  nameTextStyle: { color: colours.soft },
};

/**
 * Loads ECharts, which draws without a browser. It is loaded here and not before, as it weighs more than all the rest.
 *
 * @throws {ModelError} `unsupported` if it is not installed
 */
export async function loadPlotter(): Promise<Plotter> {
  const { charts, components, core, renderers } = await loadECharts();
  core.use([
    charts.CustomChart,
    charts.LineChart,
    charts.ScatterChart,
    components.GridComponent,
    renderers.SVGRenderer,
  ]);
  let plots = 0;
  return (option, { width, height, label }) => {
    const chart = core.init(null, null, { renderer: "svg", ssr: true, width, height });
    try {
      chart.setOption({
        animation: false,
        textStyle: { color: colours.ink, fontFamily: "inherit" },
        ...option,
      });
      // It escapes what stands in texts; the page's own policy keeps anything from running, besides.
      return markup`<div class="plot" role="img" aria-label="${label}">
        ${trusted(settled(chart.renderToSVGString(), plots++))}
      </div>`;
    } finally {
      chart.dispose();
    }
  };
}

/** Without styles for a pointer, and with ids that are counted by the page and not by the process. */
function settled(svg: string, number: number): string {
  return svg
    .replace(/<style.*?<\/style>/gs, "")
    .replace(/ class="zr\d+-cls-\d+"/g, "")
    .replace(/(?<= id="|url\(#)zr\d+-/g, `plot${number}-`);
}

async function loadECharts() {
  try {
    const [core, charts, components, renderers] = await Promise.all([
      import("echarts/core"),
      import("echarts/charts"),
      import("echarts/components"),
      import("echarts/renderers"),
    ]);
    return { core, charts, components, renderers };
  } catch (cause) {
    throw new ModelError("The HTML report draws with ECharts, which is not installed: npm install echarts", {
      code: "unsupported",
      cause,
    });
  }
}
