import { createReadStream } from "node:fs";
import type { DatasetReport, TrainingExample, TrainingFormat } from "@plugboard/transcript";
import { scrubber } from "plugboard";
import { UsageError, flag, numberOption, textOption } from "../command.ts";
import type { Command, Given } from "../command.ts";
import { formatOption } from "../format-option.ts";
import { progressOn } from "../progress.ts";
import type { Terminal } from "../terminal.ts";

/** `plugboard dataset`: a training set from conversations or from a log. */
export const datasetCommand: Command = {
  name: "dataset",
  summary: "Make a training set from conversations or from a log: checked, without twins, split, counted.",
  usage: "dataset <input> <output> --from <format> (--trainer <name> | --rows) [options]",
  options: {
    from: { type: "string" },
    trainer: { type: "string" },
    pairs: { type: "string" },
    rows: { type: "boolean" },
    validation: { type: "string" },
    seed: { type: "string" },
    scrub: { type: "boolean" },
    duplicates: { type: "boolean" },
    "most-tokens": { type: "string" },
    price: { type: "string" },
    epochs: { type: "string" },
    json: { type: "boolean" },
  },
  help: {
    from: "what the input is: as for convert; log for a log of calls",
    trainer: "who is to read it: openai, mistral, together, axolotl or huggingface",
    pairs: "of a log: pairs of the best and the worst answer to a question, by the number in this tag",
    rows: "of a log: rows for `plugboard eval` in place of a training set; calls with files are left out",
    validation: "which part is kept to try the model on, such as 0.1; it goes to <output>.validation.jsonl",
    seed: "another one draws others",
    scrub: "take e-mail addresses and keys out of every text",
    duplicates: "keep examples that say the same as one before",
    "most-tokens": "leave out examples that are longer",
    price: "US dollars for a million tokens of training, to estimate what it costs",
    epochs: "how often each example is learnt; once unless given",
    json: "the report as JSON on stdout",
  },
  async run(given, { out, error, signal }) {
    const [input, train, ...more] = given.words;
    if (input === undefined || train === undefined || more.length > 0)
      throw new UsageError("Give an input and an output.");
    if (flag(given, "rows")) return writeRows(given, input, train, { out, error, signal });
    const format = await trainerOption(given);
    const { writeDataset } = await import("@plugboard/transcript");
    const { countTokens } = await import("@plugboard/tokens");
    const [validation, price, epochs, mostTokens] = ["validation", "price", "epochs", "most-tokens"].map((name) =>
      numberOption(given, name),
    );
    const seed = textOption(given, "seed");
    const tell = progressOn(error);
    let unread = 0;
    const report = await writeDataset(
      await examplesOf(given, input, signal, () => unread++),
      { train },
      {
        format,
        count: countTokens,
        deduplicate: !flag(given, "duplicates"),
        ...(validation !== undefined && { validation }),
        ...(seed !== undefined && { seed }),
        ...(flag(given, "scrub") && { scrub: scrubber() }),
        ...(mostTokens !== undefined && { mostTokens }),
        ...(price !== undefined && { price }),
        ...(epochs !== undefined && { epochs }),
        onProgress: ({ train: learnt, validation: tried }) => tell(() => `${learnt + tried} examples written`),
      },
    );
    if (flag(given, "json")) out.write(`${JSON.stringify(report)}\n`);
    error.write(summaryOf(report, `${train}.problems.jsonl`, unread));
    return report.train > 0 ? 0 : 1;
  },
};

async function writeRows(
  given: Given,
  input: string,
  output: string,
  { out, error, signal }: Pick<Terminal, "out" | "error" | "signal">,
): Promise<number> {
  if (textOption(given, "from") !== "log") throw new UsageError("--rows is for a log: --from log.");
  const { writeEvaluationRows } = await import("@plugboard/transcript");
  const tell = progressOn(error);
  const told = await writeEvaluationRows(createReadStream(input, { signal }), output, {
    ...(flag(given, "scrub") && { scrub: scrubber() }),
    onProgress: ({ rows }) => tell(() => `${rows} rows written`),
  });
  if (flag(given, "json")) out.write(`${JSON.stringify(told)}\n`);
  error.write(`${told.rows} rows are in ${output}.\n`);
  if (told.problems > 0)
    error.write(`${told.problems} lines are none; they and why are in ${output}.problems.jsonl.\n`);
  return told.rows > 0 ? 0 : 1;
}

async function trainerOption(given: Given): Promise<TrainingFormat> {
  const { trainingFormats } = await import("@plugboard/transcript");
  const name = textOption(given, "trainer");
  const found = trainingFormats.find((format) => format.name === name);
  if (found) return found;
  const names = trainingFormats.map((format) => format.name).join(", ");
  throw new UsageError(`--trainer must be one of ${names}; it is ${JSON.stringify(name) ?? "left out"}.`);
}

async function examplesOf(
  given: Given,
  path: string,
  signal: AbortSignal,
  onProblem: () => void,
): Promise<AsyncIterable<TrainingExample>> {
  const { preferencePairs, readConversations, readLog } = await import("@plugboard/transcript");
  const bytes = createReadStream(path, { signal });
  const tag = textOption(given, "pairs");
  if (tag === undefined) return readConversations(bytes, { from: await formatOption(given, "from"), onProblem });
  if (textOption(given, "from") !== "log") throw new UsageError("--pairs is for a log: --from log.");
  return preferencePairs(readLog(bytes, { onProblem }), ({ tags }) =>
    tags?.[tag] === undefined ? undefined : Number(tags[tag]),
  );
}

function summaryOf(
  { train, validation, duplicates, problems, tokens, estimated, cost, losses, warnings }: DatasetReport,
  problemsPath: string,
  unread: number,
): string {
  const lost = Object.entries(losses).map(([what, count]) => `${what} ${count}`);
  return [
    `${train} examples to learn, ${validation} to try; ${duplicates} said the same as one before.`,
    ...(unread > 0 ? [`${unread} values of the input are no conversations.`] : []),
    ...(problems > 0 ? [`${problems} cannot be learnt from; why is in ${problemsPath}.`] : []),
    ...(tokens === undefined
      ? []
      : [
          `${tokens} tokens${estimated ? ", estimated" : ""}${cost === undefined ? "" : `; about $${(cost / 1e9).toFixed(2)}`}.`,
        ]),
    ...(lost.length > 0 ? [`Lost: ${lost.join(", ")}.`] : []),
    ...warnings,
    "",
  ].join("\n");
}
