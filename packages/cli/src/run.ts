import { parseArgs } from "node:util";
import { ModelError } from "@plugboard/core";
import { UsageError } from "./command.ts";
import type { Command } from "./command.ts";
import { askCommand } from "./commands/ask.ts";
import { convertCommand } from "./commands/convert.ts";
import { datasetCommand } from "./commands/dataset.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { evalCommand } from "./commands/eval.ts";
import { gatewayCommand } from "./commands/gateway.ts";
import { logCommand } from "./commands/log.ts";
import { migrateCommand } from "./commands/migrate.ts";
import { modelsCommand } from "./commands/models.ts";
import { parityCommand } from "./commands/parity.ts";
import { routeCommand } from "./commands/route.ts";
import type { Terminal } from "./terminal.ts";
import { fileFault } from "./file-fault.ts";
import { version } from "./version.ts";

const commands: readonly Command[] = [
  askCommand,
  evalCommand,
  parityCommand,
  migrateCommand,
  routeCommand,
  modelsCommand,
  gatewayCommand,
  convertCommand,
  logCommand,
  datasetCommand,
  doctorCommand,
];

/** Exit codes: https://www.gnu.org/software/bash/manual/html_node/Exit-Status.html has 2 for misuse, 130 for an interrupt. */
const codes = { done: 0, failed: 1, misused: 2, interrupted: 130 } as const;

/**
 * Runs one line of the command, and gives its exit code: 0 when it did what was asked, 1 when that failed, 2 for a line that means
 * nothing, 130 when it was interrupted; a command may have more, and says so. It never rejects.
 *
 * @param line - the arguments after `plugboard`
 */
export async function run(line: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = line;
  if (name === "--version" || name === "-v") {
    terminal.out.write(`${version}\n`);
    return codes.done;
  }
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    const asked = name === "help" ? commands.find((command) => command.name === rest[0]) : undefined;
    (name === undefined ? terminal.error : terminal.out).write(asked ? helpOf(asked) : overview());
    return name === undefined ? codes.misused : codes.done;
  }

  const command = commands.find((command) => command.name === name);
  if (!command) {
    const known = commands.map((command) => command.name).join(", ");
    terminal.error.write(`plugboard has no command ${JSON.stringify(name)}; these are: ${known}.\n`);
    return codes.misused;
  }
  return runCommand(command, rest, terminal);
}

async function runCommand(command: Command, line: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const { values, positionals } = parsed(command, line);
    if (values["help"] === true) {
      terminal.out.write(helpOf(command));
      return codes.done;
    }
    return await command.run({ words: positionals, options: values }, terminal);
  } catch (error) {
    if (terminal.signal.aborted) return codes.interrupted;
    if (error instanceof UsageError) {
      terminal.error.write(`${error.message}\nusage: plugboard ${command.usage}\n`);
      return codes.misused;
    }
    // Of a ModelError the sentence is enough; it repeats no key. What is no fault of a file either is a defect of ours, and its trace is of use.
    const said =
      error instanceof ModelError ? `${error.code}: ${error.message}` : (fileFault(error) ?? (error as Error).stack);
    terminal.error.write(`${String(said)}\n`);
    return codes.failed;
  }
}

function parsed({ options }: Command, line: readonly string[]): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({
      args: [...line],
      options: { ...options, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `usage: plugboard <command> [arguments]\n\n${lines.join("\n")}\n\nplugboard help <command> says more; --version says which this is.\n`;
}

function helpOf({ usage, summary, options, help }: Command): string {
  const names = Object.keys(options).map((name) => {
    const { type, short } = options[name]!;
    return [`${short ? `-${short}, ` : ""}--${name}${type === "string" ? " <value>" : ""}`, help[name] ?? ""] as const;
  });
  const width = Math.max(0, ...names.map(([name]) => name.length));
  const lines = names.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
  return `usage: plugboard ${usage}\n\n${summary}\n${lines.length > 0 ? `\n${lines.join("\n")}\n` : ""}`;
}
