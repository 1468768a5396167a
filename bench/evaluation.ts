// `node bench/evaluation.ts [rows]`: how long it takes, and how much memory, to score answers that a dataset carries: 100,000 rows with those
// of three models, from a file to a file. It fails above a minute or 300 MB of a process's memory. The words are made up; their lengths
// are those of short answers.
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  evaluate,
  exact,
  jsonl,
  latency,
  length,
  normalised,
  numeric,
  price,
  recorded,
  refusal,
} from "@plugboard/evaluation";

const most = { seconds: 60, megabytes: 300 };
const rows = Number(process.argv[2] ?? 100_000);
const names = ["large", "middle", "small"];

const directory = await mkdtemp(join(tmpdir(), "evaluation-"));
try {
  const dataset = join(directory, "answers.jsonl");
  await writeDataset(dataset);

  const began = performance.now();
  const { models } = await evaluate({
    dataset: jsonl(dataset),
    models: names,
    scorers: [exact(), normalised(), numeric(), refusal(), recorded(), latency(), price(), length()],
    results: join(directory, "results.jsonl"),
    onProgress: () => {},
  }).result();
  const seconds = (performance.now() - began) / 1000;
  const megabytes = process.resourceUsage().maxRSS / 1000;

  for (const name of names)
    if (models[name]?.measured !== rows) throw new Error(`${name} was not measured ${rows} times.`);
  const sizes = await Promise.all(["answers", "results"].map((name) => stat(join(directory, `${name}.jsonl`))));
  const [read, written] = sizes.map(({ size }) => Math.round(size / 1e6));
  console.log(
    `${rows * names.length} answers (${read} MB read, ${written} MB written): ${seconds.toFixed(1)} s, ${Math.round(megabytes)} MB at most`,
  );
  console.log(
    `the least of both bounds that is left: ${(1 - Math.max(seconds / most.seconds, megabytes / most.megabytes)).toFixed(2)}`,
  );
  if (seconds > most.seconds || megabytes > most.megabytes) process.exitCode = 1;
} finally {
  await rm(directory, { recursive: true });
}

async function writeDataset(path: string): Promise<void> {
  const file = createWriteStream(path);
  for (let row = 0; row < rows; row++) {
    if (!file.write(`${JSON.stringify(rowOf(row))}\n`)) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
}

function rowOf(row: number): object {
  const expected = String((row * 7919) % 1000);
  const models = Object.fromEntries(names.map((name, place) => [name, answerOf(row, place, expected)]));
  return {
    id: row,
    prompt: `How much is ${row} times 7919, by 1000? Say what is left over.`,
    task: `t${row % 20}`,
    safe: true,
    expected,
    models,
  };
}

function answerOf(row: number, place: number, expected: string): object {
  const right = (row * 31 + place * 17) % 10 > place * 2;
  const output =
    row % 50 === place
      ? "I'm sorry, but I cannot help with that. It would not be appropriate. Please ask someone else."
      : `Let us see. First multiply, then divide by 1000 and look at what is left. ${"It takes a few steps. ".repeat(row % 8)}The answer: ${right ? expected : row}`;
  return {
    output,
    score: right ? 1 : 0,
    inputTokens: 20,
    outputTokens: 40 + (row % 50),
    costUSD: 0.0004,
    latencyMs: 300 + (row % 900),
  };
}
