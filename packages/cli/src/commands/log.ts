import { addCosts } from "@plugboard/core";
import type { Cost } from "@plugboard/core";
import type { ConversionProblem, LoggedCall } from "@plugboard/transcript";
import { scrubber } from "plugboard";
import { UsageError, flag, textOption } from "../command.ts";
import type { Command, Given } from "../command.ts";
import { inputNamed, outputNamed, placeNamed, problemsNamed, writeWhole } from "../files-named.ts";
import { problemTeller, problemsTold } from "../problem-teller.ts";
import { progressOn } from "../progress.ts";
import type { Terminal } from "../terminal.ts";
import { table } from "../table.ts";

/** `plugboard log`: what a log says, by model or as its calls. */
export const logCommand: Command = {
  name: "log",
  summary: "Read a log of calls: how many, how they ended, how long they took and what they cost.",
  usage: "log <file or -> [options]",
  options: {
    model: { type: "string", short: "m" },
    outcome: { type: "string" },
    tag: { type: "string" },
    since: { type: "string" },
    by: { type: "string" },
    calls: { type: "boolean" },
    fixture: { type: "string" },
    scrub: { type: "boolean" },
    problems: { type: "string" },
    json: { type: "boolean" },
  },
  help: {
    model: "calls of this model alone",
    outcome: "finished, failed or cancelled ones alone",
    tag: "calls with this tag alone, such as user=ada",
    since: "calls from this time on, such as 2026-01-05",
    by: "the name of a tag to tell totals apart by; by model unless given",
    calls: "the calls themselves, a line of JSON each, for other programs",
    fixture: "a file for the calls, as tests answer from them: without tags, times and costs",
    scrub: "take e-mail addresses and keys out of every text of the fixture",
    problems: "a file for lines that are no calls, if there are any; beside a fixture unless given",
    json: "the totals as JSON, one array",
  },
  async run(given, terminal) {
    const { out, error, signal } = terminal;
    const [path, ...more] = given.words;
    if (path === undefined || more.length > 0) throw new UsageError("Give one file.");
    const isWanted = filterOf(given);
    const by = textOption(given, "by");
    const fixture = textOption(given, "fixture");
    if (flag(given, "scrub") && fixture === undefined) throw new UsageError("--scrub is for --fixture.");
    const tell = progressOn(error);
    let broken = 0;
    const { readLog, sideFile, writeFixture } = await import("@plugboard/transcript");
    const problemsPath = problemsNamed(textOption(given, "problems"), fixture);
    const problems = sideFile(problemsPath);
    const tellProblem = problemTeller(error);
    const scrub = flag(given, "scrub") ? scrubber() : undefined;
    const bytes = await bytesOf(path, terminal);
    const onProblem = async (problem: ConversionProblem): Promise<void> => {
      broken++;
      tellProblem(problem);
      await problems.write(scrub ? { ...problem, input: scrub(JSON.stringify(problem.input)) } : problem);
    };
    async function* wanted(): AsyncGenerator<LoggedCall, void, undefined> {
      let read = 0;
      let isWhole = false;
      try {
        for await (const call of readLog(bytes, { onProblem })) {
          signal.throwIfAborted();
          read++;
          tell(() => `${read} calls read`);
          if (isWanted(call)) yield call;
        }
        isWhole = true;
      } finally {
        await (isWhole ? problems.keep() : problems.discard());
      }
      for (const line of problemsTold(broken, "lines are no calls", problemsPath)) error.write(`${line}\n`);
    }

    if (fixture !== undefined) {
      const count = await writeFixture(outputNamed(fixture, terminal), wanted(), scrub && { scrub });
      error.write(`${count} calls are in ${placeNamed(fixture)}.\n`);
      return count > 0 ? 0 : 1;
    }
    const totals = new Map<string, Total>();
    for await (const call of wanted()) {
      if (flag(given, "calls")) await writeWhole(`${JSON.stringify(call)}\n`, out);
      else add(totals, by === undefined ? `${call.provider}/${call.model}` : (call.tags?.[by] ?? ""), call);
    }
    if (flag(given, "calls")) return 0;
    const rows = [...totals].map(([name, total]) => Object.assign({ name }, told(total)));
    out.write(flag(given, "json") ? `${JSON.stringify(rows, undefined, 2)}\n` : asTable(rows, by ?? "model"));
    return 0;
  },
};

async function bytesOf(path: string, terminal: Terminal): Promise<AsyncIterable<Uint8Array>> {
  if (!/\.(?:db|sqlite3?)$/.test(path)) return inputNamed(path, terminal);
  return (await import("@plugboard/transcript/sqlite")).sqliteLogLines(path);
}

function filterOf(given: Given): (call: LoggedCall) => boolean {
  const [model, outcome, tag, since] = ["model", "outcome", "tag", "since"].map((name) => textOption(given, name));
  if (outcome !== undefined && !["finished", "failed", "cancelled"].includes(outcome))
    throw new UsageError(`--outcome must be finished, failed or cancelled; it is ${JSON.stringify(outcome)}.`);
  const from = since === undefined ? -Infinity : Date.parse(since);
  if (Number.isNaN(from))
    throw new UsageError(`--since must be a time such as 2026-01-05; it is ${JSON.stringify(since)}.`);
  const [name = "", value] = tag?.split(/=(.*)/s, 2) ?? [];
  if (tag !== undefined && value === undefined)
    throw new UsageError(`--tag must be a name and a value, such as user=ada; it is ${JSON.stringify(tag)}.`);
  return (call) =>
    (model === undefined || call.model === model || `${call.provider}/${call.model}` === model) &&
    (outcome === undefined || call.outcome === outcome) &&
    (tag === undefined || call.tags?.[name] === value) &&
    call.started >= from;
}

interface Total {
  calls: number;
  failed: number;
  input: number;
  output: number;
  time: number;
  unpriced: number;
  readonly costs: Cost[];
}

function add(totals: Map<string, Total>, name: string, { outcome, result, cost, started, ended }: LoggedCall): void {
  const total = totals.get(name) ?? { calls: 0, failed: 0, input: 0, output: 0, time: 0, unpriced: 0, costs: [] };
  totals.set(name, total);
  total.calls++;
  if (outcome === "failed") total.failed++;
  total.input += result?.usage.input ?? 0;
  total.output += result?.usage.output ?? 0;
  total.time += ended - started;
  if (!cost) total.unpriced++;
  else total.costs.splice(0, 1, addCosts([...total.costs, cost]));
}

function told({ calls, failed, input, output, time, unpriced, costs: [cost] }: Total) {
  return {
    calls,
    failed,
    input,
    output,
    milliseconds: Math.round(time / calls),
    ...(cost && { dollars: cost.total / 1e9 }),
    ...(unpriced > 0 && { unpriced }),
  };
}

function asTable(rows: readonly ({ readonly name: string } & ReturnType<typeof told>)[], first: string): string {
  return table(
    [first, "calls", "failed", "in", "out", "ms", "$", "unpriced"],
    rows.map(({ name, calls, failed, input, output, milliseconds, dollars, unpriced }) => [
      name,
      calls,
      failed,
      input,
      output,
      milliseconds,
      dollars,
      unpriced,
    ]),
  );
}
