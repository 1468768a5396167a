import type { DatasetReading, TrainingExample, TrainingFormat, WrittenDataset } from "@plugboard/transcript";
import { scrubber } from "plugboard";
import { UsageError, flag, numberOption, textOption } from "../command.ts";
import type { Command, Given } from "../command.ts";
import { formatOption } from "../format-option.ts";
import { inputNamed, outputNamed, placeNamed, problemsNamed } from "../files-named.ts";
import { problemTeller, problemsTold } from "../problem-teller.ts";
import { progressOn } from "../progress.ts";
import type { Terminal } from "../terminal.ts";

/** `plugboard dataset`: a training set from conversations or from a log. */
export const datasetCommand: Command = {
  name: "dataset",
  summary: "Make a training set from conversations or from a log: checked, without twins, split, counted.",
  usage: "dataset <input or -> <output or -> --from <format> (--trainer <name> | --rows) [options]",
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
    learn: { type: "string" },
    price: { type: "string" },
    "priced-on": { type: "string" },
    epochs: { type: "string" },
    problems: { type: "string" },
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
    "most-tokens": "leave out examples that are longer; what the trainer takes unless given",
    learn: "last: the last answer of a conversation alone, where the trainer has weights; every one unless given",
    price: "US dollars for a million tokens of training, to estimate what it costs",
    "priced-on": "the day on which that was the price, for the report; today unless given",
    epochs: "how often each example is learnt; once unless given",
    problems: "a file for what is left out, if anything is; beside an output that is a file unless given",
    json: "the report as JSON on stdout",
  },
  async run(given, terminal) {
    const [input, train, ...more] = given.words;
    if (input === undefined || train === undefined || more.length > 0)
      throw new UsageError("Give an input and an output.");
    if (train === "-" && flag(given, "json")) throw new UsageError("--json is for an output that is a file.");
    if (flag(given, "rows")) return writeRows(given, input, train, terminal);
    const { out, error } = terminal;
    const format = await trainerOption(given);
    const { writeDataset } = await import("@plugboard/transcript");
    const { countTokens } = await import("@plugboard/tokens");
    const [validation = 0, price, epochs, mostTokens] = ["validation", "price", "epochs", "most-tokens"].map((name) =>
      numberOption(given, name),
    );
    if (train === "-" && validation > 0) throw new UsageError("--validation is for an output that is a file.");
    const learn = learnOption(given);
    const seed = textOption(given, "seed");
    const tell = progressOn(error);
    const problems = problemsNamed(textOption(given, "problems"), train);
    const report = await writeDataset(
      await examplesOf(given, inputNamed(input, terminal)),
      { train: outputNamed(train, terminal), ...(problems !== undefined && { problems }) },
      {
        format,
        count: countTokens,
        deduplicate: !flag(given, "duplicates"),
        validation,
        ...(seed !== undefined && { seed }),
        ...(flag(given, "scrub") && { scrub: scrubber() }),
        ...(mostTokens !== undefined && { mostTokens }),
        ...(learn !== undefined && { learn }),
        ...(price !== undefined && { price, pricedOn: textOption(given, "priced-on") ?? today() }),
        ...(epochs !== undefined && { epochs }),
        onProblem: problemTeller(error),
        onProgress: ({ train: learnt, validation: tried }) => tell(() => `${learnt + tried} examples written`),
      },
    );
    if (flag(given, "json")) out.write(`${JSON.stringify(report)}\n`);
    error.write(summaryOf(report, problems));
    return report.train > 0 ? 0 : 1;
  },
};

async function writeRows(given: Given, input: string, output: string, terminal: Terminal): Promise<number> {
  if (textOption(given, "from") !== "log") throw new UsageError("--rows is for a log: --from log.");
  const { out, error } = terminal;
  const { writeEvaluationRows } = await import("@plugboard/transcript");
  const tell = progressOn(error);
  const problemsPath = problemsNamed(textOption(given, "problems"), output);
  const told = await writeEvaluationRows(inputNamed(input, terminal), outputNamed(output, terminal), {
    ...(flag(given, "scrub") && { scrub: scrubber() }),
    ...(problemsPath !== undefined && { problemsPath }),
    onProblem: problemTeller(error),
    onProgress: ({ rows }) => tell(() => `${rows} rows written`),
  });
  if (flag(given, "json")) out.write(`${JSON.stringify(told)}\n`);
  error.write(`${told.rows} rows are in ${placeNamed(output)}.\n`);
  for (const line of problemsTold(told.problems, "lines are none", problemsPath)) error.write(`${line}\n`);
  return told.rows > 0 ? 0 : 1;
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function learnOption(given: Given): "every" | "last" | undefined {
  const learn = textOption(given, "learn");
  if (learn === undefined || learn === "every" || learn === "last") return learn;
  throw new UsageError(`--learn must be every or last; it is ${JSON.stringify(learn)}.`);
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
  bytes: AsyncIterable<Uint8Array>,
): Promise<(reading: DatasetReading) => AsyncIterable<TrainingExample>> {
  const { preferencePairs, readConversations, readLog } = await import("@plugboard/transcript");
  const tag = textOption(given, "pairs");
  if (tag === undefined) {
    const from = await formatOption(given, "from");
    return (reading) => readConversations(bytes, { from, ...reading });
  }
  if (textOption(given, "from") !== "log") throw new UsageError("--pairs is for a log: --from log.");
  // A pair is of two lines, and known once all of them are read.
  return ({ onProblem }) =>
    preferencePairs(readLog(bytes, { onProblem }), ({ tags }) =>
      tags?.[tag] === undefined ? undefined : Number(tags[tag]),
    );
}

function summaryOf(
  { train, validation, duplicates, problems, unread, tokens, estimated, cost, price, losses, warnings }: WrittenDataset,
  problemsPath: string | undefined,
): string {
  const lost = Object.entries(losses).map(([what, count]) => `${what} ${count}`);
  return [
    `${train} examples to learn, ${validation} to try; ${duplicates} said the same as one before.`,
    ...problemsTold(unread, "values of the input are no conversations", problemsPath),
    ...problemsTold(problems, "cannot be learnt from", problemsPath),
    ...(tokens === undefined
      ? []
      : [
          `${tokens} tokens${estimated ? ", estimated" : ""}${cost === undefined ? "" : `; about $${(cost / 1e9).toFixed(2)} at $${price?.dollars} a million (${price?.on})`}.`,
        ]),
    ...(lost.length > 0 ? [`Lost: ${lost.join(", ")}.`] : []),
    ...warnings,
    "",
  ].join("\n");
}
