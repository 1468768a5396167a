// How often the intervals hold the truth: node packages/statistics/scripts/coverage.ts [studies of each design, 20000]
import { coverageOf, designs } from "../src/coverage.ts";

const studies = Number(process.argv[2] ?? 20_000);
console.log(`nominal 95 %; ${studies} studies of each design, fewer of those that take long\n`);
console.log(`${"design".padEnd(70)}${"held".padStart(8)}${"above".padStart(8)}${"below".padStart(8)}`);
for (const design of designs) {
  const { held, tooHigh, tooLow } = coverageOf(design, Math.ceil(studies / (design.cost ?? 1)));
  const columns = [held, tooHigh, tooLow].map((share) => (100 * share).toFixed(1).padStart(8));
  console.log(design.name.padEnd(70) + columns.join(""));
}
