import { run } from "./run.ts";
import type { Terminal } from "./terminal.ts";

/** What a line came to, and what it wrote. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs one line in a terminal of a test: without colours, with nothing piped in, and no variables but those given. */
export async function say(line: readonly string[], given: Partial<Terminal> = {}): Promise<Said> {
  const { ended, said } = start(line, given);
  return { code: await ended, ...said };
}

/** A line that runs. */
export interface Started {
  /** Resolves with the exit code. */
  readonly ended: Promise<number>;
  /** What it has written so far. */
  readonly said: { out: string; error: string };
  /** Interrupts it, as the user does. */
  readonly stop: () => void;
}

/** Begins one line, to be looked at and stopped while it runs. */
export function start(line: readonly string[], given: Partial<Terminal> = {}): Started {
  const said = { out: "", error: "" };
  const stopping = new AbortController();
  const terminal: Terminal = {
    out: { write: (text) => void (said.out += text), colours: false },
    error: { write: (text) => void (said.error += text), colours: false },
    env: {},
    signal: stopping.signal,
    ...given,
  };
  return { ended: run(line, terminal), said, stop: () => stopping.abort() };
}
