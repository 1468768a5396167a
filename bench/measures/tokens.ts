import { countTokens } from "@plugboard/tokens";
import { spread } from "../measure.ts";
import type { Report } from "../report.ts";

const model = { provider: "openai", id: "gpt-4o" };
const sentence = "The quick brown fox jumps over the lazy dog while 3 of its cubs look on, unimpressed. ";

/** What counting with tiktoken takes, once its table is loaded. */
export async function measureTokens(report: Report): Promise<void> {
  const texts = [
    { name: "1 kB of English, warm", text: sentence.repeat(12).slice(0, 1000), times: 300, wanted: "≤ 300 µs" },
    { name: '20,000 × "a"', text: "a".repeat(20_000), times: 5, wanted: "≤ 1 s" },
  ];
  const rows = [];
  for (const { name, text, times, wanted } of texts) {
    const prompt = { messages: [{ role: "user", content: text }] } as const;
    await countTokens(prompt, model);
    const taken: number[] = [];
    for (let time = 0; time < times; time++) {
      const begun = performance.now();
      await countTokens(prompt, model);
      taken.push((performance.now() - begun) * 1000);
    }
    const { least, median, most } = spread(taken);
    rows.push({
      name,
      ours: true,
      value: median,
      cells: [median.toFixed(0), `${least.toFixed(0)}–${most.toFixed(0)}`, wanted],
    });
  }
  report.add({
    id: "tokens",
    title: "counting tokens with tiktoken, µs",
    unit: "µs",
    columns: ["median", "range", "wanted"],
    rows,
  });
}
