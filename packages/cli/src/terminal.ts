import { once } from "node:events";
import { addAbortSignal } from "node:stream";

/** Where a command reads and writes: the process, or what a test stands in for it. */
export interface Terminal {
  /** What was asked for goes here, and nothing else. */
  readonly out: Writing;
  /** Progress, warnings and failures go here. */
  readonly error: Writing;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Fires when the user interrupts. */
  readonly signal: AbortSignal;
  /** What is piped in; `undefined` where a person sits at the keys. */
  readonly input?: AsyncIterable<Uint8Array>;
}

/** One of the two ways out. */
export interface Writing {
  /** Writes as it comes, without a line end of its own. */
  readonly write: (text: string) => void;
  /** Resolves once there is room for more: whoever writes much waits for it. @default there always is */
  readonly room?: () => Promise<void>;
  /** Whether a person looks at it, so that colours are of use. */
  readonly colours: boolean;
}

/** The terminal of this process. Colours are off in pipes, and where `NO_COLOR` is set (https://no-color.org). */
export function processTerminal(signal: AbortSignal): Terminal {
  return {
    out: {
      write: (text) => void process.stdout.write(text),
      room: async () => {
        if (process.stdout.writableNeedDrain) await once(process.stdout, "drain", { signal });
      },
      colours: seesColours(process.stdout),
    },
    error: { write: (text) => void process.stderr.write(text), colours: seesColours(process.stderr) },
    env: process.env,
    signal,
    ...(!process.stdin.isTTY && { input: inputUntil(signal) }),
  };
}

function seesColours({ isTTY }: { readonly isTTY?: boolean }): boolean {
  return isTTY === true && !process.env["NO_COLOR"];
}

/** Bytes that are piped in, until there are no more or they are not wanted. Nothing is read before somebody asks. */
async function* inputUntil(signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of addAbortSignal(signal, process.stdin)) yield piece as Uint8Array;
}

/** Text that stands back; plain where nobody sees colours. */
export function dim(text: string, { colours }: Writing): string {
  return colours ? `\u001B[2m${text}\u001B[22m` : text;
}
