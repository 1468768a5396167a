import type { ParseArgsOptionsConfig } from "node:util";
import type { Terminal } from "./terminal.ts";

/** One command of the line. */
export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** After `plugboard `: `models [words] [options]`. */
  readonly usage: string;
  /** Of `parseArgs`; each has a line in `help`. */
  readonly options: ParseArgsOptionsConfig;
  /** A line for each option. */
  readonly help: Readonly<Record<string, string>>;
  /**
   * Resolves with the exit code.
   *
   * @throws {UsageError} for arguments that mean nothing
   * @throws {ModelError} for what failed
   */
  readonly run: (given: Given, terminal: Terminal) => Promise<number>;
}

/** The arguments of a command, parsed. */
export interface Given {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
}

/** The user wrote what means nothing: exit code 2, with the usage. */
export class UsageError extends Error {}

/** An option that is a text. @throws {UsageError} never: parseArgs has seen to it */
export function textOption({ options }: Given, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}

/** An option that is a number of at least 0. @throws {UsageError} for what is none */
export function numberOption(given: Given, name: string): number | undefined {
  const text = textOption(given, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new UsageError(`--${name} must be a number of at least 0; it is ${JSON.stringify(text)}.`);
}

/** Whether an option is set. */
export function flag({ options }: Given, name: string): boolean {
  return options[name] === true;
}
