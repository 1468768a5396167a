import type { LogEntry } from "./log-entry.ts";

/**
 * Writes log entries as lines of JSON, those of one turn of the event loop together.
 *
 * @param write - takes whole lines. @default to the standard output
 * @example
 * const door = gateway({ models, keys, log: jsonLines() });
 */
export function jsonLines(write: (lines: string) => void = (lines) => void process.stdout.write(lines)): (entry: LogEntry) => void {
  let lines = "";
  return (entry) => {
    if (lines === "") {
      setImmediate(() => {
        const all = lines;
        lines = "";
        write(all);
      });
    }
    lines += `${JSON.stringify(entry)}\n`;
  };
}
