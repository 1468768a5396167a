import { describe, expect, test } from "vitest";
import { compare } from "../parity/compare.ts";
import { measured, ones } from "../parity/measured.samples.ts";
import { sampleComparison } from "./compared.samples.ts";
import { hostileMeasurements, hostileTexts } from "./hostile.samples.ts";
import { markdownReport } from "./markdown-report.ts";

test("says the verdict, why, every gate with its interval, and the groups that fail", () => {
  const text = markdownReport(sampleComparison());
  expect(text).toMatch(/^## ❌ Parity: fail\n/);
  expect(text).toContain("- Gate quality is missed where language is de.\n");
  expect(text).toMatch(
    /\| ❔ `quality` \| `exact` \| at most 10 points lower \| 95\.7 % \| 85\.3 % \| −10\.3 points \(−14\.1 to −6\.8 points\) \| 300 \|/,
  );
  expect(text).toContain("| `language: de` | `rubric` | 60 |");
  expect(text).toContain("`openai/gpt-4o` gave no answer: `timeout` × 1.");
  expect(text.match(/^Baseline:$/gm)).toHaveLength(5);
});

test("is short where all is well", () => {
  const lines = [...measured("a", ones(400)), ...measured("b", ones(400))];
  const gates = { quality: { score: "exact", margin: 0.03 } } as const;
  const text = markdownReport(compare(lines, { baseline: "a", candidate: "b", gates }));
  expect(text).toMatch(/^## ✅ Parity: pass\n\n`b` in place of `a` holds every gate, by 400 items\.\n/);
  expect(text).not.toContain("<details>");
});

test("names what was not compared", () => {
  const lines = [...measured("a", ones(50)), ...measured("b", ones(48))];
  const text = markdownReport(
    compare(lines, { baseline: "a", candidate: "b", gates: { quality: { score: "exact", margin: 0.03 } } }),
  );
  expect(text).toContain("Only `a` was asked 2 items: `item 48`, `item 49`.");
});

describe("what models say", () => {
  const gates = { "a|b `c`": { score: hostileTexts[0]!, margin: 0.03 } };
  const hostile = hostileMeasurements().map((line) =>
    Object.assign(line, { output: `${line.output}\n\`\`\`\`\n@everyone ![](https://evil.example/p.png)\n# heading` }),
  );
  const [baseline, candidate] = [hostile[0]!.model, hostile.at(-1)!.model];
  const text = markdownReport(compare(hostile, { baseline, candidate, gates }), { regressions: 60 });
  // What is left of Markdown once its fences and code spans are taken out.
  const rest = text.replace(/^(`{3,})text\n[^]*?\n\1$/gm, "").replace(/(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, "");

  test("stays in its fences and spans: nobody is mentioned, nothing is linked, no tag is left", () => {
    expect(rest).not.toMatch(/evil|@everyone|window\.ran/);
    expect(rest.match(/<[^>]*>/g)).toEqual(["<details>", "<summary>", "</summary>", "</details>", "<sub>", "</sub>"]);
  });

  test("cannot break a row of a table", () => {
    const rows = text.split("\n").filter((line) => line.startsWith("|"));
    const cells = rows.map((row) => row.split(/(?<!\\)\|/).length);
    expect(new Set(cells.slice(0, 3))).toEqual(new Set([10]));
  });

  test("is clipped, and says so", () => {
    const long = measured("b", [0, 0], () => ({ output: "long ".repeat(1000) }));
    const clipped = markdownReport(
      compare([...measured("a", [1, 1]), ...long], {
        baseline: "a",
        candidate: "b",
        gates: { quality: { score: "exact", margin: 0.03 } },
      }),
    );
    expect(clipped).toContain("… 4,000 more characters");
  });
});
