import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { compare } from "../../parity/compare.ts";
import type { Comparison } from "../../parity/comparison.ts";
import { sampleComparison, sampleMeasurements } from "../compared.samples.ts";
import { hostileMeasurements, hostileTexts } from "../hostile.samples.ts";
import { describeChromium } from "./describe-chromium.ts";
import { htmlReport } from "./html-report.ts";

const measurements = sampleMeasurements();
const page = htmlReport(sampleComparison(measurements), measurements);

describe("the page", () => {
  test("is the same for the same comparison", async () => {
    expect(await htmlReport(sampleComparison(measurements), measurements)).toBe(await page);
  });

  test("asks for nothing: it names no address but that of SVG", async () => {
    const addresses = (await page).match(/\bhttps?:\/\/[^\s"'<>]+/g) ?? [];
    expect([...new Set(addresses)].toSorted()).toEqual(["http://www.w3.org/1999/xlink", "http://www.w3.org/2000/svg"]);
    expect(await page).not.toMatch(/ src=|@import|url\((?!#)/);
  });

  test("claims nothing better or worse of a model as a whole that no gate has tested", async () => {
    const same = sampleComparison(measurements, { gates: { errors: { measure: "errors", margin: 0.1 } } });
    expect(await htmlReport(same, measurements)).not.toMatch(/significant|better than|worse than/);
  });

  test("has a figure for every interval, however few there are", async () => {
    const few = measurements.slice(0, 6);
    const text = await htmlReport(sampleComparison(few), few);
    expect(text).toContain("undecided");
    expect(text).not.toMatch(/NaN|Infinity|>undefined|null</);
  });
});

describeChromium("in a browser", (browser) => {
  const directory = mkdtempSync(join(tmpdir(), "plugboard-report-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  /** A page that was opened, and what came of it. */
  interface Opened {
    readonly page: Page;
    /** What it asked for, but for itself. */
    readonly requests: string[];
    /** What it said on its console, and dialogs that it opened. */
    readonly complaints: string[];
    [Symbol.asyncDispose](): Promise<void>;
  }

  async function open(text: string, options: BrowserContextOptions = {}): Promise<Opened> {
    const path = join(directory, "report.html");
    writeFileSync(path, text);
    const context = await browser().newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const [requests, complaints]: [string[], string[]] = [[], []];
    const url = pathToFileURL(path).href;
    page.on("request", (request) => {
      if (request.url() !== url && !request.url().startsWith("data:")) requests.push(request.url());
    });
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(url);
    return { page, requests, complaints, [Symbol.asyncDispose]: () => context.close() };
  }

  test("shows all its parts, asks for nothing, and complains of nothing", async () => {
    await using opened = await open(await page);
    const { page: shown, requests, complaints } = opened;
    await expect(shown.locator("h2").allTextContents()).resolves.toEqual([
      "Gates",
      "Figures",
      "Groups",
      "Regressions",
      "What was compared",
    ]);
    await expect(shown.locator(".verdict").textContent()).resolves.toBe("fail");
    await expect(shown.locator("#gates tbody tr").count()).resolves.toBe(6);
    await expect(shown.locator("#gates svg").count()).resolves.toBe(6);
    await expect(shown.locator("#plots figure svg").count()).resolves.toBe(4);
    await expect(shown.locator("#plots svg text", { hasText: "anthropic/claude-haiku-4-5" }).count()).resolves.toBe(1);
    expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
  });

  test("is drawn in the light, in the dark and narrow: not blank, with colours of its own, and never wider than the window", async () => {
    const light = await look(await page, { colorScheme: "light" });
    const dark = await look(await page, { colorScheme: "dark" });
    expect(light).toMatchObject({ width: 1280, height: 900 });
    expect(light.brightness).toBeGreaterThan(200);
    expect(dark.brightness).toBeLessThan(60);
    // Text, lines and marks: plainly more than a sheet of one colour, and less than noise.
    for (const { ink } of [light, dark]) {
      expect(ink).toBeGreaterThan(0.02);
      expect(ink).toBeLessThan(0.3);
    }
    for (const width of [1280, 400]) {
      await using opened = await open(await page, { viewport: { width, height: 900 } });
      const size = await opened.page
        .locator("html")
        .evaluate((root: { readonly scrollWidth: number }) => root.scrollWidth);
      expect(size).toBeLessThanOrEqual(width);
    }
  });

  test("draws what it says: marks of the candidate's colour in its plots", async () => {
    await using opened = await open(await page, { colorScheme: "light" });
    for (const id of ["#scatter", "#latency"]) {
      const picture = await opened.page.locator(`${id} svg`).screenshot();
      const { blue } = await pixelsOf(browser(), picture);
      expect(blue).toBeGreaterThan(50);
    }
  });

  test("filters by words and by choices, and says how many are left", async () => {
    await using opened = await open(await page);
    const section = opened.page.locator("#regressions");
    const entries = section.locator("[data-entry]:visible");
    await expect(entries.count()).resolves.toBe(20);
    const name = await entries.first().locator("h3").textContent();
    await section.getByRole("searchbox").fill(name!.toUpperCase());
    await expect(entries.locator("h3").allTextContents()).resolves.toContain(name);
    const left = await entries.count();
    expect(left).toBeLessThan(20);
    await expect(section.locator("output").textContent()).resolves.toBe(`${left} of 20 shown`);
    await section.getByRole("searchbox").fill("");
    await section.getByLabel("segment").selectOption("language: de");
    const german = await entries.count();
    expect(german).toBeGreaterThan(0);
    expect(german).toBeLessThan(20);
    await expect(entries.filter({ hasText: "language: de" }).count()).resolves.toBe(german);

    const groups = opened.page.locator("#groups");
    await groups.getByLabel("verdict").selectOption("fail");
    await expect(groups.locator("tbody tr:visible").count()).resolves.toBe(2);
  });

  test("shows both answers with what differs marked", async () => {
    await using opened = await open(await page);
    const first = opened.page.locator(".regression").first();
    await expect(first.locator("del").allTextContents()).resolves.toEqual(["1871"]);
    await expect(first.locator("ins").allTextContents()).resolves.toEqual([expect.stringMatching(/^19\d\d$/)]);
  });

  test("prints without its controls", async () => {
    await using opened = await open(await page, { colorScheme: "dark" });
    const pdf = await opened.page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(pdf.length).toBeGreaterThan(50_000);
    await opened.page.emulateMedia({ media: "print" });
    await expect(opened.page.locator(".controls").first().isVisible()).resolves.toBe(false);
    const printed = await pixelsOf(browser(), await opened.page.screenshot());
    expect(printed.brightness).toBeGreaterThan(200);
  });

  test("takes everything that models, datasets and options say for text", async () => {
    const hostile = hostileMeasurements();
    const comparison = hostileComparison();
    const text = await htmlReport(comparison, hostile, { title: hostileTexts[3]! });
    await using opened = await open(text);
    const { page: shown, requests, complaints } = opened;
    await shown.mouse.move(300, 300);
    for (const svg of await shown.locator("svg").all()) await svg.hover({ force: true });
    expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
    await expect(shown.locator("script").count()).resolves.toBe(1);
    await expect(shown.locator("iframe, img, base, a, object, embed, form, svg image, svg a").count()).resolves.toBe(0);
    await expect(shown.locator("xpath=//@*[starts-with(name(), 'on')]/..").count()).resolves.toBe(0);
    await expect(shown.locator("h1").textContent()).resolves.toBe(hostileTexts[3]);
    const said = await shown.locator(".pair > div:first-child pre").allTextContents();
    for (const { baseline } of comparison.regressions) expect(said).toContain(asParsed(baseline.output!));
    // What would have run has left its mark there.
    await expect(
      shown.locator("html").evaluate(() => (globalThis as { readonly ran?: number }).ran),
    ).resolves.toBeUndefined();
  });

  test("would notice if it did not: the same text as markup runs, without the page's policy", async () => {
    await using opened = await open(`<pre>${hostileTexts.join("\n")}</pre>`);
    await expect(opened.page.locator("script").count()).resolves.toBeGreaterThan(1);
    expect(opened.requests.length).toBeGreaterThan(0);
  });

  test("lets nothing run even so: its policy allows its own script alone", async () => {
    await using opened = await open((await page).replace("<main>", `<main>${hostileTexts.slice(0, 9).join("\n")}`));
    await expect(
      opened.page.locator("html").evaluate(() => (globalThis as { readonly ran?: number }).ran),
    ).resolves.toBeUndefined();
    expect(opened.complaints.join()).toContain("Content Security Policy");
  });

  /** How a page looks at first sight. */
  async function look(text: string, options: BrowserContextOptions): Promise<Pixels> {
    await using opened = await open(text, options);
    return pixelsOf(browser(), await opened.page.screenshot());
  }
});

function hostileComparison(): Comparison {
  const score = hostileTexts[0]!;
  return compare(hostileMeasurements(), {
    baseline: `baseline ${hostileTexts[1]}`,
    candidate: `candidate ${hostileTexts[1]}`,
    gates: {
      [hostileTexts[1]!]: { score, margin: 0.03 },
      [hostileTexts[4]!]: { measure: "latency", margin: "10%" },
      [hostileTexts[6]!]: { measure: "cost", margin: 5 },
    },
    segments: hostileTexts.slice(0, 3),
    regressions: 60,
  });
}

/** A text as a page can hold it: without NUL, and without half characters. */
function asParsed(text: string): string {
  return text.replaceAll("\u0000", "\uFFFD").toWellFormed();
}

/** What a picture looks like. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Mean, from 0 to 255. */
  readonly brightness: number;
  /** Share of pixels that differ plainly from the most frequent colour. */
  readonly ink: number;
  /** Pixels that are plainly blue. */
  readonly blue: number;
}

/** Looks at a PNG by the browser's own decoder. */
async function pixelsOf(browser: Browser, png: Buffer): Promise<Pixels> {
  const page = await browser.newPage();
  try {
    return await page.evaluate<Pixels>(`(async () => {
      const image = new Image();
      image.src = "data:image/png;base64,${png.toString("base64")}";
      await image.decode();
      const canvas = document.createElement("canvas");
      const { width, height } = Object.assign(canvas, { width: image.width, height: image.height });
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      const counts = new Map();
      let [sum, blue] = [0, 0];
      for (let at = 0; at < data.length; at += 4) {
        const [r, g, b] = [data[at], data[at + 1], data[at + 2]];
        sum += (r + g + b) / 3;
        if (b > r + 60 && b > g + 30) blue += 1;
        const key = (r >> 4) * 256 + (g >> 4) * 16 + (b >> 4);
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      const pixels = width * height;
      return { width, height, brightness: sum / pixels, ink: 1 - Math.max(...counts.values()) / pixels, blue };
    })()`);
  } finally {
    await page.close();
  }
}
