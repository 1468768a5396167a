import { expect, test } from "vitest";
import { compare } from "../parity/compare.ts";
import { sampleComparison } from "./compared.samples.ts";
import { hostileMeasurements, hostileTexts } from "./hostile.samples.ts";
import { describeChromium } from "./html/describe-chromium.ts";
import { junitReport } from "./junit-report.ts";

test("has a case for each gate, for the verdict, and for each group and gate", () => {
  const comparison = sampleComparison();
  const text = junitReport(comparison);
  expect(text.match(/<testcase /g)).toHaveLength(comparison.gates.length + 1 + comparison.groups.length);
  expect(text).toContain('tests="7" failures="3" errors="0" skipped="0"');
  expect(text).toContain('<failure type="undecided" message="Gate quality is undecided: about');
  expect(text).toContain('name="quality where language is de"><failure type="fail"');
  expect(text.match(/<failure /g)).toHaveLength(5);
});

// A judge that is not ours: the browser's own parser of XML.
describeChromium("a parser of XML", (browser) => {
  test("reads it, whatever models are called and groups hold", async () => {
    const hostile = hostileMeasurements();
    const [baseline, candidate] = [hostile[0]!.model, hostile.at(-1)!.model];
    const name = `${hostileTexts[5]} ${hostileTexts[11]}\n`;
    const gates = { [name]: { score: hostileTexts[0]!, margin: 0.03 } };
    const text = junitReport(compare(hostile, { baseline, candidate, gates, segments: hostileTexts.slice(0, 3) }));
    const page = await browser().newPage();
    try {
      const read = await page.evaluate(`(() => {
        const parsed = new DOMParser().parseFromString(${JSON.stringify(text)}, "application/xml");
        const cases = [...parsed.querySelectorAll("testcase")].map((found) => found.getAttribute("name"));
        return { error: parsed.querySelector("parsererror")?.textContent ?? null, names: new Set([...parsed.querySelectorAll("*")].map((found) => found.nodeName)).size, first: cases[0] };
      })()`);
      expect(read).toEqual({
        error: null,
        names: 5, // testsuites, testsuite, testcase, failure, system-out
        first: name.replaceAll("\u0000", "\uFFFD").toWellFormed(),
      });
    } finally {
      await page.close();
    }
  });
});
