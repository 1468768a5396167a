import { stat } from "node:fs/promises";
import type { ConversionProgress, Framing } from "@plugboard/transcript";
import { UsageError, flag, textOption } from "../command.ts";
import type { Command, Given } from "../command.ts";
import { formatHelp, formatOption } from "../format-option.ts";
import { inputNamed, outputNamed, problemsNamed } from "../files-named.ts";
import { problemTeller, problemsTold } from "../problem-teller.ts";
import { asSize, progressOn } from "../progress.ts";

const framings: readonly string[] = ["jsonl", "array", "document"] satisfies readonly Framing[];

/** `plugboard convert`: conversations from one form into another. */
export const convertCommand: Command = {
  name: "convert",
  summary: "Convert conversations from one form into another, and tell what the other cannot hold.",
  usage: "convert <input or -> <output or -> --from <format> --to <format> [options]",
  options: {
    from: { type: "string" },
    to: { type: "string" },
    framing: { type: "string" },
    output: { type: "string" },
    files: { type: "string" },
    losses: { type: "string" },
    problems: { type: "string" },
    model: { type: "string" },
    json: { type: "boolean" },
  },
  help: {
    from: `what the input is: ${formatHelp}`,
    to: "what the output is to be: as the input, but no log",
    framing: "how values stand in the input: jsonl, array or document; told by its beginning unless given",
    output: "how they stand in the output: jsonl or array; jsonl unless given",
    files: "the folder in which files are kept that plugboard's lines name by their hash",
    losses: "a file for every loss, a line each",
    problems:
      "a file for what is no conversation; beside an output that is a file unless given, and only if there is any",
    model: "for which model it is written, where its form depends on that",
    json: "what became of it, as JSON on stdout",
  },
  async run(given, terminal) {
    const { out, error, signal } = terminal;
    const [input, output, ...more] = given.words;
    if (input === undefined || output === undefined || more.length > 0)
      throw new UsageError("Give an input and an output.");
    const [from, to] = [await formatOption(given, "from"), await formatOption(given, "to")];
    const framing =
      framingOption(given, "framing") ?? (from.isList === true && input.endsWith(".json") ? "document" : undefined);
    const written = framingOption(given, "output") ?? "jsonl";
    if (written === "document") throw new UsageError("--output must be jsonl or array.");
    const { convertFile, folderFiles } = await import("@plugboard/transcript");
    if (output === "-" && flag(given, "json")) throw new UsageError("--json is for an output that is a file.");
    const size = input === "-" ? undefined : (await stat(input)).size;
    const tell = progressOn(error);
    const [files, losses, model] = ["files", "losses", "model"].map((name) => textOption(given, name));
    const problems = problemsNamed(textOption(given, "problems"), output);

    const told = await convertFile(inputNamed(input, terminal), outputNamed(output, terminal), {
      from,
      to,
      output: written,
      signal,
      ...(framing !== undefined && { framing }),
      ...(files !== undefined && { files: folderFiles(files) }),
      ...(losses !== undefined && { lossesPath: losses }),
      ...(problems !== undefined && { problemsPath: problems }),
      ...(model !== undefined && { model }),
      onProblem: problemTeller(error),
      onProgress: ({ bytes, converted }) =>
        tell(
          () =>
            `${asSize(bytes)}${size === undefined ? "" : ` of ${asSize(size)}`} read, ${converted} conversations written`,
        ),
    });
    if (flag(given, "json")) out.write(`${JSON.stringify(told)}\n`);
    error.write(summaryOf(told, problems));
    return told.converted > 0 || told.problems === 0 ? 0 : 1;
  },
};

function framingOption(given: Given, name: string): Framing | undefined {
  const value = textOption(given, name);
  if (value === undefined) return undefined;
  if (!framings.includes(value))
    throw new UsageError(`--${name} must be ${framings.join(", ")}; it is ${JSON.stringify(value)}.`);
  return value as Framing;
}

function summaryOf({ converted, problems, losses }: ConversionProgress, problemsPath: string | undefined): string {
  const lost = Object.entries(losses)
    .toSorted(([, a], [, b]) => b - a)
    .map(([what, count]) => `${what} ${count}`);
  return [
    `${converted} conversations are converted.`,
    ...problemsTold(problems, "values are none", problemsPath),
    lost.length > 0 ? `Lost: ${lost.join(", ")}.` : "Nothing is lost.",
    "",
  ].join("\n");
}
